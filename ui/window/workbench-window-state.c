/* workbench-window-state.c: what the window looked like comes back when it opens again. */
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <string.h>

static void
on_picture_rate (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);

  if (run != NULL)
    workbench_run_set_picture_interval (run, workbench_settings_get_picture_interval ());
}

/* where there is no room for them the controls fold away by themselves: only what people choose is kept */
static void
on_controls (AdwFlap *split, GParamSpec *spec, WorkbenchWindow *self)
{
  if (!self->forgets && !adw_flap_get_folded (split))
    g_settings_set_boolean (workbench_settings (), "controls-visible", adw_flap_get_reveal_flap (split));
}

/* once it is known how wide the two views are together */
static void
on_panes_allocated (GtkPaned *panes, GParamSpec *spec, WorkbenchWindow *self)
{
  int position = g_settings_get_int (workbench_settings (), "panes-position"), width = gtk_widget_get_width (GTK_WIDGET (panes)), least, most;

  if (width <= 0)
    return;
  g_signal_handlers_disconnect_by_func (panes, on_panes_allocated, self);
  g_object_get (panes, "min-position", &least, "max-position", &most, NULL); /* beyond which it would cut a view off until the next layout */
  gtk_paned_set_position (panes, CLAMP (position > 0 ? position : width / 2, least, most));
  if (!self->forgets)
    g_settings_bind (workbench_settings (), "panes-position", panes, "position", G_SETTINGS_BIND_SET);
}

typedef struct {
  const char *key;
  gpointer object;
  const char *property;
  gboolean view;
} Bound;

enum {
  N_BOUND = 6,
};

/* The objects are NULL when the window is being disposed of for the second time. */
static void
list_bound (WorkbenchWindow *self, Bound *bound)
{
  const Bound all[N_BOUND] = { { "window-width", self, "default-width", FALSE },      { "window-height", self, "default-height", FALSE },
                               { "window-maximised", self, "maximized", FALSE },      { "side-by-side", self->second_pane, "visible", TRUE },
                               { "first-view", self->first_pane, "view", TRUE },      { "second-view", self->second_pane, "view", TRUE } };

  memcpy (bound, all, sizeof all);
}

void
workbench_window_bind_settings (WorkbenchWindow *self)
{
  Bound bound[N_BOUND];

  list_bound (self, bound);
  for (guint i = 0; i < N_BOUND; i++)
    g_settings_bind (workbench_settings (), bound[i].key, bound[i].object, bound[i].property, G_SETTINGS_BIND_SET | G_SETTINGS_BIND_GET | G_SETTINGS_BIND_GET_NO_CHANGES);
  adw_flap_set_reveal_flap (self->split, g_settings_get_boolean (workbench_settings (), "controls-visible"));
  g_signal_connect (self->split, "notify::reveal-flap", G_CALLBACK (on_controls), self);
  g_signal_connect (self->panes, "notify::max-position", G_CALLBACK (on_panes_allocated), self);
  g_signal_connect_object (workbench_settings (), "changed::picture-rate", G_CALLBACK (on_picture_rate), self, G_CONNECT_SWAPPED);
}

void
workbench_window_forget (WorkbenchWindow *self, gboolean views_alone)
{
  Bound bound[N_BOUND];

  list_bound (self, bound);
  for (guint i = 0; i < N_BOUND; i++)
    if (bound[i].object != NULL && (bound[i].view || !views_alone))
      g_settings_unbind (bound[i].object, bound[i].property);
  if (views_alone || self->forgets)
    return;
  self->forgets = TRUE;
  if (self->panes != NULL)
    g_settings_unbind (self->panes, "position");
}
