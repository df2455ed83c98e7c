/* workbench-gallery-texts.c: what is said of the images that are listed, of those that are not, and where there are none. */
#include "workbench-gallery-private.h"

#include "workbench-image-text.h"
#include "workbench-test-images.h"

#include <glib/gi18n.h>

guint
workbench_gallery_view_count_elsewhere (WorkbenchGalleryView *self)
{
  WorkbenchHistory *history = self->document != NULL ? workbench_document_get_history (self->document) : NULL;
  g_autoptr (GArray) images = NULL;
  guint count = 0, before = 0;
  gboolean kept = FALSE;

  if (history == NULL || workbench_album_get_source (self->album) == WORKBENCH_ALBUM_POOL)
    return 0;
  images = workbench_selection_get_images (workbench_document_get_selection (self->document));
  for (guint i = 0; i < images->len; i++)
    {
      guint synthesis = workbench_image_synthesis (g_array_index (images, WorkbenchImage, i));

      if (synthesis == workbench_album_get_synthesis (self->album))
        return 0;
      if (synthesis != before) /* once for all of a batch, as they ascend */
        kept = workbench_history_find (history, synthesis) >= 0;
      before = synthesis;
      count += kept;
    }
  return count;
}

/* selected images of what is shown that the chosen class leaves out */
static guint
count_of_other_classes (WorkbenchGalleryView *self)
{
  const int chosen = workbench_gallery_view_chosen_label (self);
  WorkbenchHistory *history = self->document != NULL ? workbench_document_get_history (self->document) : NULL;
  const gboolean pool = workbench_album_get_source (self->album) == WORKBENCH_ALBUM_POOL;
  g_autoptr (GArray) images = NULL;
  guint count = 0, before = 0;
  gboolean here = FALSE;

  if (self->document == NULL || chosen == WORKBENCH_ALL_CLASSES)
    return 0;
  images = workbench_selection_get_images (workbench_document_get_selection (self->document));
  for (guint i = 0; i < images->len; i++)
    {
      const WorkbenchImage image = g_array_index (images, WorkbenchImage, i);
      const guint synthesis = workbench_image_synthesis (image);
      const WorkbenchFacts *f;

      if (synthesis != before)
        here = pool ? history != NULL && workbench_history_find (history, synthesis) >= 0 : synthesis == workbench_album_get_synthesis (self->album);
      before = synthesis;
      f = here ? workbench_album_get_facts (self->album, image) : NULL;
      count += f != NULL && f->label != chosen;
    }
  return count;
}

void
workbench_gallery_view_show_elsewhere (WorkbenchGalleryView *self)
{
  const guint pool = workbench_gallery_view_count_elsewhere (self), others = pool == 0 ? count_of_other_classes (self) : 0;
  g_autofree char *text = pool > 0
    ? g_strdup_printf (ngettext ("The %u selected image is in the pool", "The %u selected images are in the pool", pool), pool)
    : g_strdup_printf (ngettext ("%u selected image is of another class", "%u selected images are of other classes", others), others);

  gtk_label_set_text (self->elsewhere_text, text);
  gtk_button_set_label (self->elsewhere_button, pool > 0 ? _("Show the Pool") : _("Show All Classes"));
  gtk_widget_set_visible (self->elsewhere, pool + others > 0);
}

/* why no test image is listed */
static const char *
test_reason (WorkbenchGalleryView *self)
{
  const char *reason = workbench_test_images_get_reason (workbench_test_images_of (self->document));

  return reason != NULL ? reason : _("No test image is of this class");
}

