/* coverage.c: dfkd coverage: what a run's pool has of the test images, by the teacher's features. */
#include "command.h"

typedef struct {
  char **folders;
  int last;
  gboolean json;
} Options;

static void
options_clear (Options *o)
{
  g_strfreev (o->folders);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* what was measured of a run */
typedef struct {
  char *folder;
  char **names;    /* of classes; NULL: they have none */
  guint syntheses;
  gsize images;
  DfkdPrecisionRecall measures;
  gsize n_classes, *of_class, *covered; /* test images; those of them that are covered */
} Coverage;

static void
coverage_free (gpointer data)
{
  Coverage *c = data;

  g_free (c->folder);
  g_strfreev (c->names);
  g_free (c->of_class);
  g_free (c->covered);
  g_free (c);
}

/* the features of all images that are kept of the last @last syntheses, or of all; @columns: of the teacher */
static GArray *
read_features (const char *folder, int last, gsize columns, Coverage *c, GError **error)
{
  g_autoptr (GArray) syntheses = dfkd_history_list (folder, DFKD_HISTORY_PICTURES), rows = g_array_new (FALSE, FALSE, sizeof (float));
  const guint first = last > 0 && (guint) last < syntheses->len ? syntheses->len - (guint) last : 0;

  if (syntheses->len == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s has kept no pictures: it has made none yet, or was run with --history 0"), folder);
      return NULL;
    }
  for (guint i = first; i < syntheses->len; i++)
    {
      g_autofree char *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, g_array_index (syntheses, guint, i));
      g_autoptr (DfkdPictures) p = dfkd_pictures_load (path, NULL, error);

      if (p == NULL)
        return NULL;
      if (p->rows[DFKD_ROWS_TEACHER_FEATURES] == NULL || p->columns[DFKD_ROWS_TEACHER_FEATURES] != columns)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s has not the features that the teacher gives now: the teacher has changed since this run, or they were not kept"), path);
          return NULL;
        }
      g_array_append_vals (rows, p->rows[DFKD_ROWS_TEACHER_FEATURES], (guint) (p->count * columns));
      c->images += p->count;
      c->syntheses++;
    }
  return g_steal_pointer (&rows);
}

static void
count_classes (Coverage *c, const DfkdPictures *test, const guint8 *covered)
{
  c->n_classes = test->columns[DFKD_ROWS_TEACHER];
  c->of_class = g_new0 (gsize, c->n_classes);
  c->covered = g_new0 (gsize, c->n_classes);
  for (gsize i = 0; i < test->count; i++)
    if (test->labels[i] >= 0 && (gsize) test->labels[i] < c->n_classes)
      {
        c->of_class[test->labels[i]]++;
        c->covered[test->labels[i]] += covered[i];
      }
}

static Coverage *
measure (const char *folder, int last, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (folder, error);
  g_autoptr (DfkdPictures) test = recipe != NULL ? dfkd_test_images_load (recipe, DFKD_TEST_IMAGES, NULL, error) : NULL;
  g_autoptr (GArray) rows = NULL;
  g_autofree float *some = NULL;
  g_autofree guint8 *covered = NULL;
  Coverage *c;
  gsize columns;

  if (test == NULL)
    {
      g_prefix_error (error, "%s: ", folder);
      return NULL;
    }
  c = g_new0 (Coverage, 1);
  c->folder = g_strdup (folder);
  c->names = dfkd_run_class_names (folder, recipe);
  columns = test->columns[DFKD_ROWS_TEACHER_FEATURES];
  rows = read_features (folder, last, columns, c, error);
  if (rows != NULL)
    {
      const gsize wanted = MIN (c->images, test->count);

      some = dfkd_precision_recall_sample ((const float *) rows->data, c->images, columns, wanted);
      covered = g_new0 (guint8, test->count);
      if (dfkd_precision_recall (test->rows[DFKD_ROWS_TEACHER_FEATURES], test->count, some, wanted, columns, DFKD_PRECISION_RECALL_NEIGHBOURS, NULL, covered, &c->measures, error))
        {
          count_classes (c, test, covered);
          return c;
        }
    }
  coverage_free (c);
  return NULL;
}

