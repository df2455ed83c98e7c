/* workbench-gallery-view.c: an album, what it shows, and the panel of one image. */
#include "workbench-gallery-view.h"

#include "workbench-classes.h"
#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-image-grid.h"
#include "workbench-image-panel.h"
#include "workbench-image-saving.h"
#include "workbench-image-text.h"
#include "workbench-long-name.h"
#include "workbench-overlays.h"
#include "workbench-readout.h"
#include "workbench-save-dialog.h"
#include "workbench-runs-beside.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
  CLASS_LETTERS = 24, /* of the class that is chosen */
  MOST_WITHOUT_SEARCH = 20, /* classes that are found at a glance */
};

struct _WorkbenchGalleryView
{
  GtkBox parent_instance;

  GtkDropDown *source, *order, *class_choice;
  GtkToggleButton *descending, *selected_only, *frames, *details;
  GtkButton *smaller, *fit, *larger;
  GtkMenuButton *save_more;
  WorkbenchReadout *title;
  GtkLabel *empty, *elsewhere_text;
  GtkWidget *elsewhere;
  GtkButton *elsewhere_button;
  GtkStack *pages;
  WorkbenchImageGrid *grid;
  WorkbenchRunsBeside *runs_beside;
  WorkbenchOverlays *overlays;
  WorkbenchImagePanel *panel;
  WorkbenchImageSaving *saving;

  WorkbenchAlbum *album;
  WorkbenchDocument *document;
  WorkbenchDocument *explained; /* of which the panel explains an image: it, or one beside */
  guint n_classes; /* in class_choice */
  gboolean pool_for_now; /* as a run is over; nobody chose it */
  WorkbenchGlance new_title;
  GtkFileChooserNative *chooser;
};

static void workbench_gallery_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchGalleryView, workbench_gallery_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_gallery_view_view_init))

/* ------------------------------------------------------------------------------------------------------ what is shown */

static char *
class_name (WorkbenchGalleryView *self, int index)
{
  return workbench_class_name (self->document, index);
}

static char *
describe (WorkbenchImage image, gpointer data)
{
  WorkbenchGalleryView *self = data;

  return workbench_image_text_new (self->album, self->document, image);
}

/* selected images that the pool has and the batch has not: how many, if the batch has none of the selected ones */
static guint
count_elsewhere (WorkbenchGalleryView *self)
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
  const guint chosen = gtk_drop_down_get_selected (self->class_choice);
  WorkbenchHistory *history = self->document != NULL ? workbench_document_get_history (self->document) : NULL;
  const gboolean pool = workbench_album_get_source (self->album) == WORKBENCH_ALBUM_POOL;
  g_autoptr (GArray) images = NULL;
  guint count = 0, before = 0;
  gboolean here = FALSE;

  if (self->document == NULL || chosen == 0 || chosen == GTK_INVALID_LIST_POSITION)
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
      count += f != NULL && f->label != (int) chosen - 1;
    }
  return count;
}

/* whether batches of several runs are shown */
static gboolean
is_beside (WorkbenchGalleryView *self)
{
  return workbench_album_get_source (self->album) == WORKBENCH_ALBUM_SYNTHESIS;
}

static void
show_empty (WorkbenchGalleryView *self)
{
  const gboolean batch = workbench_album_get_source (self->album) == WORKBENCH_ALBUM_BATCH, pool = !batch;
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
  else if (is_beside (self) && run != NULL && total == 0 && workbench_album_get_synthesis (self->album) == 0)
    text = _("The first batch is under way");
  else if (is_beside (self) && total > reading.lost && workbench_album_get_synthesis (self->album) == 0)
    text = _("The batch is being read");
  else if (workbench_album_get_selected_only (self->album) && workbench_selection_get_count (workbench_document_get_selection (self->document)) == 0)
    text = _("No image is selected");
  else if (workbench_album_get_selected_only (self->album) && count_of_other_classes (self) > 0)
    text = _("None of the selected images is of this class");
  else if (workbench_album_get_selected_only (self->album))
    text = _("None of the selected images is here");
  else if (gtk_drop_down_get_selected (self->class_choice) > 0)
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

  return g_strdup_printf (_("%s: %s"), workbench_document_get_title (self->document), batch);
}

