/* small-window.c: makes, turns and ends the window. */
#include "small-window.h"

#include "workbench-run.h"

#include <glib/gstdio.h>
#include <string.h>

DfkdRecipe *
small_recipe (void)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 },  { DFKD_PARAMETER_NZ, 12 },      { DFKD_PARAMETER_NGF, 4 }, { DFKD_PARAMETER_SYNTHESES, 3 },
                 { DFKD_PARAMETER_WARMUP, 1 }, { DFKD_PARAMETER_KD_STEPS, 4 }, { DFKD_PARAMETER_K, 3 } };
  DfkdRecipe *recipe = dfkd_recipe_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "none", NULL);
  return recipe;
}

GtkWidget *
small_window (AdwApplication *application, const DfkdRecipe *recipe, const char *folder, gboolean paused)
{
  DfkdSessionOptions options = { .device = "cpu", .folder = folder, .paused = paused };
  GtkWidget *window;

  g_application_register (G_APPLICATION (application), NULL, NULL);
  window = GTK_WIDGET (workbench_window_new (application, recipe, &options));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

void
end_window (GtkWidget *window)
{
  gpointer left = window;

  g_object_add_weak_pointer (G_OBJECT (window), &left);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (left);
  workbench_run_wait_for_endings ();
}

GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_text (child, text);
  return found;
}

static gboolean
give_up (gpointer data)
{
  g_error ("the window did not get there in time");
  return G_SOURCE_REMOVE;
}

/* conditions may be about what does not wake the loop */
static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
turn_until (Condition condition, gpointer data)
{
  guint source = g_timeout_add_seconds (40, give_up, NULL), ticks = g_timeout_add (20, tick, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_source_remove (ticks);
}

static gboolean
set (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
turn_for (guint milliseconds)
{
  gboolean done = FALSE;

  g_timeout_add (milliseconds, set, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

AdwMessageDialog *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (ADW_IS_MESSAGE_DIALOG (link->data) && gtk_widget_get_visible (link->data))
      return link->data;
  return NULL;
}

void
answer_dialog (const char *response)
{
  AdwMessageDialog *dialog = g_object_ref (find_dialog ());

  adw_message_dialog_set_close_response (dialog, response);
  gtk_window_close (GTK_WINDOW (dialog));
  g_object_unref (dialog);
  turn_for (50);
}

void
remove_folder (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}