void
workbench_gallery_view_show_empty (WorkbenchGalleryView *self)
{
  const gboolean pool = workbench_album_get_source (self->album) == WORKBENCH_ALBUM_POOL;
  WorkbenchRun *run = self->document != NULL ? workbench_document_get_run (self->document) : NULL;
  const char *text = _("The first batch is under way");
  const WorkbenchReading reading = workbench_album_get_reading (self->album);
  const guint total = reading.total;

  if (self->document == NULL)
    text = _("No run is open");
  else if (pool && workbench_document_get_history (self->document) == NULL)
    text = _("The pool can be seen in a run that has a folder: its pictures are kept there. Choose a folder for runs, and start a run.");
  else if (pool && total == 0 && workbench_dials_get (workbench_document_get_dials (self->document), DFKD_PARAMETER_HISTORY) <= 0.0)
    text = _("This run keeps no pictures: its picture history is 0 MiB. Give it room in the controls to see the pool.");
  else if (workbench_album_get_selected_only (self->album) && workbench_selection_get_count (workbench_document_get_selection (self->document)) == 0)
    text = _("No image is selected");
  else if (workbench_album_get_selected_only (self->album) && count_of_other_classes (self) > 0)
    text = _("None of the selected images is of this class");
  else if (workbench_album_get_selected_only (self->album))
    text = _("None of the selected images is here");
  else if (workbench_gallery_view_is_beside (self))
    text = workbench_batch_reason (self->album, self->document);
  else if (workbench_album_get_source (self->album) == WORKBENCH_ALBUM_TEST)
    text = test_reason (self);
  else if (workbench_gallery_view_chosen_label (self) != WORKBENCH_ALL_CLASSES)
    text = _("No image was drawn for this class yet");
  else if (pool && total == 0 && workbench_document_has_all_elsewhere (self->document))
    text = _("Pictures begin with the next synthesis: those before the branch are in the folder of the run that it is from");
  else if (pool && total > 0 && reading.lost == total)
    text = _("The pictures of this run cannot be read: their files are damaged");
  else if (pool && total == 0)
    text = _("The pool is empty until the first synthesis is done");
  else if (!pool && workbench_document_get_status (self->document)->state == DFKD_STATE_FAILED)
    text = _("The run has failed");
  else if (!pool && run == NULL && workbench_document_get_status (self->document)->state != DFKD_STATE_FINISHED)
    text = _("This run is not going on here: choose the pool to see its images");
  else if (!pool && run == NULL)
    text = _("This run is over: choose the pool to see its images");
  else if (!pool && !dfkd_session_is_running (workbench_run_get_session (run)))
    text = _("This run is paused: start it to see its first batch");
  gtk_label_set_text (self->empty, text);
}

/* what is listed of @kept syntheses: all that there were, or those that the room on disk allows; what was before a branch is in another folder */
static void
append_pool (WorkbenchGalleryView *self, GString *text, guint length, guint kept)
{
  const GArray *moments = workbench_document_get_moments (self->document);
  const guint done = moments->len > 0 ? g_array_index (moments, WorkbenchMoment, moments->len - 1).synthesis : 0;

  g_string_append_printf (text, ngettext ("%u image", "%u images", length), length);
  if (kept < done)
    g_string_append_printf (text, ngettext (" · pictures of %u of %u synthesis kept", " · pictures of %u of %u syntheses kept", done), kept, done);
  else
    g_string_append_printf (text, ngettext (" of %u synthesis", " of %u syntheses", kept), kept);
}

/* which run, as there are others */
static char *
beside_text (WorkbenchGalleryView *self)
{
  g_autofree char *batch = workbench_batch_text_new (self->album, self->document);

  return g_strdup_printf (_("%s: %s"), workbench_document_get_name (self->document), batch);
}

static char *
count_text (WorkbenchGalleryView *self)
{
  DfkdPictures *pictures = workbench_document_get_pictures (self->document);
  const WorkbenchReading reading = workbench_album_get_reading (self->album);
  guint length = workbench_album_get_length (self->album);
  guint selected = workbench_selection_get_count (workbench_document_get_selection (self->document));
  GString *text = g_string_new (NULL);

  if (workbench_album_get_source (self->album) == WORKBENCH_ALBUM_TEST)
    g_string_append_printf (text, ngettext ("%u test image", "%u test images", length), length);
  else if (workbench_album_get_source (self->album) == WORKBENCH_ALBUM_BATCH && pictures != NULL)
    g_string_append_printf (text, _("synthesis %u, inner step %u"), pictures->synthesis, pictures->inner);
  else if (reading.read + reading.lost < reading.total)
    g_string_append_printf (text, ngettext ("%u image", "%u images", length), length);
  else
    append_pool (self, text, length, reading.total);
  if (workbench_album_get_source (self->album) == WORKBENCH_ALBUM_POOL)
    workbench_reading_append (&reading, text);
  if (selected > 0)
    g_string_append_printf (text, _(" · %u selected"), selected);
  return g_string_free (text, FALSE);
}

void
workbench_gallery_view_show_title (gpointer view)
{
  WorkbenchGalleryView *self = view;
  gboolean any = workbench_album_get_length (self->album) > 0;
  g_autofree char *text = !any || self->document == NULL ? NULL : workbench_gallery_view_is_beside (self) ? beside_text (self) : count_text (self);

  workbench_readout_set_text (self->title, text != NULL ? text : "");
}
