/* workbench-image-panel.c: labels, bars and small pictures about the document's current image. */
#include "workbench-image-panel.h"

#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-image-paintable.h"
#include "workbench-image-strip.h"
#include "workbench-long-name.h"
#include "workbench-points.h"
#include "workbench-test-images.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  TOP = 3,        /* classes shown of each network */
  NEIGHBOURS = 8, /* images */
  MOST_POINTS = 20000,
  NAME_LETTERS = 10, /* of a class beside its bar */
  SIDE = 224, /* pixels that the image may take */
};

typedef struct {
  GtkWidget *name, *bar, *share;
} Bar;

struct _WorkbenchImagePanel
{
  GtkBox parent_instance;

  GtkLabel *title, *place, *shares, *film_title, *neighbours_title, *test_reason;
  GtkPicture *picture;
  WorkbenchImageStrip *film, *neighbours, *test_neighbours;
  GtkExpander *test_expander;
  GtkGrid *bars;

  WorkbenchImagePaintable *paintable;
  GtkLabel *heading[2]; /* of the bars */
  Bar bar[2][TOP];
  WorkbenchDocument *document;
  WorkbenchAlbum *album;
  WorkbenchPoints *points;   /* the teacher's features of the pool, once an image has been looked at */
  gboolean names_run;
  WorkbenchImage image;      /* shown, or to be shown once it has been read */
  WorkbenchImage searched;   /* whose neighbours are shown, or looked for */
  GArray *nearest;           /* of WorkbenchImage */
  WorkbenchTestImages *test; /* once their expander is open */
  GArray *nearest_test;      /* of WorkbenchImage */
  GCancellable *cancellable; /* of looking for both */
};

G_DEFINE_FINAL_TYPE (WorkbenchImagePanel, workbench_image_panel, GTK_TYPE_BOX)

/* ------------------------------------------------------------------------------------------------ the film */

/* whether a synthesis starts from a generator that was meta-learned */
static gboolean
is_meta_learned (WorkbenchImagePanel *self)
{
  const DfkdParameter *reuse = dfkd_parameter (DFKD_PARAMETER_REUSE);
  guint choice = (guint) workbench_dials_get (workbench_document_get_dials (self->document), DFKD_PARAMETER_REUSE);

  return dfkd_recipe_get_method (workbench_document_get_recipe (self->document))->outer == NULL && g_str_equal (reuse->choices[choice], "common");
}

static char *
film_text (WorkbenchImagePanel *self, const DfkdPictures *p)
{
  guint first = ((const DfkdFrame *) g_ptr_array_index (p->frames, 0))->inner;
  guint apart = p->frames->len > 2 ? ((const DfkdFrame *) g_ptr_array_index (p->frames, 1))->inner - first : 1;
  GString *text = g_string_new (NULL);

  if (first > 1)
    g_string_append_printf (text, _("From inner step %u, the first one looked at, to %u of %u"), first, p->inner, p->k);
  else
    g_string_append_printf (text, is_meta_learned (self) ? _("From the meta-learned start to inner step %u of %u") : _("From the first inner step to %u of %u"),
                            p->inner, p->k);
  if (apart > 1)
    g_string_append_printf (text, ngettext ("; one of every %u step is kept", "; one of every %u steps is kept", apart), apart);
  return g_string_free (text, FALSE);
}

static void
show_film (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  guint count = p != NULL && index < p->count ? p->frames->len : 0;
  g_autofree char *text = count > 0 ? film_text (self, p) : NULL;

  workbench_image_strip_set_count (self->film, count);
  for (guint i = 0; i < count; i++)
    {
      const DfkdFrame *frame = g_ptr_array_index (p->frames, i);
      DfkdPictures at = *p;
      g_autofree char *caption = g_strdup_printf ("%u", frame->inner), *description = g_strdup_printf (_("after inner step %u"), frame->inner);

      at.pixels = frame->pixels;
      workbench_image_strip_set_image (self->film, i, &at, index, caption, description);
    }
  gtk_label_set_text (self->film_title, text != NULL ? text : _("How this image formed was not looked at, or is not kept any more."));
  gtk_widget_set_visible (GTK_WIDGET (self->film_title), !workbench_image_is_test (self->image));
}