static char *
count_text (WorkbenchGalleryView *self)
{
  DfkdPictures *pictures = workbench_document_get_pictures (self->document);
  const WorkbenchReading reading = workbench_album_get_reading (self->album);
  guint length = workbench_album_get_length (self->album);
  guint selected = workbench_selection_get_count (workbench_document_get_selection (self->document));
  GString *text = g_string_new (NULL);

  if (workbench_album_get_source (self->album) == WORKBENCH_ALBUM_BATCH && pictures != NULL)
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

/* the classes of the teacher, once they are known */
static void
fill_classes (WorkbenchGalleryView *self)
{
  guint classes = workbench_album_get_classes (self->album);
  g_autoptr (GtkStringList) names = NULL;

  if (classes == self->n_classes || self->document == NULL)
    return;
  self->n_classes = classes;
  names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _("all classes"));
  for (guint i = 0; i < classes; i++)
    gtk_string_list_take (names, class_name (self, (int) i));
  gtk_drop_down_set_model (self->class_choice, G_LIST_MODEL (names));
  gtk_drop_down_set_enable_search (self->class_choice, classes > MOST_WITHOUT_SEARCH);
}

/* says where the selected images are that cannot be seen, and offers to go there */
static void
show_elsewhere (WorkbenchGalleryView *self)
{
  const guint pool = count_elsewhere (self), others = pool == 0 ? count_of_other_classes (self) : 0;
  g_autofree char *text = pool > 0
    ? g_strdup_printf (ngettext ("The %u selected image is in the pool", "The %u selected images are in the pool", pool), pool)
    : g_strdup_printf (ngettext ("%u selected image is of another class", "%u selected images are of other classes", others), others);

  gtk_label_set_text (self->elsewhere_text, text);
  gtk_button_set_label (self->elsewhere_button, pool > 0 ? _("Show the Pool") : _("Show All Classes"));
  gtk_widget_set_visible (self->elsewhere, pool + others > 0);
}

static void
on_show_elsewhere (GtkButton *button, WorkbenchGalleryView *self)
{
  if (count_elsewhere (self) > 0)
    gtk_drop_down_set_selected (self->source, 1);
  else
    gtk_drop_down_set_selected (self->class_choice, 0);
}

static void
show_title (gpointer data)
{
  WorkbenchGalleryView *self = data;
  gboolean any = workbench_album_get_length (self->album) > 0;
  g_autofree char *text = !any || self->document == NULL ? NULL : is_beside (self) ? beside_text (self) : count_text (self);

  workbench_readout_set_text (self->title, text != NULL ? text : "");
}

/* others are shown as the own run's; where that lists no image, as was asked for */
static void
set_look (WorkbenchGalleryView *self)
{
  const gboolean any = workbench_album_get_length (self->album) > 0;

  workbench_runs_beside_set_look (self->runs_beside, any ? workbench_image_grid_get_shown_zoom (self->grid) : workbench_image_grid_get_zoom (self->grid),
                                   gtk_toggle_button_get_active (self->frames));
}

/* batches come ten times a second */
static void
on_changed (gpointer object, WorkbenchGalleryView *self)
{
  gboolean any = workbench_album_get_length (self->album) > 0;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self))) /* it catches up when it is */
    return;
  fill_classes (self);
  show_empty (self);
  show_elsewhere (self);
  set_look (self);
  gtk_stack_set_visible_child_name (self->pages, any ? "images" : "empty");
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_more), any);
  if (object != self->album)
    show_title (self);
  else
    workbench_glance_order (&self->new_title, show_title, self);
}

static void
on_map (GtkWidget *widget, WorkbenchGalleryView *self)
{
  on_changed (NULL, self);
}

static void
on_zoom (WorkbenchImageGrid *grid, GParamSpec *spec, WorkbenchGalleryView *self)
{
  guint zoom = workbench_image_grid_get_shown_zoom (grid);
  g_autofree char *text = g_strdup_printf ("%u×", zoom);

  gtk_button_set_label (self->fit, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->smaller), zoom > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->larger), zoom < WORKBENCH_MOST_ZOOM);
  set_look (self);
}

/* ------------------------------------------------------------------------------------------------------ controls */

/* the panel takes no room before an image has been clicked */
static void
show_panel (WorkbenchGalleryView *self)
{
  gboolean any = self->explained != NULL && workbench_selection_get_current (workbench_document_get_selection (self->explained)) != WORKBENCH_NO_IMAGE;

  gtk_widget_set_visible (GTK_WIDGET (self->panel), any && gtk_toggle_button_get_active (self->details));
}

static void
on_current (WorkbenchSelection *selection, WorkbenchGalleryView *self)
{
  show_panel (self);
}

