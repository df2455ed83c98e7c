/* workbench-view.h: what every view is: a widget that shows a document, and may save what it shows.
 *
 * A view is made without arguments, shows what it is given by set_document, and may be given another at any time, or none. It
 * reads the document and sends commands to its run; it knows no other view. */
#pragma once

#include "workbench-comparison.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_VIEW (workbench_view_get_type ())
G_DECLARE_INTERFACE (WorkbenchView, workbench_view, WORKBENCH, VIEW, GtkWidget)

struct _WorkbenchViewInterface
{
  GTypeInterface parent_interface;

  void (*set_document) (WorkbenchView *self, WorkbenchDocument *document); /* (nullable) */
  /* optional: of views that show other runs beside */
  void (*set_comparison) (WorkbenchView *self, WorkbenchComparison *comparison);
  /* optional, default TRUE: of those, whether it does now */
  gboolean (*compares) (WorkbenchView *self);
  /* where that can be FALSE: makes it TRUE */
  void (*show_comparison) (WorkbenchView *self);
  /* optional, default none: endings of files that save() can write, as ".svg", NULL-terminated */
  const char *const *(*get_endings) (WorkbenchView *self);
  gboolean (*save) (WorkbenchView *self, const char *path, GError **error);
  /* optional: where writing takes long: the same in a thread. The view tells what comes of it; FALSE when it cannot, and save() says why. */
  gboolean (*save_in_background) (WorkbenchView *self, const char *path);
};

void workbench_view_set_document (WorkbenchView *self, WorkbenchDocument *document);
/** workbench_view_set_comparison: the runs to show beside; nothing in views that show none */
void workbench_view_set_comparison (WorkbenchView *self, WorkbenchComparison *comparison);
/** workbench_view_compares: whether it shows them now */
gboolean workbench_view_compares (WorkbenchView *self);
/** workbench_view_show_comparison: shows them, if it can */
void workbench_view_show_comparison (WorkbenchView *self);
const char *const *workbench_view_get_endings (WorkbenchView *self);
gboolean workbench_view_save (WorkbenchView *self, const char *path, GError **error);
/** workbench_view_save_in_background: FALSE when the view does not: then workbench_view_save() is quick enough. */
gboolean workbench_view_save_in_background (WorkbenchView *self, const char *path);

G_END_DECLS