static void
print_json (const GPtrArray *all)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    {
      const Coverage *c = g_ptr_array_index (all, i);

      json_builder_begin_object (builder);
      dfkd_json_text (builder, "folder", c->folder);
      dfkd_json_integer (builder, "syntheses", c->syntheses);
      dfkd_json_integer (builder, "images", (gint64) c->images);
      dfkd_json_integer (builder, "compared", (gint64) c->measures.n_generated);
      dfkd_json_integer (builder, "test_images", (gint64) c->measures.n_real);
      dfkd_json_number (builder, "precision", c->measures.precision);
      dfkd_json_number (builder, "recall", c->measures.recall);
      dfkd_json_number (builder, "density", c->measures.density);
      dfkd_json_number (builder, "coverage", c->measures.coverage);
      json_builder_set_member_name (builder, "coverage_by_class");
      json_builder_begin_array (builder);
      for (gsize k = 0; k < c->n_classes; k++)
        if (c->of_class[k] > 0)
          json_builder_add_double_value (builder, (double) c->covered[k] / (double) c->of_class[k]);
        else
          json_builder_add_null_value (builder);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  dfkd_json_print (builder);
}

static void
print_text (const Coverage *c)
{
  g_autofree char *folder = g_filename_display_name (c->folder), *printable = dfkd_printable_text (folder);
  gboolean any = FALSE;

  g_print (ngettext ("%s: %u image of %u syntheses, beside %u test images\n", "%s: %u images of %u syntheses, beside %u test images\n", (guint) c->images), printable,
           (guint) c->images, c->syntheses, (guint) c->measures.n_real);
  g_print (_("  precision %.1f %%, recall %.1f %%, density %.2f, coverage %.1f %%\n"), 100.0 * c->measures.precision, 100.0 * c->measures.recall,
           c->measures.density, 100.0 * c->measures.coverage);
  for (gsize k = 0; k < c->n_classes; k++)
    if (c->of_class[k] > 0)
      {
        g_autofree char *name = dfkd_class_name ((const char *const *) c->names, (int) k), *class = dfkd_printable_text (name);

        g_print ("%s%s %.0f %%", any ? ", " : _("  coverage by class: "), class, 100.0 * (double) c->covered[k] / (double) c->of_class[k]);
        any = TRUE;
      }
  if (any)
    g_print ("\n");
}

int
dfkd_command_coverage (int argc, char **argv)
{
  g_auto (Options) o = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = NULL, all = g_ptr_array_new_with_free_func (coverage_free);
  gboolean good = TRUE;
  const GOptionEntry entries[] = {
    { "last", 0, 0, G_OPTION_ARG_INT, &o.last, _("only the images of the last N syntheses that are kept"), "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, _("print one JSON document"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.folders, NULL, NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "coverage", _("RUN…"),
                           _("Tells how far the synthesised images of runs are like test images, and what these have that is never made: precision and recall (Kynkäänniemi et\n"
                             "al. 2019), density and coverage (Naeem et al. 2020) of the teacher's features with 5 neighbours, for as many of both. A folder that holds runs\n"
                             "stands for all of them."),
                           entries, NULL, NULL, 0))
    return DFKD_EXIT_USAGE;
  if (o.folders == NULL || o.last < 0)
    {
      g_printerr (o.folders == NULL ? _("dfkd coverage: name the folder of a run, or one that holds runs\n")
                                    : _("dfkd coverage: --last takes how many syntheses, at least 1\n"));
      return DFKD_EXIT_USAGE;
    }
  runs = dfkd_command_find_runs (o.folders, FALSE, &error);
  if (runs == NULL)
    return dfkd_command_fail (error);
  for (guint i = 0; i < runs->len; i++)
    {
      g_autoptr (GError) problem = NULL;
      Coverage *c = measure (g_ptr_array_index (runs, i), o.last, &problem);

      if (c == NULL)
        dfkd_command_tell (problem->message);
      good = good && c != NULL;
      if (c != NULL)
        g_ptr_array_add (all, c);
      if (c != NULL && !o.json)
        print_text (c);
    }
  if (o.json)
    print_json (all);
  return good ? DFKD_EXIT_DONE : DFKD_EXIT_FAILED;
}