/* the panel explains images of @document, which @album lists */
static void
explain (WorkbenchGalleryView *self, WorkbenchDocument *document, WorkbenchAlbum *album)
{
  if (document == self->explained)
    return;
  if (self->explained != NULL)
    g_signal_handlers_disconnect_by_func (workbench_document_get_selection (self->explained), on_current, self);
  g_set_object (&self->explained, document);
  workbench_image_panel_set_names_run (self->panel, is_beside (self));
  workbench_image_panel_set_document (self->panel, document, album);
  if (document != NULL)
    g_signal_connect (workbench_document_get_selection (document), "current", G_CALLBACK (on_current), self);
  show_panel (self);
}

static void
on_looked_at (WorkbenchRunsBeside *runs_beside, WorkbenchRunImages *images, WorkbenchGalleryView *self)
{
  explain (self, workbench_run_images_get_document (images), workbench_run_images_get_album (images));
}

static void
on_zoomed (WorkbenchRunsBeside *runs_beside, guint zoom, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, zoom);
  set_look (self);
}

static void
on_own_focus (WorkbenchGalleryView *self)
{
  explain (self, self->document, self->album);
}

/* the runs beside, where they are shown; their folders are read only there */
static void
show_others (WorkbenchGalleryView *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  explain (self, NULL, NULL); /* the one that was explained may be gone, and the panel say of which run it is */
  explain (self, self->document, self->album);
  workbench_runs_beside_show (self->runs_beside, self->document, is_beside (self) ? workbench_overlays_get (self->overlays) : none);
  gtk_widget_set_visible (GTK_WIDGET (self->overlays), is_beside (self));
  set_look (self);
}

static void
on_overlays (WorkbenchOverlays *overlays, WorkbenchGalleryView *self)
{
  show_others (self);
}

static void
on_synthesis (WorkbenchRunsBeside *runs_beside, guint synthesis, WorkbenchGalleryView *self)
{
  workbench_album_set_synthesis (self->album, synthesis);
}

static void
on_source (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  static const WorkbenchAlbumSource sources[] = { WORKBENCH_ALBUM_BATCH, WORKBENCH_ALBUM_POOL, WORKBENCH_ALBUM_SYNTHESIS };

  self->pool_for_now = FALSE;
  workbench_image_grid_follow (self->grid);
  workbench_album_set_source (self->album, sources[gtk_drop_down_get_selected (choice)]);
  show_others (self);
}

/* of those beside, as of the own run */
static void
list_others (WorkbenchGalleryView *self)
{
  const guint selected = gtk_drop_down_get_selected (self->class_choice);

  workbench_runs_beside_list (self->runs_beside, selected == 0 || selected == GTK_INVALID_LIST_POSITION ? WORKBENCH_ALL_CLASSES : (int) selected - 1,
                               gtk_drop_down_get_selected (self->order), gtk_toggle_button_get_active (self->descending));
}

static void
set_order (WorkbenchGalleryView *self)
{
  workbench_album_set_order (self->album, gtk_drop_down_get_selected (self->order), gtk_toggle_button_get_active (self->descending));
  list_others (self);
}

static void
on_order (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  set_order (self);
}

static void
on_order_toggled (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  set_order (self);
}

static void
on_class (GtkDropDown *choice, GParamSpec *spec, WorkbenchGalleryView *self)
{
  guint selected = gtk_drop_down_get_selected (choice);

  workbench_image_grid_follow (self->grid);
  workbench_album_set_class (self->album, selected == 0 || selected == GTK_INVALID_LIST_POSITION ? WORKBENCH_ALL_CLASSES : (int) selected - 1);
  list_others (self);
}

static void
on_selected_only (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  workbench_album_set_selected_only (self->album, gtk_toggle_button_get_active (button));
}

static void
on_smaller (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, MAX (workbench_image_grid_get_shown_zoom (self->grid), 2u) - 1);
}

static void
on_larger (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, workbench_image_grid_get_shown_zoom (self->grid) + 1);
}

static void
on_fit (GtkButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_zoom (self->grid, WORKBENCH_FIT);
}

static void
on_frames (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  workbench_image_grid_set_frames (self->grid, gtk_toggle_button_get_active (button));
  set_look (self);
}

static void
on_details (GtkToggleButton *button, WorkbenchGalleryView *self)
{
  show_panel (self);
}

/* ------------------------------------------------------------------------------------------------------ saving */