/* ------------------------------------------------------------------------------------------------ what networks see */

/* The same image may have other numbers in the batch than in the pool: each step has shifts of its own. */
static void
show_headings (WorkbenchImagePanel *self, const DfkdPictures *p)
{
  const gboolean shifts = p->method != NULL && p->method->shifts, now = p == workbench_document_get_pictures (self->document);
  const char *const plain[] = { _("The teacher sees"), _("The student sees") };
  const char *const shifted[] = { _("The teacher sees, shifted at random"), _("The student sees, shifted at random") };
  g_autofree char *step = now ? g_strdup_printf (_("At inner step %u of %u."), p->inner, p->k)
                              : g_strdup (_("At the inner step of the smallest loss, whose images the pool keeps."));
  g_autofree char *about
      = shifts ? g_strconcat (step, " ", _("In each inner step the networks see the images shifted by a few pixels and perhaps mirrored, at random."), NULL)
               : g_strdup (step);

  if (workbench_image_is_test (self->image))
    {
      g_free (about);
      about = g_strdup (_("Of the test image as it is, without a shift."));
    }
  for (guint i = 0; i < G_N_ELEMENTS (self->heading); i++)
    {
      gtk_label_set_text (self->heading[i], shifts ? shifted[i] : plain[i]);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->heading[i]), about);
    }
}

static void
show_bars (WorkbenchImagePanel *self, guint which, const DfkdPictures *p, DfkdRows rows, gsize index)
{
  guint classes = (guint) p->columns[rows], count = 0;
  g_autoptr (DfkdBatchNumbers) numbers = NULL;
  gint32 top[TOP];
  float probability[TOP];

  gtk_widget_set_visible (GTK_WIDGET (self->heading[which]), p->rows[rows] != NULL);
  if (p->rows[rows] != NULL)
    numbers = dfkd_batch_numbers_new (p->rows[rows] + index * classes, NULL, NULL, 1, classes, NULL);
  if (numbers != NULL)
    count = dfkd_batch_numbers_top (numbers->teacher, classes, TOP, top, probability);
  for (guint i = 0; i < TOP; i++)
    {
      g_autofree char *name = i < count ? workbench_class_name (self->document, top[i]) : NULL;
      g_autofree char *share = i < count ? g_strdup_printf ("%.0f %%", 100.0 * (double) probability[i]) : NULL;
      Bar *bar = &self->bar[which][i];
      GtkWidget *const parts[] = { bar->name, bar->bar, bar->share };

      for (guint j = 0; j < G_N_ELEMENTS (parts); j++)
        gtk_widget_set_visible (parts[j], p->rows[rows] != NULL);
      gtk_label_set_text (GTK_LABEL (bar->name), name != NULL ? name : "–");
      gtk_label_set_text (GTK_LABEL (bar->share), share != NULL ? share : "");
      gtk_level_bar_set_value (GTK_LEVEL_BAR (bar->bar), i < count ? (double) probability[i] : 0.0);
    }
}

/* why a term has no shares */
static const char *
excuse (DfkdTerm term)
{
  switch (term)
    {
    case DFKD_TERM_BN:
      return _("<i>L</i><sub>bn</sub> compares statistics of the whole batch");
    case DFKD_TERM_BALANCE:
      return _("<i>L</i><sub>balance</sub> compares the classes of the whole batch");
    case DFKD_TERM_L2:
      return _("<i>L</i><sub>l2</sub> measures the whole batch");
    default:
      return NULL;
    }
}

