/* test-ui.c: the parts of the window by themselves, and the whole window on a small real run. */
#include "support.h"
#include "workbench-axis.h"
#include "workbench-glance.h"
#include "widgets.h"
#include "workbench-image-paintable.h"
#include "workbench-chart.h"
#include "workbench-parameter-row.h"
#include "workbench-path-button.h"
#include "workbench-run.h"
#include "workbench-series.h"
#include "workbench-status-bar.h"
#include "workbench-window.h"

#include <math.h>
#include <string.h>

static void
assert_finalised (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  g_assert_null (object);
}

static void
test_series (void)
{
  enum { N = 100000 };
  WorkbenchSeries *series = workbench_series_new ("loss");
  double low, high;

  for (guint i = 0; i < N; i++)
    workbench_series_append_step (series, i, i == 77777 ? 50.0 : sin (i * 0.01));
  workbench_series_append_step (series, N, NAN);
  g_assert_cmpuint (workbench_series_get_length (series), ==, N);
  workbench_series_range (series, 0, N, &low, &high);
  g_assert_cmpfloat (high, ==, 50.0); /* no zoom hides the spike */
  workbench_series_range (series, 77778, N, &low, &high);
  g_assert_cmpfloat (high, <=, 1.0);
  for (guint i = 0; i < 200; i++) /* any range against a plain loop */
    {
      guint first = (guint) g_test_rand_int_range (0, N), end = first + (guint) g_test_rand_int_range (1, 3000);
      double least = INFINITY, most = -INFINITY;

      for (guint j = first; j < MIN (end, N); j++)
        {
          least = MIN (least, workbench_series_get_y (series, j));
          most = MAX (most, workbench_series_get_y (series, j));
        }
      workbench_series_range (series, first, end, &low, &high);
      g_assert_cmpfloat (low, ==, least);
      g_assert_cmpfloat (high, ==, most);
    }
  g_assert_cmpuint (workbench_series_find (series, WORKBENCH_CLOCK_STEP, 500.5), ==, 501);
  for (guint i = 0; i < 200; i++) /* from any place before it, at the ends too */
    {
      double x = i == 0 ? -1.0 : i == 1 ? N + 5.0 : 0.5 * g_test_rand_int_range (0, 2 * N);
      guint place = workbench_series_find (series, WORKBENCH_CLOCK_STEP, x);

      g_assert_cmpuint (place, ==, (guint) CLAMP (ceil (x), 0.0, N));
      g_assert_cmpuint (workbench_series_find_from (series, WORKBENCH_CLOCK_STEP, x, (guint) g_test_rand_int_range (0, (gint32) place + 1)), ==, place);
    }
  assert_finalised (series);
}

static void
test_axis (void)
{
  WorkbenchAxis axis = workbench_axis_fit (0.0, 97.0, FALSE);
  double ticks[WORKBENCH_MAX_TICKS];
  guint count = workbench_axis_ticks (&axis, 5, ticks);

  g_assert_cmpuint (count, >=, 3);
  for (guint i = 0; i < count; i++)
    g_assert_cmpfloat (fmod (ticks[i], 10.0), ==, 0.0);
  axis = workbench_axis_fit (0.001, 1000.0, TRUE);
  g_assert_true (axis.logarithmic);
  count = workbench_axis_ticks (&axis, 8, ticks);
  g_assert_cmpuint (count, >=, 5);
  for (guint i = 0; i < count; i++)
    g_assert_cmpfloat_with_epsilon (log10 (ticks[i]), round (log10 (ticks[i])), 1e-9);
  g_assert_false (workbench_axis_fit (-1.0, 1.0, TRUE).logarithmic);
  axis = workbench_axis_fit (3.0, 3.0, FALSE);
  g_assert_cmpfloat (axis.minimum, <, axis.maximum);

  /* where steps are counted there is none between the first and the second, unless it is zoomed so far that nothing else is left */
  axis = (WorkbenchAxis){ 3.0, 4.0, FALSE };
  count = workbench_axis_ticks (&axis, 5, ticks);
  g_assert_cmpuint (count, >, 2);
  g_assert_cmpuint (workbench_axis_keep_whole (ticks, count), ==, 2);
  g_assert_true (ticks[0] == 3.0 && ticks[1] == 4.0);
  axis = (WorkbenchAxis){ 3.1, 4.1, FALSE };
  count = workbench_axis_ticks (&axis, 5, ticks);
  g_assert_cmpuint (workbench_axis_keep_whole (ticks, count), ==, count);
}