/* the selection if there is one, else all that is listed */
static WorkbenchImageSet *
chosen (WorkbenchGalleryView *self, gboolean selection)
{
  g_autoptr (GArray) images = workbench_selection_get_images (workbench_document_get_selection (self->document));

  if (!selection || images->len == 0)
    {
      g_array_unref (images);
      images = g_array_new (FALSE, FALSE, sizeof (WorkbenchImage));
      for (guint i = 0; i < workbench_album_get_length (self->album); i++)
        {
          WorkbenchImage image = workbench_album_get_image (self->album, i);

          g_array_append_val (images, image);
        }
    }
  return workbench_image_set_new (self->document, (const WorkbenchImage *) images->data, images->len);
}

static WorkbenchImageFormat
format_of (const char *path)
{
  return g_str_has_suffix (path, ".safetensors") ? WORKBENCH_IMAGES_SAFETENSORS : WORKBENCH_IMAGES_SHEET;
}

/* all runs that are seen, unless it is images with what is known of them: these are of one run */
static gboolean
saves_beside (WorkbenchGalleryView *self, const char *path)
{
  return is_beside (self) && format_of (path) != WORKBENCH_IMAGES_SAFETENSORS;
}

static gboolean
save_beside (WorkbenchGalleryView *self, const char *path, GError **error)
{
  g_autoptr (WorkbenchBesideFigure) figure = workbench_beside_figure_new (gtk_toggle_button_get_active (self->frames));

  if (self->document != NULL)
    workbench_beside_figure_add (figure, self->document, self->album);
  workbench_runs_beside_add_to (self->runs_beside, figure);
  return workbench_beside_figure_save (figure, path, error);
}

static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (view);
  g_autoptr (WorkbenchImageSet) set = NULL;

  if (saves_beside (self, path))
    return save_beside (self, path, error);
  if (self->document == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: there is no image to save yet"), path);
      return FALSE;
    }
  set = chosen (self, TRUE);
  return workbench_image_set_save (set, format_of (path), path, NULL, error);
}

static gboolean
save_in_background (WorkbenchView *view, const char *path)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (view);

  if (self->document == NULL || saves_beside (self, path))
    return FALSE;
  workbench_image_saving_start (self->saving, chosen (self, TRUE), format_of (path), path);
  return TRUE;
}

static void
on_chosen (GtkNativeDialog *dialog, int response, WorkbenchGalleryView *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
  else if (path != NULL && self->document != NULL)
    workbench_image_saving_start (self->saving, chosen (self, FALSE),
                                  (WorkbenchImageFormat) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "format")), path);
  g_clear_object (&self->chooser);
}

static void
on_save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (widget);
  gboolean folder = g_str_equal (g_variant_get_string (parameter, NULL), "folder");
  g_autofree char *name = NULL;

  if (self->document == NULL)
    return;
  name = g_strconcat (workbench_document_get_title (self->document), folder ? "-images" : "-images.safetensors", NULL);
  g_clear_object (&self->chooser);
  self->chooser = workbench_chooser_new (_("Save Images"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_SAVE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_object_set_data (G_OBJECT (self->chooser), "format", GINT_TO_POINTER (folder ? WORKBENCH_IMAGES_FOLDER : WORKBENCH_IMAGES_SAFETENSORS));
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static const char *const *
get_endings (WorkbenchView *view)
{
  static const char *const endings[] = { ".png", ".safetensors", NULL };

  return endings;
}

/* ------------------------------------------------------------------------------------------------------ construction */

/* a run that is over has no batch, only what was kept; the batch comes back with the next run, unless somebody chose the pool */
static void
choose_source (WorkbenchGalleryView *self)
{
  gboolean over = workbench_document_get_run (self->document) == NULL;

  if (over && gtk_drop_down_get_selected (self->source) == 0)
    {
      gtk_drop_down_set_selected (self->source, 1);
      self->pool_for_now = TRUE;
    }
  else if (!over && self->pool_for_now)
    gtk_drop_down_set_selected (self->source, 0);
}

static void
describe_frames (WorkbenchGalleryView *self)
{
  const DfkdMethod *method = self->document != NULL ? dfkd_recipe_get_method (workbench_document_get_recipe (self->document)) : NULL;
  gboolean counted = dfkd_method_has_term (method, DFKD_TERM_ADV) && method->adversarial == DFKD_ADVERSARIAL_DECISION;

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->frames), counted ? _("Frame the images that both networks put into the same class: those that L_adv counts")
                                                                  : _("Frame the images that both networks put into the same class"));
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (view);

  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
    }
  explain (self, NULL, NULL);
  g_set_object (&self->document, document);
  self->n_classes = 0;
  describe_frames (self);
  workbench_overlays_set_document (self->overlays, document);
  workbench_album_set_document (self->album, document);
  workbench_image_grid_set_album (self->grid, self->album, document != NULL ? workbench_document_get_selection (document) : NULL);
  if (document != NULL)
    {
      g_signal_connect_swapped (document, "status", G_CALLBACK (show_empty), self);
      g_signal_connect (workbench_document_get_selection (document), "changed", G_CALLBACK (on_changed), self);
      choose_source (self);
    }
  show_others (self);
  on_changed (NULL, self);
}