/* what an image of the batch adds to the term on average */
static double
mean_share (WorkbenchImagePanel *self, const DfkdPictures *p, DfkdTerm term)
{
  double sum = 0.0;

  for (guint i = 0; i < p->count; i++)
    {
      const WorkbenchFacts *f = workbench_album_get_facts (self->album, workbench_image (p->synthesis, i));

      sum += f != NULL ? (double) f->shares[term] : (double) NAN;
    }
  return sum / p->count;
}

/* no "-0" */
static double
without_sign (double value)
{
  return value == 0.0 ? 0.0 : value;
}

/* a line of a term: what this image adds to it */
static void
add_share (WorkbenchImagePanel *self, GString *text, const DfkdPictures *p, const WorkbenchFacts *f, DfkdTerm term)
{
  g_autofree char *symbol = g_strdup_printf ("<i>L</i><sub>%s</sub>", dfkd_term_name (term));
  double share = (double) f->shares[term], mean = mean_share (self, p, term);
  const char *sentence = excuse (term);

  if (sentence != NULL)
    g_string_append (text, sentence);
  else if (isnan (share))
    g_string_append_printf (text, _("in %s: not known for each image"), symbol);
  else
    g_string_append_printf (text, _("in %s: %.4g"), symbol, without_sign (share));
  if (!isnan (share) && isfinite (mean) && mean != 0.0)
    g_string_append_printf (text, _(", %.2g times the mean of the batch"), without_sign (share / mean));
  if (p->weights[term] == 0.0f)
    g_string_append (text, _(" (its weight is 0)"));
  else if (p->weights[term] > 0.0f && term == DFKD_TERM_ADV && !isnan (share) && p->method->adversarial == DFKD_ADVERSARIAL_DECISION)
    g_string_append (text, f->agree ? _(" (both agree, so it counts)") : _(" (they do not agree, so it does not count)"));
  g_string_append_c (text, '\n');
}

/* every term of the method */
static void
show_shares (WorkbenchImagePanel *self, const DfkdPictures *p, const WorkbenchFacts *f)
{
  GString *text = g_string_new (NULL);

  if (f != NULL)
    {
      for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
        if (dfkd_method_has_term (p->method, term))
          add_share (self, text, p, f, term);
      if (p->method != NULL && p->method->loss != NULL && isfinite (f->loss))
        {
          g_string_append_printf (text, _("in %s: %.4g"), "<i>L</i>", (double) f->loss);
          g_string_append_c (text, '\n');
        }
      if (!isnan (f->disagreement))
        g_string_append_printf (text, _("disagreement: %.3g bits (Jensen-Shannon)\n"), (double) f->disagreement);
    }
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  gtk_label_set_markup (self->shares, text->str);
  g_string_free (text, TRUE);
}

/* ------------------------------------------------------------------------------------------------ neighbours */

typedef struct {
  float *rows, *point;
  guint64 *ids;
  gsize n, n_features;
  gssize self;
} Search;

static void
free_search (gpointer data)
{
  Search *search = data;

  g_free (search->rows);
  g_free (search->point);
  g_free (search->ids);
  g_free (search);
}

static void
search (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Search *s = data;
  guint32 indices[NEIGHBOURS];
  guint count = dfkd_neighbours_of (s->rows, s->n, s->n_features, s->point, s->self >= 0 ? (guint32) s->self : DFKD_NO_NEIGHBOUR, NEIGHBOURS, indices, NULL);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));

  for (guint i = 0; i < count; i++)
    g_array_append_val (found, s->ids[indices[i]]);
  g_task_return_pointer (task, found, (GDestroyNotify) g_array_unref);
}

static DfkdPictures *
pictures_of (WorkbenchImagePanel *self, WorkbenchImage image)
{
  if (workbench_image_is_test (image))
    return workbench_test_images_find_pictures (self->document);
  return workbench_history_get (workbench_document_get_history (self->document), workbench_image_synthesis (image));
}