/* one number is no scale: there are two at least, three where so many are wanted, all in view, in order, and no crowd */
static void
test_ticks (void)
{
  static const WorkbenchAxis axes[] = { { -0.3, 0.9, FALSE }, { 0.007, 0.104, FALSE }, { 0.93, 1.61, FALSE }, { 0.02, 0.97, FALSE }, { -0.5, 4.5, FALSE },
                                        { 0.04, 0.9, TRUE },  { 0.2, 9.0, TRUE },      { 3e-4, 4.0, TRUE },    { 1.5, 9.5, TRUE },    { 1e-30, 1e30, TRUE } };
  double ticks[WORKBENCH_MAX_TICKS];

  for (guint i = 0; i < 5000; i++)
    {
      WorkbenchAxis axis = { g_test_rand_double_range (-10.0, 10.0), 0.0, i % 2 == 0 };

      axis.maximum = axis.minimum + pow (10.0, g_test_rand_double_range (-3.0, 5.0));
      if (axis.logarithmic)
        {
          axis.minimum = pow (10.0, g_test_rand_double_range (-6.0, 3.0));
          axis.maximum = axis.minimum * pow (10.0, g_test_rand_double_range (0.05, 9.0));
        }
      if (i < G_N_ELEMENTS (axes))
        axis = axes[i];
      for (guint wanted = 2; wanted < 12; wanted++)
        {
          guint count = workbench_axis_ticks (&axis, wanted, ticks);

          g_assert_cmpuint (count, >=, MIN (wanted, 3));
          g_assert_cmpuint (count, <=, MAX (2 * wanted, 9));
          for (guint j = 0; j < count; j++)
            {
              g_assert_cmpfloat (workbench_axis_map (&axis, ticks[j]), >=, -1e-6);
              g_assert_cmpfloat (workbench_axis_map (&axis, ticks[j]), <=, 1.0 + 1e-6);
              g_assert_true (j == 0 || ticks[j] > ticks[j - 1]);
            }
        }
    }
}

/* two ticks never say the same, however near each other they are, and no more than they must */
static void
test_tick_labels (void)
{
  static const struct {
    double minimum, maximum;
    const char *first, *second;
  } ranges[] = { { 0.0999911, 0.1000002, "0.099992", "0.099994" }, { 12340.0, 12351.0, "12.34k", "12.345k" }, { 0.0, 80.0, "0", "20" },
                 { 2000003.0, 2000009.0, "2.000004M", "2.000006M" }, { 0.0, 40000.0, "0", "10k" } };
  double ticks[WORKBENCH_MAX_TICKS];

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      const WorkbenchAxis axis = { ranges[i].minimum, ranges[i].maximum, FALSE };
      guint count = workbench_axis_ticks (&axis, 5, ticks);
      g_autofree char *first = workbench_axis_label (ticks, count, 0), *second = workbench_axis_label (ticks, count, 1);

      g_assert_cmpstr (first, ==, ranges[i].first);
      g_assert_cmpstr (second, ==, ranges[i].second);
    }
}

static void
on_changed (WorkbenchParameterRow *row, double value, double *got)
{
  *got = value;
}

