/* workbench-window-branch.c: a new run that goes on from an earlier point of the one that is shown, beside it. */
#include "workbench-branch-dialog.h"
#include "workbench-window-private.h"

#include <glib/gi18n.h>

WorkbenchWindow *
workbench_window_branch (WorkbenchWindow *self, const char *folder, guint synthesis, guint syntheses, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_branch_point_read_recipe (folder, synthesis, error);
  g_autofree char *trunk = g_strdup (folder); /* of the document, which may go */
  WorkbenchWindow *window;

  if (recipe == NULL)
    return NULL;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = syntheses;
  window = workbench_window_to_look_in (self);
  if (!workbench_window_start (window, &(WorkbenchStart){ .recipe = recipe, .branch_folder = trunk, .branch_synthesis = synthesis }))
    return window; /* it says why */
  workbench_window_compare (window, trunk);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
on_response (WorkbenchBranchDialog *dialog, const char *response, WorkbenchWindow *self)
{
  g_autoptr (GError) error = NULL;
  const char *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  if (g_str_equal (response, "branch")
      && workbench_window_branch (self, folder, workbench_branch_dialog_get_point (dialog), workbench_branch_dialog_get_syntheses (dialog), &error) == NULL)
    workbench_window_say (self, error->message);
}

/* why there is none */
static void
say_no_point (WorkbenchWindow *self)
{
  WorkbenchDials *dials = workbench_document_get_dials (self->document);
  const guint every = (guint) workbench_dials_get (dials, DFKD_PARAMETER_SNAPSHOT_EVERY);
  const guint done = MAX (workbench_document_get_status (self->document)->synthesis, 1) - 1; /* a branch begins further on */
  guint first;
  const char *folder = workbench_document_get_folder (self->document);
  g_autofree char *text = NULL;

  if (folder == NULL)
    text = g_strdup (_("A run that is not kept cannot be branched: see “Keep Runs” in the preferences"));
  else if (every == 0 || workbench_dials_get (dials, DFKD_PARAMETER_BRANCH_POINTS) <= 0.0)
    text = g_strdup_printf (_("This run keeps no branch points: “%s” or “%s” is 0"), _(dfkd_parameter (DFKD_PARAMETER_SNAPSHOT_EVERY)->label),
                            _(dfkd_parameter (DFKD_PARAMETER_BRANCH_POINTS)->label));
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    text = g_strdup_printf (_("The folder of this run is gone: %s"), folder);
  else if (workbench_document_get_status (self->document)->state == DFKD_STATE_FINISHED)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This run has ended without a branch point: there is one after each %u synthesis",
                                         "This run has ended without a branch point: there is one after every %u syntheses", every),
                            every);
  else
    {
      first = (done / every + 1) * every;
      text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "There is no branch point yet: the first comes after %u synthesis",
                                           "There is no branch point yet: the first comes after %u syntheses", first),
                              first);
    }
  workbench_window_tell (self, text);
}

static void
on_branch (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  const char *folder = self->document != NULL ? workbench_document_get_folder (self->document) : NULL;
  g_autoptr (GArray) points = folder != NULL ? dfkd_branch_points_list (folder) : NULL;
  GtkWidget *dialog;

  if (self->document == NULL)
    return;
  if (points == NULL || points->len == 0)
    {
      say_no_point (self);
      return;
    }
  dialog = workbench_branch_dialog_new (GTK_WINDOW (self), self->document, points);
  g_object_set_data_full (G_OBJECT (dialog), "folder", g_strdup (folder), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
workbench_window_class_add_branch (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.branch", NULL, on_branch);
}