/* @images: of WorkbenchImage */
static void
draw_strip (WorkbenchImagePanel *self, WorkbenchImageStrip *strip, const GArray *images)
{
  workbench_image_strip_set_count (strip, images->len);
  for (guint i = 0; i < images->len; i++)
    {
      WorkbenchImage image = g_array_index (images, WorkbenchImage, i);
      DfkdPictures *p = pictures_of (self, image);
      gsize index = workbench_image_index (image);
      g_autofree char *description = NULL;

      if (p == NULL || index >= p->count) /* on its way */
        continue;
      description = workbench_image_name (self->document, image, p->labels[index]);
      workbench_image_strip_set_image (strip, i, p, index, NULL, description);
    }
}

static void
look_at (WorkbenchImagePanel *self, const GArray *images, guint index)
{
  if (self->document != NULL && index < images->len)
    workbench_selection_set_current (workbench_document_get_selection (self->document), g_array_index (images, WorkbenchImage, index));
}

static void
on_neighbour (WorkbenchImageStrip *strip, guint index, WorkbenchImagePanel *self)
{
  look_at (self, self->nearest, index);
}

static void
on_test_neighbour (WorkbenchImageStrip *strip, guint index, WorkbenchImagePanel *self)
{
  look_at (self, self->nearest_test, index);
}

/* Returns: whether @images (of WorkbenchImage) are others now */
static gboolean
take_found (WorkbenchImagePanel *self, GAsyncResult *result, GArray **images)
{
  GArray *found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (found == NULL || self->document == NULL)
    {
      g_clear_pointer (&found, g_array_unref);
      return FALSE;
    }
  g_array_unref (*images);
  *images = found;
  return TRUE;
}

static void
on_found (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchImagePanel *self = WORKBENCH_IMAGE_PANEL (object);

  if (!take_found (self, result, &self->nearest))
    return;
  gtk_label_set_text (self->neighbours_title,
                      self->nearest->len > 0 ? _("Nearest in the pool, by the teacher's features") : _("There is no other image in the pool yet."));
  draw_strip (self, self->neighbours, self->nearest);
}

static void
on_test_found (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchImagePanel *self = WORKBENCH_IMAGE_PANEL (object);

  if (take_found (self, result, &self->nearest_test))
    draw_strip (self, self->test_neighbours, self->nearest_test);
}

/* @ids, @rows: [n]: among which the nearest to image @index of @p are looked for, but for @own (−1: none) */
static void
start_search (WorkbenchImagePanel *self, const guint64 *ids, const float *rows, gsize n, const DfkdPictures *p, gsize index, gssize own,
              GAsyncReadyCallback found)
{
  const gsize columns = p->columns[DFKD_ROWS_TEACHER_FEATURES];
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, found, NULL);
  Search *s = g_new0 (Search, 1);

  s->n = n;
  s->n_features = columns;
  s->self = own;
  s->ids = g_memdup2 (ids, n * sizeof (guint64));
  s->rows = g_memdup2 (rows, n * columns * sizeof (float));
  s->point = g_memdup2 (p->rows[DFKD_ROWS_TEACHER_FEATURES] + index * columns, columns * sizeof (float));
  g_task_set_task_data (task, s, free_search);
  g_task_run_in_thread (task, search);
}

static const char *
changed (void)
{
  return _("The teacher has changed since this run: its features are others");
}

/* why there are no test images to be seen; NULL: there are */
static const char *
why_no_test_images (WorkbenchImagePanel *self, const DfkdPictures *p)
{
  const DfkdPictures *test = workbench_test_images_get_pictures (self->test);

  if (workbench_test_images_get_problem (self->test) != NULL)
    return workbench_test_images_get_problem (self->test);
  if (test == NULL)
    return _("Test images are being read");
  if (p->rows[DFKD_ROWS_TEACHER_FEATURES] == NULL)
    return _("What the teacher's classifier read of this image is not known");
  return p->columns[DFKD_ROWS_TEACHER_FEATURES] == test->columns[DFKD_ROWS_TEACHER_FEATURES] ? NULL : changed ();
}