static void
test_parameter_row (void)
{
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      const DfkdParameter *p = dfkd_parameter (id);
      WorkbenchParameterRow *row;
      GtkWidget *entry, *scale, *reset;
      double got = NAN, step = p->type == DFKD_PARAMETER_INTEGER ? 1.0 : 0.5 * (p->maximum - p->fallback);

      if (p->type != DFKD_PARAMETER_FLOAT && p->type != DFKD_PARAMETER_INTEGER)
        continue;
      row = g_object_ref_sink (workbench_parameter_row_new (id));
      g_signal_connect (row, "changed", G_CALLBACK (on_changed), &got);
      entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
      scale = find_widget (GTK_WIDGET (row), GTK_TYPE_SCALE);
      reset = find_widget (GTK_WIDGET (row), GTK_TYPE_BUTTON);

      /* exact entry, anywhere in the range of the table */
      {
        g_autofree char *text = g_strdup_printf ("%.10g", p->fallback + step);

        gtk_editable_set_text (GTK_EDITABLE (entry), text);
        g_signal_emit_by_name (entry, "activate");
        g_assert_cmpfloat_with_epsilon (got, p->fallback + step, 1e-6 * (1.0 + fabs (got)));
      }
      /* nonsense and what is out of range change nothing and are marked */
      got = NAN;
      gtk_editable_set_text (GTK_EDITABLE (entry), "1e99");
      g_signal_emit_by_name (entry, "activate");
      g_assert_true (isnan (got));
      g_assert_true (gtk_widget_has_css_class (entry, "error"));
      /* until they are taken back, be the value in use that of the recipe or another */
      workbench_parameter_row_set_value (row, p->fallback);
      g_assert_false (gtk_widget_get_sensitive (reset));
      gtk_editable_set_text (GTK_EDITABLE (entry), "1e99");
      g_signal_emit_by_name (entry, "activate");
      g_assert_true (gtk_widget_get_sensitive (reset));
      g_signal_emit_by_name (reset, "clicked");
      g_assert_false (gtk_widget_has_css_class (entry, "error"));
      g_assert_false (gtk_widget_get_sensitive (reset));
      g_assert_cmpfloat (g_ascii_strtod (gtk_editable_get_text (GTK_EDITABLE (entry)), NULL), ==, p->fallback);
      /* the slider reaches the recipe's value to three figures, and its ends stay in range */
      workbench_parameter_row_set_value (row, p->fallback);
      for (guint i = 0; i <= 4; i++)
        {
          GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (scale));
          double low = gtk_adjustment_get_lower (adjustment);

          gtk_range_set_value (GTK_RANGE (scale), low + (gtk_adjustment_get_upper (adjustment) - low) * i / 4.0);
          g_assert_true (dfkd_parameter_check (id, workbench_parameter_row_get_value (row), NULL));
        }
      gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL, p->label);
      /* wherever one points, the row says what the parameter does; after nonsense too */
      g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (scale), p->effect));
      g_assert_cmpstr (gtk_widget_get_tooltip_text (entry), ==, gtk_widget_get_tooltip_text (scale));
      assert_finalised (row);
    }
}

/* a path may begin with one's home, as in a terminal, or be what a file manager pastes; what that is stands in the recipe */
static void
test_home (void)
{
  WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (DFKD_PARAMETER_DATA));
  GtkWidget *entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  g_autofree char *path = g_build_filename (g_get_home_dir (), "data", NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), "~/data");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, path);
  gtk_editable_set_text (GTK_EDITABLE (entry), "a~/data");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "a~/data");
  gtk_editable_set_text (GTK_EDITABLE (entry), "file:///a%20b/c\r\n");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "/a b/c");
  assert_finalised (row);
}

static void
note_text (WorkbenchParameterRow *row, const char *text, char **noted)
{
  g_free (*noted);
  *noted = g_strdup (text);
}

/* what is a path can be chosen: a file or a folder of test data, a file of label embeddings; a teacher's file is opened as one that is dropped, and those
 * that are built in are named; nothing else has such a button */
