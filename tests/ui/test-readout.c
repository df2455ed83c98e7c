/* test-readout.c: texts that change in place: no layout where none is needed, one where it is, and what they say to whoever asks. */
#include "support.h"
#include "widgets.h"
#include "workbench-readout.h"

#include <string.h>

typedef struct {
  GtkWidget *window, *box, *readout, *label;
  guint layouts;
} Fixture;

static void
count_layout (GdkFrameClock *clock, Fixture *f)
{
  f->layouts++;
}

/* @data: "wrap", "ellipsize" or "": the property that is set */
static void
set_up (Fixture *f, gconstpointer data)
{
  f->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  f->readout = g_object_new (WORKBENCH_TYPE_READOUT, "label", "inner step 1 of 5", NULL);
  if (*(const char *) data != '\0')
    g_object_set (f->readout, data, TRUE, NULL);
  else
    gtk_widget_set_halign (f->readout, GTK_ALIGN_START);
  f->label = gtk_label_new ("inner step 1 of 5");
  gtk_box_append (GTK_BOX (f->box), f->readout);
  gtk_box_append (GTK_BOX (f->box), f->label);
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 240, 120);
  gtk_window_set_child (GTK_WINDOW (f->window), f->box);
  gtk_window_present (GTK_WINDOW (f->window));
  turn_for (300);
  g_signal_connect (gtk_widget_get_frame_clock (f->window), "layout", G_CALLBACK (count_layout), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (f->window), f);
  close_watched (f->window, f->box);
}

static guint
count_layouts (Fixture *f, const char *text)
{
  f->layouts = 0;
  workbench_readout_set_text (WORKBENCH_READOUT (f->readout), text);
  turn_for (200);
  return f->layouts;
}

/* the pixels that the readout draws at present */
static char *
checksum (Fixture *f)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GBytes) bytes = NULL;

  GTK_WIDGET_GET_CLASS (f->readout)->snapshot (f->readout, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  bytes = gsk_render_node_serialize (node);
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bytes);
}

static void
test_same_room (Fixture *f, gconstpointer data)
{
  g_autofree char *before = checksum (f), *after = NULL;

  g_assert_cmpuint (count_layouts (f, "inner step 4 of 5"), ==, 0);
  after = checksum (f);
  g_assert_cmpstr (before, !=, after); /* it is drawn */
  g_assert_cmpstr (get_text (f->readout), ==, "inner step 4 of 5");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (f->readout), GTK_ACCESSIBLE_PROPERTY_LABEL, "inner step 4 of 5");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (f->readout), GTK_ACCESSIBLE_ROLE_LABEL);
  f->layouts = 0;
  gtk_label_set_text (GTK_LABEL (f->label), "inner step 4 of 5"); /* what the count is of */
  turn_for (200);
  g_assert_cmpuint (f->layouts, >, 0);
}

static void
test_more_lines (Fixture *f, gconstpointer data)
{
  int line = gtk_widget_get_height (f->readout);

  g_assert_cmpuint (count_layouts (f, "inner step 4 of 5, and then the student is trained on all that was kept of the images"), >, 0);
  g_assert_cmpint (gtk_widget_get_height (f->readout), >=, 2 * line - 2);
  g_assert_cmpint (gtk_widget_get_width (f->readout), <=, gtk_widget_get_width (f->window));
  g_assert_cmpuint (count_layouts (f, "inner step 5 of 5, and then the student is trained on all that was kept of the images"), ==, 0);
  g_assert_cmpuint (count_layouts (f, "inner step 5 of 5"), >, 0);
  g_assert_cmpint (gtk_widget_get_height (f->readout), ==, line);
}

static void
test_longer (Fixture *f, gconstpointer data)
{
  int width = gtk_widget_get_width (f->readout);

  g_assert_cmpuint (count_layouts (f, "inner step 14 of 50"), >, 0);
  g_assert_cmpint (gtk_widget_get_width (f->readout), >, width);
  g_assert_cmpuint (count_layouts (f, "inner step 1 of 5"), >, 0); /* it leaves no gap */
  g_assert_cmpint (gtk_widget_get_width (f->readout), ==, width);
}

static void
test_cut_off (Fixture *f, gconstpointer data)
{
  const char *text = "inner step 4 of 5, and then the student is trained on all that was kept of the images";
  GtkTooltip *tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);

  g_assert_false (GTK_WIDGET_GET_CLASS (f->readout)->query_tooltip (f->readout, 1, 1, FALSE, tooltip)); /* all can be read */
  g_assert_cmpuint (count_layouts (f, text), ==, 0);
  g_assert_true (GTK_WIDGET_GET_CLASS (f->readout)->query_tooltip (f->readout, 1, 1, FALSE, tooltip));
  g_object_unref (tooltip);
}

static void
test_markup (Fixture *f, gconstpointer data)
{
  g_autofree char *plain = checksum (f), *bold = NULL, *again = NULL;

  g_assert_true (workbench_readout_set_markup (WORKBENCH_READOUT (f->readout), "<b>inner</b> step 1 of 5"));
  g_assert_false (workbench_readout_set_markup (WORKBENCH_READOUT (f->readout), "<b>inner</b> step 1 of 5"));
  g_assert_cmpstr (get_text (f->readout), ==, "inner step 1 of 5");
  turn_for (100);
  bold = checksum (f);
  g_assert_cmpstr (bold, !=, plain);
  g_assert_true (workbench_readout_set_text (WORKBENCH_READOUT (f->readout), "inner step 1 of 5"));
  turn_for (100);
  again = checksum (f);
  g_assert_cmpstr (again, ==, plain); /* nothing of the markup is left */
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  g_test_add ("/readout/same-room", Fixture, "", set_up, test_same_room, tear_down);
  g_test_add ("/readout/longer", Fixture, "", set_up, test_longer, tear_down);
  g_test_add ("/readout/more-lines", Fixture, "wrap", set_up, test_more_lines, tear_down);
  g_test_add ("/readout/cut-off", Fixture, "ellipsize", set_up, test_cut_off, tear_down);
  g_test_add ("/readout/markup", Fixture, "", set_up, test_markup, tear_down);
  return g_test_run ();
}