static void
look_for_test_images (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  const char *reason;
  const DfkdPictures *test;
  g_autofree guint64 *ids = NULL;

  g_array_set_size (self->nearest_test, 0);
  if (self->test == NULL || !gtk_expander_get_expanded (self->test_expander))
    return;
  reason = why_no_test_images (self, p);
  gtk_label_set_text (self->test_reason, reason != NULL ? reason : _("By the teacher's features"));
  if (reason != NULL)
    {
      workbench_image_strip_set_count (self->test_neighbours, 0);
      return;
    }
  test = workbench_test_images_get_pictures (self->test);
  ids = g_new (guint64, MAX (test->count, 1));
  for (gsize i = 0; i < test->count; i++)
    ids[i] = workbench_image (WORKBENCH_TEST_SYNTHESIS, (guint) i);
  start_search (self, ids, test->rows[DFKD_ROWS_TEACHER_FEATURES], test->count, p, index, p == test ? (gssize) index : -1, on_test_found);
}

static void
look_for_neighbours (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  gsize n = workbench_points_get_count (self->points), columns = p->columns[DFKD_ROWS_TEACHER_FEATURES];

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->searched = self->image;
  look_for_test_images (self, p, index);
  if (workbench_document_get_history (self->document) == NULL)
    {
      workbench_image_strip_set_count (self->neighbours, 0);
      gtk_label_set_text (self->neighbours_title, _("Neighbours are found in the pool of a run that has a folder."));
      return;
    }
  if (n == 0 || p->rows[DFKD_ROWS_TEACHER_FEATURES] == NULL || columns != workbench_points_get_features (self->points))
    {
      const gboolean fits = n == 0 || p->rows[DFKD_ROWS_TEACHER_FEATURES] == NULL;

      workbench_image_strip_set_count (self->neighbours, 0);
      gtk_label_set_text (self->neighbours_title, fits ? _("Neighbours are shown once the pool has images.") : changed ());
      return;
    }
  start_search (self, workbench_points_get_ids (self->points), workbench_points_get_rows (self->points), n, p, index,
                workbench_points_find (self->points, self->image), on_found);
}

/* ------------------------------------------------------------------------------------------------ following */

static void on_points (WorkbenchPoints *points, WorkbenchImagePanel *self);

/* They stay with @document: who looks at images of two runs in turn does not have their pools read each time. Returns: (transfer full) */
static WorkbenchPoints *
points_of (WorkbenchDocument *document)
{
  static const char key[] = "workbench-image-panel-points";
  WorkbenchPoints *points = g_object_get_data (G_OBJECT (document), key);

  if (points == NULL)
    {
      points = workbench_points_new (document, DFKD_ROWS_TEACHER_FEATURES, MOST_POINTS);
      g_object_set_data_full (G_OBJECT (document), key, points, g_object_unref);
    }
  return g_object_ref (points);
}

/* nothing of another run's image */
static void
show_contents (WorkbenchImagePanel *self, gboolean any)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_child_visible (child, any);
}

static char *
describe_place (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  g_autofree char *place = workbench_image_is_test (self->image) ? g_strdup_printf (_("image %u of %u, from all over the test set"), (guint) index + 1, (guint) p->count)
                         : p == workbench_document_get_pictures (self->document)
                             ? g_strdup_printf (_("synthesis %u, image %u, inner step %u"), p->synthesis, (guint) index + 1, p->inner)
                             : g_strdup_printf (_("synthesis %u, image %u"), p->synthesis, (guint) index + 1);

  return self->names_run ? g_strdup_printf ("%s\n%s", workbench_document_get_name (self->document), place) : g_steal_pointer (&place);
}