static void
test_path_buttons (void)
{
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (id));
      GtkWidget *button = find_widget (GTK_WIDGET (row), WORKBENCH_TYPE_PATH_BUTTON), *menu;
      g_autofree char *noted = NULL;

      g_assert_cmpint (button != NULL, ==, dfkd_recipe_is_path (id));
      if (id == DFKD_PARAMETER_TEACHER)
        {
          menu = find_widget (button, GTK_TYPE_MENU_BUTTON);
          g_assert_cmpint (g_menu_model_get_n_items (gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (menu))), ==, 3);
          g_signal_connect (row, "text-changed", G_CALLBACK (note_text), &noted);
          g_assert_true (gtk_widget_activate_action (button, "path.name", "s", "shapes32"));
          g_assert_cmpstr (noted, ==, "shapes32");
          g_signal_emit_by_name (button, "chosen", "/some/where"); /* is the window's */
          g_assert_cmpstr (noted, ==, "shapes32");
          g_assert_true (gtk_widget_activate_action (button, "path.name", "s", ""));
          g_assert_cmpstr (noted, ==, "");
        }
      else if (button != NULL)
        {
          menu = find_widget (button, GTK_TYPE_MENU_BUTTON);
          g_assert_cmpint (g_menu_model_get_n_items (gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (menu))), ==, id == DFKD_PARAMETER_DATA ? 2 : 1);
          g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (menu), dfkd_parameter (id)->label));
          g_signal_connect (row, "text-changed", G_CALLBACK (note_text), &noted);
          g_signal_emit_by_name (button, "chosen", "/some/where");
          g_assert_cmpstr (noted, ==, "/some/where");
          g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY))), ==, "/some/where");
          g_assert_true (drop_file (GTK_WIDGET (row), "/else/where"));
          g_assert_cmpstr (noted, ==, "/else/where");
          g_assert_false (drop_files (GTK_WIDGET (row), (const char *const[]){ "/one", "/two", NULL }));
          g_assert_cmpstr (noted, ==, "/else/where");
        }
      assert_finalised (row);
    }
}

/* what steers the synthesis and the student says by which equation */
static void
test_equations (void)
{
  static const DfkdParameterId built[] = { DFKD_PARAMETER_K, DFKD_PARAMETER_BATCH, DFKD_PARAMETER_REUSE, DFKD_PARAMETER_META_GRADIENT };

  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      const DfkdParameter *p = dfkd_parameter (id);
      gboolean steers = p->type == DFKD_PARAMETER_FLOAT;
      g_autoptr (WorkbenchParameterRow) row = g_object_ref_sink (workbench_parameter_row_new (id));
      GtkWidget *label = find_labelled (GTK_WIDGET (row), GTK_TYPE_LABEL, p->label);

      for (guint i = 0; i < G_N_ELEMENTS (built); i++)
        steers |= id == built[i];
      if (!steers)
        continue;
      g_assert_cmpstr (p->equation, !=, "");
      g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (label), p->equation));
    }
}

/* a network that has no place in the list, a wide residual network of any size, is shown all the same, and listed once */
static void
test_parameter_choice (void)
{
  static const char *const names[] = { "wrn22_3", "wrn16_1", "wrn22_3" };
  WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (DFKD_PARAMETER_STUDENT));
  GtkDropDown *choice = GTK_DROP_DOWN (find_widget (GTK_WIDGET (row), GTK_TYPE_DROP_DOWN));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      workbench_parameter_row_set_text (row, names[i]);
      g_assert_cmpstr (gtk_string_object_get_string (gtk_drop_down_get_selected_item (choice)), ==, names[i]);
    }
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (choice)), ==,
                    g_strv_length ((char **) dfkd_network_names (FALSE)) + 1);
  assert_finalised (row);
}

