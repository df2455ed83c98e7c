/* workbench-start.h: what a command line asks a window to start with. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** WorkbenchStartOptions: all NULL, 0 and FALSE: the demo. Strings are owned. */
typedef struct
{
  char *device, *recipe, *folder, *view, *screenshots, *experiment; /* (nullable) */
  int threads;
  gboolean paused, benchmark;
  char **settings; /* (nullable): NAME=VALUE */
  char **compared; /* (nullable): run folders */
} WorkbenchStartOptions;

/** workbench_start_add_options: @application understands the options, and explains them with --help */
void workbench_start_add_options (GApplication *application);

/** workbench_start_make_absolute: what @options name relative to the present folder they name from the root, so that another process
 * finds it */
void workbench_start_make_absolute (GVariantDict *options);

/** workbench_start_read: Returns: (transfer full): what @options ask for */
WorkbenchStartOptions *workbench_start_read (GVariantDict *options);

void workbench_start_free (WorkbenchStartOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkbenchStartOptions, workbench_start_free)

G_END_DECLS