static void
show (WorkbenchImagePanel *self, gboolean again)
{
  WorkbenchImage image = self->document != NULL ? workbench_selection_get_current (workbench_document_get_selection (self->document)) : WORKBENCH_NO_IMAGE;
  DfkdPictures *p = image != WORKBENCH_NO_IMAGE ? workbench_album_get_pictures (self->album, image) : NULL;
  gsize index = workbench_image_index (image);
  gboolean other = image != self->searched;
  g_autofree char *name = NULL, *title = NULL, *place = NULL;

  self->image = image;
  if (p == NULL || index >= p->count)
    return; /* what was shown stays until this one has been read */
  if (self->points == NULL)
    {
      self->points = points_of (self->document);
      g_signal_connect (self->points, "changed", G_CALLBACK (on_points), self);
    }
  name = workbench_class_name (self->document, p->labels[index]);
  title = g_strdup_printf (workbench_image_is_test (image) ? _("Test image: %s") : _("Drawn for: %s"), name);
  place = describe_place (self, p, index);
  show_contents (self, TRUE);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->place, place);
  workbench_image_paintable_set_image (self->paintable, p, index);
  show_film (self, workbench_document_get_film (self->document, p->synthesis), index);
  show_headings (self, p);
  show_bars (self, 0, p, DFKD_ROWS_TEACHER, index);
  show_bars (self, 1, p, DFKD_ROWS_STUDENT, index);
  show_shares (self, p, workbench_album_get_facts (self->album, image));
  if (other || again)
    look_for_neighbours (self, p, index);
}

static void
on_current (WorkbenchSelection *selection, WorkbenchImagePanel *self)
{
  show (self, FALSE);
}

static void
on_film (WorkbenchDocument *document, WorkbenchImagePanel *self)
{
  show (self, FALSE);
}

static void
on_album (WorkbenchAlbum *album, WorkbenchImagePanel *self)
{
  show (self, FALSE);
  draw_strip (self, self->neighbours, self->nearest);
}

static void
on_points (WorkbenchPoints *points, WorkbenchImagePanel *self)
{
  show (self, TRUE);
}

static void
on_test_images (WorkbenchTestImages *test, WorkbenchImagePanel *self)
{
  show (self, TRUE);
}

/* they are read only for who wants to see them */
static void
ask_for_test_images (WorkbenchImagePanel *self)
{
  if (self->test != NULL || self->document == NULL || !gtk_expander_get_expanded (self->test_expander))
    return;
  self->test = g_object_ref (workbench_test_images_of (self->document));
  g_signal_connect (self->test, "loaded", G_CALLBACK (on_test_images), self);
}

static void
on_test_expanded (GtkExpander *expander, GParamSpec *spec, WorkbenchImagePanel *self)
{
  ask_for_test_images (self);
  show (self, TRUE);
}

const GArray *
workbench_image_panel_get_test_neighbours (WorkbenchImagePanel *self)
{
  return self->nearest_test;
}

const GArray *
workbench_image_panel_get_neighbours (WorkbenchImagePanel *self)
{
  return self->nearest;
}

static void
forget (WorkbenchImagePanel *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
    }
  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  if (self->points != NULL)
    g_signal_handlers_disconnect_by_data (self->points, self);
  if (self->test != NULL)
    g_signal_handlers_disconnect_by_data (self->test, self);
  g_clear_object (&self->test);
  g_clear_object (&self->points);
  g_clear_object (&self->document);
  g_clear_object (&self->album);
  self->image = self->searched = WORKBENCH_NO_IMAGE;
  g_array_set_size (self->nearest, 0);
  g_array_set_size (self->nearest_test, 0);
  if (self->neighbours != NULL)
    workbench_image_strip_set_count (self->neighbours, 0);
  if (self->test_neighbours != NULL)
    workbench_image_strip_set_count (self->test_neighbours, 0);
}

void
workbench_image_panel_set_document (WorkbenchImagePanel *self, WorkbenchDocument *document, WorkbenchAlbum *album)
{
  forget (self);
  show_contents (self, FALSE);
  if (document != NULL)
    {
      self->document = g_object_ref (document);
      self->album = g_object_ref (album);
      g_signal_connect (document, "film", G_CALLBACK (on_film), self);
      g_signal_connect (workbench_document_get_selection (document), "current", G_CALLBACK (on_current), self);
      g_signal_connect (album, "changed", G_CALLBACK (on_album), self);
      g_signal_connect (album, "loaded", G_CALLBACK (on_album), self);
    }
  ask_for_test_images (self);
  show (self, FALSE);
}