/* enlarged by a whole factor, or reduced by a whole divisor: never cut off, never larger than its place */
static void
test_paintable (void)
{
  static const struct { gsize height, width; int high, wide; } sizes[] = {
    { 28, 28, 56, 56 }, { 32, 32, 64, 64 }, { 33, 16, 33, 16 }, { 64, 64, 64, 64 }, { 65, 65, 33, 33 }, { 96, 64, 48, 32 }, { 224, 224, 56, 56 }, { 1, 1, 64, 64 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      WorkbenchImagePaintable *paintable = workbench_image_paintable_new (64);
      g_autoptr (DfkdPictures) pictures = dfkd_pictures_new (3, 1 + 2 * (i % 2), sizes[i].height, sizes[i].width);
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      GskRenderNode *node;
      g_autofree guint8 *pixels = NULL;
      gsize bytes = dfkd_pictures_image_bytes (pictures);

      memset (pictures->pixels + bytes, 200, bytes); /* the second one alone is not black */
      workbench_image_paintable_set_image (paintable, pictures, 1);
      g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (paintable)), ==, sizes[i].wide);
      g_assert_cmpint (gdk_paintable_get_intrinsic_height (GDK_PAINTABLE (paintable)), ==, sizes[i].high);
      gdk_paintable_snapshot (GDK_PAINTABLE (paintable), snapshot, 100, 100);
      node = gtk_snapshot_free_to_node (snapshot);
      g_assert_cmpint (gsk_render_node_get_node_type (node), ==, GSK_TEXTURE_NODE);
      pixels = g_malloc ((gsize) (4 * sizes[i].wide * sizes[i].high));
      gdk_texture_download (gsk_texture_node_get_texture (node), pixels, (gsize) (4 * sizes[i].wide));
      for (int at = 0; at < 4 * sizes[i].wide * sizes[i].high; at++)
        g_assert_cmpuint (pixels[at], ==, at % 4 == 3 ? 255 : 200);
      gsk_render_node_unref (node);
      workbench_image_paintable_set_image (paintable, NULL, 0);
      g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (paintable)), ==, 0);
      assert_finalised (paintable);
    }
}

/* --------------------------------------------------------------------------------------- the whole window */

typedef struct {
  GtkWidget *window;
  GMainLoop *loop;
  GdkTexture *texture;
  guint frames;
} Picture;

static void
on_after_paint (GdkFrameClock *clock, Picture *picture)
{
  GdkPaintable *paintable;
  GtkSnapshot *snapshot;
  GskRenderNode *node;

  if (++picture->frames < 3)
    {
      gtk_widget_queue_draw (picture->window);
      return;
    }
  paintable = gtk_widget_paintable_new (picture->window);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (picture->window), gtk_widget_get_height (picture->window));
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL && picture->texture == NULL)
    {
      picture->texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (picture->window)), node, NULL);
      gsk_render_node_unref (node);
      g_main_loop_quit (picture->loop);
    }
  g_object_unref (paintable);
}

static guint
count_colours (GdkTexture *texture)
{
  gsize width = (gsize) gdk_texture_get_width (texture), height = (gsize) gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, width * height);
  g_autoptr (GHashTable) colours = g_hash_table_new (NULL, NULL);

  gdk_texture_download (texture, (guchar *) pixels, width * 4);
  for (gsize i = 0; i < width * height; i++)
    g_hash_table_add (colours, GUINT_TO_POINTER (pixels[i]));
  return g_hash_table_size (colours);
}

static gboolean
on_timeout (gpointer data)
{
  g_error ("the window did not get there in time");
  return G_SOURCE_REMOVE;
}

static gboolean
look (gpointer data)
{
  Picture *picture = data;
  GtkWidget *progress = find_widget (find_widget (picture->window, WORKBENCH_TYPE_STATUS_BAR), GTK_TYPE_PROGRESS_BAR);

  if (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (progress)) < 1.0)
    return G_SOURCE_CONTINUE;
  g_signal_connect (gtk_widget_get_frame_clock (picture->window), "after-paint", G_CALLBACK (on_after_paint), picture);
  gtk_widget_queue_draw (picture->window);
  return G_SOURCE_REMOVE;
}