static void
set_comparison (WorkbenchView *view, WorkbenchComparison *comparison)
{
  workbench_overlays_set_comparison (WORKBENCH_GALLERY_VIEW (view)->overlays, comparison);
}

static gboolean
compares (WorkbenchView *view)
{
  return is_beside (WORKBENCH_GALLERY_VIEW (view));
}

static void
show_comparison (WorkbenchView *view)
{
  gtk_drop_down_set_selected (WORKBENCH_GALLERY_VIEW (view)->source, 2);
}

static void
workbench_gallery_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->set_comparison = set_comparison;
  iface->compares = compares;
  iface->show_comparison = show_comparison;
  iface->get_endings = get_endings;
  iface->save = save;
  iface->save_in_background = save_in_background;
}

static void
workbench_gallery_view_dispose (GObject *object)
{
  WorkbenchGalleryView *self = WORKBENCH_GALLERY_VIEW (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  if (self->explained != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->explained), self);
  g_clear_object (&self->explained);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (workbench_document_get_selection (self->document), self);
  g_clear_object (&self->document);
  if (self->album != NULL)
    g_signal_handlers_disconnect_by_data (self->album, self);
  workbench_glance_cancel (&self->new_title);
  g_clear_object (&self->album);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_gallery_view_parent_class)->dispose (object);
}

static void
workbench_gallery_view_class_init (WorkbenchGalleryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKBENCH_TYPE_IMAGE_GRID);
  g_type_ensure (WORKBENCH_TYPE_IMAGE_PANEL);
  g_type_ensure (WORKBENCH_TYPE_IMAGE_SAVING);
  g_type_ensure (WORKBENCH_TYPE_OVERLAYS);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  g_type_ensure (WORKBENCH_TYPE_RUNS_BESIDE);
  G_OBJECT_CLASS (klass)->dispose = workbench_gallery_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-gallery-view.ui");
  gtk_widget_class_install_action (widget_class, "gallery.save", "s", on_save);
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchGalleryView, name)
  BIND (source);
  BIND (order);
  BIND (class_choice);
  BIND (descending);
  BIND (selected_only);
  BIND (elsewhere);
  BIND (elsewhere_text);
  BIND (elsewhere_button);
  BIND (frames);
  BIND (details);
  BIND (smaller);
  BIND (fit);
  BIND (larger);
  BIND (save_more);
  BIND (title);
  BIND (empty);
  BIND (pages);
  BIND (grid);
  BIND (runs_beside);
  BIND (overlays);
  BIND (panel);
  BIND (saving);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_source);
  gtk_widget_class_bind_template_callback (widget_class, on_order);
  gtk_widget_class_bind_template_callback (widget_class, on_order_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_class);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_only);
  gtk_widget_class_bind_template_callback (widget_class, on_overlays);
  gtk_widget_class_bind_template_callback (widget_class, on_synthesis);
  gtk_widget_class_bind_template_callback (widget_class, on_looked_at);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_show_elsewhere);
  gtk_widget_class_bind_template_callback (widget_class, on_smaller);
  gtk_widget_class_bind_template_callback (widget_class, on_larger);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
  gtk_widget_class_bind_template_callback (widget_class, on_frames);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom);
  gtk_widget_class_bind_template_callback (widget_class, on_details);
}

static void
workbench_gallery_view_init (WorkbenchGalleryView *self)
{
  static const char *const all[] = { NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (all);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->album = workbench_album_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_string_list_append (names, _("all classes"));
  gtk_drop_down_set_model (self->class_choice, G_LIST_MODEL (names));
  workbench_long_name_fit_choice (self->class_choice, CLASS_LETTERS);
  workbench_image_grid_set_describe (self->grid, describe, self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_own_focus), self);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), focus);
  workbench_overlays_take_drops (self->overlays, GTK_WIDGET (self->overlays));
  g_signal_connect (self->album, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self, "map", G_CALLBACK (on_map), self);
  on_zoom (self->grid, NULL, self);
}
