/* workbench-preferences.h: what people choose for the program as a whole, bound to the settings. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PREFERENCES (workbench_preferences_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPreferences, workbench_preferences, WORKBENCH, PREFERENCES, AdwPreferencesWindow)

WorkbenchPreferences *workbench_preferences_new (GtkWindow *parent);

G_END_DECLS