static void
on_activate (GtkApplication *application, Picture *picture)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  DfkdSessionOptions options = { .device = "cpu" };
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 },  { DFKD_PARAMETER_NZ, 12 },      { DFKD_PARAMETER_NGF, 4 }, { DFKD_PARAMETER_SYNTHESES, 3 },
                 { DFKD_PARAMETER_WARMUP, 1 }, { DFKD_PARAMETER_KD_STEPS, 4 }, { DFKD_PARAMETER_K, 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  picture->window = GTK_WIDGET (workbench_window_new (ADW_APPLICATION (application), recipe, &options));
  gtk_window_present (GTK_WINDOW (picture->window));
  g_timeout_add (100, look, picture);
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer frames)
{
  ++*(guint *) frames;
  return G_SOURCE_CONTINUE;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
count_shown (gpointer shown)
{
  ++*(guint *) shown;
}

/* what is ordered at different times is shown together, once; what is cancelled is not */
static void
test_glance (void)
{
  WorkbenchGlance glances[3] = { { 0 } };
  guint shown = 0, not_shown = 0;

  for (guint turn = 0; turn < 3; turn++)
    {
      shown = not_shown = 0;
      workbench_glance_order (&glances[0], count_shown, &shown);
      workbench_glance_order (&glances[2], count_shown, &not_shown);
      turn_for (7);
      if (shown == 0) /* this moment has not come meanwhile */
        {
          workbench_glance_order (&glances[1], count_shown, &shown);
          workbench_glance_order (&glances[1], count_shown, &shown);
          workbench_glance_cancel (&glances[2]);
          while (shown == 0)
            g_main_context_iteration (NULL, TRUE);
          g_assert_cmpuint (shown, ==, 2);
          g_assert_cmpuint (not_shown, ==, 0);
          return;
        }
      workbench_glance_cancel (&glances[2]);
    }
  g_assert_not_reached (); /* moments do not follow each other within 7 ms */
}

/* the default recipe at full speed on all processors, and the window still draws frames */
static void
test_display_rate (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Rate", G_APPLICATION_NON_UNIQUE);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  DfkdSessionOptions options = { .device = "cpu" };
  GtkWidget *window;
  guint frames = 0;
  const guint seconds = 4;

  g_application_register (G_APPLICATION (application), NULL, NULL);
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  window = GTK_WIDGET (workbench_window_new (application, recipe, &options));
  gtk_window_present (GTK_WINDOW (window));
  g_timeout_add_seconds (2, quit, loop);
  g_main_loop_run (loop); /* programs are built, the first syntheses run */
  gtk_widget_add_tick_callback (window, count_frame, &frames, NULL);
  g_timeout_add_seconds (seconds, quit, loop);
  g_main_loop_run (loop);
  g_test_message ("%.1f frames a second while training", (double) frames / seconds);
  g_assert_cmpuint (frames, >, 10 * seconds); /* far under what is measured: machines that run tests are shared */
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  workbench_run_wait_for_endings ();
}

static void
test_window (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Test", G_APPLICATION_NON_UNIQUE);
  Picture picture = { .loop = g_main_loop_new (NULL, FALSE) };
  guint timeout = g_timeout_add_seconds (60, on_timeout, NULL);
  g_autoptr (GError) error = NULL;
  guint left = 0;

  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &picture);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_activate (G_APPLICATION (application));
  g_main_loop_run (picture.loop);
  g_source_remove (timeout);
  g_assert_nonnull (picture.texture);
  g_assert_cmpuint (count_colours (picture.texture), >, 100); /* text, curves and pictures, not a grey panel */
  if (g_getenv ("DFKD_TEST_PICTURE") != NULL)
    gdk_texture_save_to_png (picture.texture, g_getenv ("DFKD_TEST_PICTURE"));
  g_object_unref (picture.texture);

  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (picture.window), &picture);
  watch_ends (picture.window, &left);
  gtk_window_destroy (GTK_WINDOW (picture.window));
  TURN_UNTIL (left == 0); /* closing ends the run and leaks nothing */
  workbench_run_wait_for_endings ();
  g_main_loop_unref (picture.loop);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/series", test_series);
  g_test_add_func ("/ui/axis", test_axis);
  g_test_add_func ("/ui/ticks", test_ticks);
  g_test_add_func ("/ui/ticks/labels", test_tick_labels);
  g_test_add_func ("/ui/parameter-row", test_parameter_row);
  g_test_add_func ("/ui/home", test_home);
  g_test_add_func ("/ui/path-buttons", test_path_buttons);
  g_test_add_func ("/ui/parameter-choice", test_parameter_choice);
  g_test_add_func ("/ui/equations", test_equations);
  g_test_add_func ("/ui/paintable", test_paintable);
  g_test_add_func ("/ui/window", test_window);
  g_test_add_func ("/ui/glance", test_glance);
  g_test_add_func ("/ui/display-rate", test_display_rate);
  return g_test_run ();
}
