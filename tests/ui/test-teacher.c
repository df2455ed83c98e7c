/* test-teacher.c: a teacher whose file says neither mean nor deviation is asked about before its run starts, and nothing of it
 * lives on. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-normalisations.h"
#include "workbench-teacher-dialog.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>

#define TEN_NAMES "plane, car, bird, cat, deer, dog, frog, horse, ship, truck"

static char *home;

/* the built-in teacher's tensors without its metadata */
static char *
silent_teacher (void)
{
  g_autofree char *whole = g_build_filename (home, "whole.safetensors", NULL);
  char *path = g_build_filename (home, "silent.pth", NULL); /* the content tells what it is */
  g_autoptr (DfkdModel) model = dfkd_teacher_load ("", NULL);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autoptr (DfkdSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_model_save (model, whole, &error));
  file = dfkd_safetensors_open (whole, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_get (file, i);

      dfkd_safetensors_writer_add_tensor (writer, entry->name, entry->dtype, entry->dims, entry->rank, entry->data);
    }
  g_assert_true (dfkd_safetensors_writer_write (writer, path, &error));
  g_assert_no_error (error);
  return path;
}

static const char *
text_of (WorkbenchWindow *window, DfkdParameterId id)
{
  return workbench_document_get_recipe (window->document)->text[id];
}

static AdwEntryRow *
entry (AdwMessageDialog *dialog, guint index)
{
  return ADW_ENTRY_ROW (find_nth (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW, index));
}

static AdwComboRow *
list_of (AdwMessageDialog *dialog)
{
  return ADW_COMBO_ROW (find_nth (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, 0));
}

/* one channel, ten classes: MNIST is offered; numbers by hand are none of the list, and wrong ones open nothing */
static void
check_lines (AdwMessageDialog *dialog)
{
  guint count;
  const WorkbenchNormalisation *known = workbench_normalisations (&count);
  GtkEditable *mean = GTK_EDITABLE (entry (dialog, 0)), *std = GTK_EDITABLE (entry (dialog, 1)), *names = GTK_EDITABLE (entry (dialog, 2));

  g_assert_cmpstr (known[adw_combo_row_get_selected (list_of (dialog))].name, ==, "MNIST");
  g_assert_cmpstr (gtk_editable_get_text (mean), ==, "0.1307");
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (std, "0");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "open"));
  g_assert_cmpuint (adw_combo_row_get_selected (list_of (dialog)), ==, count);
  gtk_editable_set_text (std, "0.5");
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "open"));
  adw_combo_row_set_selected (list_of (dialog), 0); /* CIFAR-10 has three channels */
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (mean, "0.25");
  gtk_editable_set_text (std, "0.75");
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (names, "a, b,, c, d, e, f, g, h, i");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (names, "a, b, c");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (names, "");
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "open"));
  gtk_editable_set_text (names, TEN_NAMES);
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "open"));
}

static void
test_asked (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Teacher", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *path = silent_teacher (), *whole = g_build_filename (home, "whole.safetensors", NULL);
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  AdwMessageDialog *dialog;

  g_assert_true (workbench_window_open (window, path));
  dialog = find_dialog ();
  g_assert_true (WORKBENCH_IS_TEACHER_DIALOG (dialog));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  answer_dialog ("cancel");
  turn_for (50);
  g_assert_null (dialog);
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER), ==, "");

  g_assert_true (workbench_window_open (window, path));
  check_lines (find_dialog ());
  answer_dialog ("open");
  turn_for (50);
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER), ==, path);
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER_MEAN), ==, "0.25");
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER_STD), ==, "0.75");
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER_CLASSES), ==, TEN_NAMES);

  /* what was said of one teacher is not said of the next */
  g_assert_true (workbench_window_open (window, whole));
  g_assert_null (find_dialog ());
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER), ==, whole);
  g_assert_cmpstr (text_of (window, DFKD_PARAMETER_TEACHER_MEAN), ==, "");
  end_window (GTK_WIDGET (window));
}

static void
test_guesses (void)
{
  guint count;
  const WorkbenchNormalisation *known = workbench_normalisations (&count);

  g_assert_cmpstr (known[workbench_normalisation_guess (3, 10)].name, ==, "CIFAR-10");
  g_assert_cmpstr (known[workbench_normalisation_guess (3, 100)].name, ==, "CIFAR-100");
  g_assert_cmpstr (known[workbench_normalisation_guess (3, 1000)].name, ==, "ImageNet");
  g_assert_cmpuint (workbench_normalisation_guess (2, 7), ==, count - 1);
  for (guint i = 0; i < count; i++)
    for (guint which = 0; which < 2; which++)
      {
        g_autofree float *values = NULL;
        guint numbers;

        g_assert_true (
            dfkd_channel_values_parse (which == 0 ? known[i].mean : known[i].std, "", which == 1, &values, &numbers, NULL));
        g_assert_cmpuint (numbers, ==, MAX (known[i].channels, 1));
      }
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  home = g_dir_make_tmp ("dfkd-teacher-XXXXXX", NULL);
  g_test_add_func ("/teacher/asked", test_asked);
  g_test_add_func ("/teacher/guesses", test_guesses);
  status = g_test_run ();
  end_small_runs ();
  remove_folder (home);
  g_free (home);
  return status;
}
