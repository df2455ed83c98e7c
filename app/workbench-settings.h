/* workbench-settings.h: what people chose for the program as a whole: schema org.dfkd.Workbench, and what follows from it.
 *
 * Where no schema is installed (from the build folder, say) the one inside the program is used, so that settings are always there. */
#pragma once

#include "dfkd.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** workbench_settings: the one object of this process. (transfer none) */
GSettings *workbench_settings (void);

/** workbench_settings_get_runs_folder: where runs are kept, whether or not they are: as chosen, else dfkd-workbench/runs in the folder
 * of the user's data. Returns: (transfer full) (type filename) */
char *workbench_settings_get_runs_folder (void);
/** workbench_settings_new_run_folder: a path there that does not exist yet, of @recipe's name and the time; NULL when runs are not
 * kept. Returns: (transfer full) (nullable) (type filename) */
char *workbench_settings_new_run_folder (const DfkdRecipe *recipe);
/** workbench_settings_unused_path: @name in @parent, with a number behind it where there is one already. Returns: (transfer full) (type filename) */
char *workbench_settings_unused_path (const char *parent, const char *name);
/** workbench_settings_get_picture_interval: seconds between pictures; negative: none */
double workbench_settings_get_picture_interval (void);

/** workbench_settings_wants_notice: whether people are to be told of the end of what began at @began (g_get_monotonic_time()): it took a minute or more, and the
 * preference has it so */
gboolean workbench_settings_wants_notice (gint64 began);

/** workbench_settings_add_recent: @path becomes the newest of the recipes and models opened last; ten are kept. */
void workbench_settings_add_recent (const char *path);
/** workbench_settings_get_recent: those that still exist, the newest first. Returns: (transfer full) */
char **workbench_settings_get_recent (void);

G_END_DECLS
