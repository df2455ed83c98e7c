/* workbench-gallery-save.c: images as files: what is seen as one picture, the selection or all that is listed one by one or with what is known of them. */
#include "workbench-gallery-private.h"

#include "workbench-beside-figure.h"
#include "workbench-save-dialog.h"

#include <glib/gi18n.h>

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
  return workbench_gallery_view_is_beside (self) && format_of (path) != WORKBENCH_IMAGES_SAFETENSORS;
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

void
workbench_gallery_view_init_saving (WorkbenchViewInterface *iface)
{
  iface->get_endings = get_endings;
  iface->save = save;
  iface->save_in_background = save_in_background;
}

void
workbench_gallery_view_dispose_saving (WorkbenchGalleryView *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

void
workbench_gallery_view_class_add_saving (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "gallery.save", "s", on_save);
}
