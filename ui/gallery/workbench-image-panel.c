/* workbench-image-panel.c: puts together what is known of the document's current image. */
#include "workbench-image-panel.h"

#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-image-paintable.h"
#include "workbench-image-shares.h"
#include "workbench-image-strip.h"
#include "workbench-neighbours.h"
#include "workbench-points.h"
#include "workbench-test-images.h"
#include "workbench-top-classes.h"

#include <glib/gi18n.h>

enum {
  MOST_POINTS = 20000,
  SIDE = 224, /* pixels that the image may take */
};

struct _WorkbenchImagePanel
{
  GtkBox parent_instance;

  GtkLabel *title, *place, *shares, *film_title;
  GtkPicture *picture;
  WorkbenchTopClasses *teacher, *student;
  WorkbenchImageStrip *film;
  WorkbenchNeighbours *neighbours, *test_neighbours;
  GtkExpander *test_expander;

  WorkbenchImagePaintable *paintable;
  WorkbenchDocument *document;
  WorkbenchAlbum *album;
  WorkbenchPoints *points;   /* the teacher's features of the pool, once an image has been looked at */
  gboolean names_run;
  WorkbenchImage image;      /* shown, or to be shown once it has been read */
  WorkbenchImage searched;   /* whose neighbours are shown, or looked for */
  WorkbenchTestImages *test; /* once their expander is open */
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
  g_autofree char *step = now ? g_strdup_printf (_("At inner step %u of %u."), p->inner, p->k)
                              : g_strdup (_("At the inner step of the smallest loss, whose images the pool keeps."));
  g_autofree char *about = NULL;

  if (workbench_image_is_test (self->image))
    about = g_strdup (_("Of the test image as it is, without a shift."));
  else if (shifts)
    about = g_strconcat (step, " ", _("In each inner step the networks see the images shifted by a few pixels and perhaps mirrored, at random."), NULL);
  else
    about = g_steal_pointer (&step);
  workbench_top_classes_set_heading (self->teacher, shifts ? _("The teacher sees, shifted at random") : _("The teacher sees"), about);
  workbench_top_classes_set_heading (self->student, shifts ? _("The student sees, shifted at random") : _("The student sees"), about);
}

static void
show_classes (WorkbenchImagePanel *self, WorkbenchTopClasses *classes, const DfkdPictures *p, DfkdRows rows, gsize index)
{
  const gsize columns = p->columns[rows];

  workbench_top_classes_set_logits (classes, self->document, p->rows[rows] != NULL ? p->rows[rows] + index * columns : NULL, (guint) columns);
}

/* ------------------------------------------------------------------------------------------------ neighbours */

static void
look_for_test_images (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  const gsize columns = p->columns[DFKD_ROWS_TEACHER_FEATURES];
  const float *features = p->rows[DFKD_ROWS_TEACHER_FEATURES];
  const DfkdPictures *test;
  g_autofree WorkbenchImage *images = NULL;

  if (self->test == NULL || !gtk_expander_get_expanded (self->test_expander))
    {
      workbench_neighbours_say (self->test_neighbours, NULL);
      return;
    }
  test = workbench_test_images_get_pictures (self->test);
  if (test == NULL || features == NULL || columns != test->columns[DFKD_ROWS_TEACHER_FEATURES])
    {
      workbench_neighbours_say (self->test_neighbours, test == NULL       ? workbench_test_images_get_reason (self->test)
                                                       : features == NULL ? _("What the teacher's classifier read of this image is not known")
                                                                          : workbench_test_images_no_match ());
      return;
    }
  images = g_new (WorkbenchImage, test->count);
  for (gsize i = 0; i < test->count; i++)
    images[i] = workbench_image (WORKBENCH_TEST_SYNTHESIS, (guint) i);
  workbench_neighbours_look (self->test_neighbours, images, test->rows[DFKD_ROWS_TEACHER_FEATURES], test->count, columns, features + index * columns,
                             p == test ? (gssize) index : -1);
}

static void
look_in_pool (WorkbenchImagePanel *self, const DfkdPictures *p, gsize index)
{
  const gsize n = workbench_points_get_count (self->points), columns = p->columns[DFKD_ROWS_TEACHER_FEATURES];
  const float *features = p->rows[DFKD_ROWS_TEACHER_FEATURES];

  if (workbench_document_get_history (self->document) == NULL)
    workbench_neighbours_say (self->neighbours, _("Neighbours are found in the pool of a run that has a folder."));
  else if (n == 0 || features == NULL)
    workbench_neighbours_say (self->neighbours, _("Neighbours are shown once the pool has images."));
  else if (columns != workbench_points_get_features (self->points))
    workbench_neighbours_say (self->neighbours, workbench_test_images_no_match ());
  else
    workbench_neighbours_look (self->neighbours, workbench_points_get_ids (self->points), workbench_points_get_rows (self->points), n, columns,
                               features + index * columns, workbench_points_find (self->points, self->image));
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
  g_autofree char *name = NULL, *title = NULL, *place = NULL, *shares = NULL;
  const WorkbenchFacts *facts;

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
  show_classes (self, self->teacher, p, DFKD_ROWS_TEACHER, index);
  show_classes (self, self->student, p, DFKD_ROWS_STUDENT, index);
  facts = workbench_album_get_facts (self->album, image);
  shares = facts != NULL ? workbench_image_shares_text (self->album, p, facts) : g_strdup ("");
  gtk_label_set_markup (self->shares, shares);
  gtk_widget_set_visible (GTK_WIDGET (self->shares), *shares != '\0');
  if (!other && !again)
    return;
  if (other)
    {
      workbench_neighbours_forget (self->neighbours);
      workbench_neighbours_forget (self->test_neighbours);
    }
  self->searched = image;
  look_for_test_images (self, p, index);
  look_in_pool (self, p, index);
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
  workbench_neighbours_draw (self->neighbours);
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
  return workbench_neighbours_get (self->test_neighbours);
}

const GArray *
workbench_image_panel_get_neighbours (WorkbenchImagePanel *self)
{
  return workbench_neighbours_get (self->neighbours);
}

static void
forget (WorkbenchImagePanel *self)
{
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
}

void
workbench_image_panel_set_document (WorkbenchImagePanel *self, WorkbenchDocument *document, WorkbenchAlbum *album)
{
  forget (self);
  show_contents (self, FALSE);
  workbench_neighbours_set_document (self->neighbours, document);
  workbench_neighbours_set_document (self->test_neighbours, document);
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
workbench_image_panel_class_init (WorkbenchImagePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_image_panel_dispose;
  g_type_ensure (WORKBENCH_TYPE_IMAGE_STRIP);
  g_type_ensure (WORKBENCH_TYPE_NEIGHBOURS);
  g_type_ensure (WORKBENCH_TYPE_TOP_CLASSES);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-image-panel.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchImagePanel, name)
  BIND (title);
  BIND (place);
  BIND (picture);
  BIND (teacher);
  BIND (student);
  BIND (shares);
  BIND (film_title);
  BIND (film);
  BIND (neighbours);
  BIND (test_expander);
  BIND (test_neighbours);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_test_expanded);
}

static void
workbench_image_panel_init (WorkbenchImagePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->paintable = workbench_image_paintable_new (SIDE);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->paintable));
}