void
workbench_image_panel_set_names_run (WorkbenchImagePanel *self, gboolean names_run)
{
  self->names_run = names_run;
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
workbench_image_panel_dispose (GObject *object)
{
  WorkbenchImagePanel *self = WORKBENCH_IMAGE_PANEL (object);

  forget (self);
  workbench_clear_box (GTK_BOX (self));
  g_clear_object (&self->paintable);
  G_OBJECT_CLASS (workbench_image_panel_parent_class)->dispose (object);
}

static void
workbench_image_panel_finalize (GObject *object)
{
  WorkbenchImagePanel *self = WORKBENCH_IMAGE_PANEL (object);

  g_array_unref (self->nearest);
  g_array_unref (self->nearest_test);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (workbench_image_panel_parent_class)->finalize (object);
}

static void
workbench_image_panel_class_init (WorkbenchImagePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_image_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_image_panel_finalize;
  g_type_ensure (WORKBENCH_TYPE_IMAGE_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-image-panel.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchImagePanel, name)
  BIND (title);
  BIND (place);
  BIND (picture);
  BIND (bars);
  BIND (shares);
  BIND (film_title);
  BIND (film);
  BIND (neighbours_title);
  BIND (neighbours);
  BIND (test_expander);
  BIND (test_reason);
  BIND (test_neighbours);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_neighbour);
  gtk_widget_class_bind_template_callback (widget_class, on_test_neighbour);
  gtk_widget_class_bind_template_callback (widget_class, on_test_expanded);
}

static void
add_bars (WorkbenchImagePanel *self, guint which, const char *title)
{
  static const char *const offsets[] = { GTK_LEVEL_BAR_OFFSET_LOW, GTK_LEVEL_BAR_OFFSET_HIGH, GTK_LEVEL_BAR_OFFSET_FULL };
  int row = (int) which * (TOP + 1);
  GtkWidget *heading = gtk_label_new (title);

  self->heading[which] = GTK_LABEL (heading);
  gtk_label_set_xalign (GTK_LABEL (heading), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (heading, "caption-heading");
  gtk_grid_attach (self->bars, heading, 0, row++, 3, 1);
  for (guint i = 0; i < TOP; i++, row++)
    {
      Bar *bar = &self->bar[which][i];

      bar->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "width-chars", NAME_LETTERS, NULL);
      workbench_long_name_fit (GTK_LABEL (bar->name), NAME_LETTERS);
      bar->bar = g_object_new (GTK_TYPE_LEVEL_BAR, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
      for (guint j = 0; j < G_N_ELEMENTS (offsets); j++) /* one colour: a share is not better for being large */
        gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar->bar), offsets[j]);
      bar->share = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "width-chars", 5, NULL);
      gtk_widget_add_css_class (bar->name, "caption");
      gtk_widget_add_css_class (bar->share, "caption");
      gtk_widget_add_css_class (bar->share, "numeric");
      gtk_accessible_update_relation (GTK_ACCESSIBLE (bar->bar), GTK_ACCESSIBLE_RELATION_LABELLED_BY, bar->name, NULL, -1);
      gtk_grid_attach (self->bars, bar->name, 0, row, 1, 1);
      gtk_grid_attach (self->bars, bar->bar, 1, row, 1, 1);
      gtk_grid_attach (self->bars, bar->share, 2, row, 1, 1);
    }
}

static void
workbench_image_panel_init (WorkbenchImagePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->nearest = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
  self->nearest_test = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
  self->cancellable = g_cancellable_new ();
  self->paintable = workbench_image_paintable_new (SIDE);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->paintable));
  add_bars (self, 0, _("The teacher sees"));
  add_bars (self, 1, _("The student sees"));
}
