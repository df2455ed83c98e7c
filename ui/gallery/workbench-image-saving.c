/* workbench-image-saving.c: one thread at a time, and a look at it ten times a second. */
#include "workbench-image-saving.h"

#include "workbench-containers.h"

#include <glib/gi18n.h>

enum {
  LOOK = 100, /* milliseconds */
};

typedef struct {
  WorkbenchImageSet *set;
  WorkbenchImageFormat format;
  char *path;
} Job;

struct _WorkbenchImageSaving
{
  GtkBox parent_instance;

  GtkProgressBar *bar;
  GCancellable *cancellable;
  GTask *task; /* (nullable) while it works; owned by its thread */
  guint timer;
};

G_DEFINE_FINAL_TYPE (WorkbenchImageSaving, workbench_image_saving, GTK_TYPE_BOX)

static void
free_job (gpointer data)
{
  Job *job = data;

  workbench_image_set_free (job->set);
  g_free (job->path);
  g_free (job);
}

static void
do_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;

  if (workbench_image_set_save (job->set, job->format, job->path, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
on_look (gpointer data)
{
  WorkbenchImageSaving *self = data;
  const Job *job = g_task_get_task_data (self->task);
  guint done = workbench_image_set_get_done (job->set), count = workbench_image_set_get_count (job->set);
  g_autofree char *text = g_strdup_printf (_("Saving images: %u of %u"), done, count);

  gtk_progress_bar_set_text (self->bar, text);
  gtk_progress_bar_set_fraction (self->bar, count > 0 ? (double) done / count : 0.0);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE); /* from the second look on: most are done before */
  return G_SOURCE_CONTINUE;
}

static void
on_saved (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchImageSaving *self = WORKBENCH_IMAGE_SAVING (object);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  guint done = workbench_image_set_get_done (job->set), count = workbench_image_set_get_count (job->set);
  g_autofree char *text = NULL;

  self->task = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    text = g_strdup_printf (ngettext ("%u image saved to %s", "%u images saved to %s", count), count, job->path);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (error->message);
  else if (job->format == WORKBENCH_IMAGES_FOLDER)
    text = g_strdup_printf (ngettext ("Stopped: %s has %u of %u image", "Stopped: %s has %u of %u images", count), job->path, done, count);
  else
    text = g_strdup_printf (_("Stopped: %s was not written"), job->path);
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

void
workbench_image_saving_start (WorkbenchImageSaving *self, WorkbenchImageSet *set, WorkbenchImageFormat format, const char *path)
{
  Job *job;

  if (self->task != NULL)
    {
      workbench_image_set_free (set);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", _("Images are being saved: wait until that is done, or stop it"));
      return;
    }
  job = g_new0 (Job, 1);
  job->set = set;
  job->format = format;
  job->path = g_strdup (path);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->task = g_task_new (self, self->cancellable, on_saved, NULL);
  g_task_set_task_data (self->task, job, free_job);
  g_task_set_return_on_cancel (self->task, FALSE);
  g_task_run_in_thread (self->task, do_job);
  g_object_unref (self->task); /* the thread has it */
  self->timer = g_timeout_add (LOOK, on_look, self);
}

gboolean
workbench_image_saving_is_busy (WorkbenchImageSaving *self)
{
  return self->task != NULL;
}

void
workbench_image_saving_stop (WorkbenchImageSaving *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
on_stop (GtkButton *button, WorkbenchImageSaving *self)
{
  workbench_image_saving_stop (self);
}

static void
workbench_image_saving_dispose (GObject *object)
{
  WorkbenchImageSaving *self = WORKBENCH_IMAGE_SAVING (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_image_saving_parent_class)->dispose (object);
}

static void
workbench_image_saving_finalize (GObject *object)
{
  g_object_unref (WORKBENCH_IMAGE_SAVING (object)->cancellable);
  G_OBJECT_CLASS (workbench_image_saving_parent_class)->finalize (object);
}

static void
workbench_image_saving_class_init (WorkbenchImageSavingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_image_saving_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_image_saving_finalize;
}

static void
workbench_image_saving_init (WorkbenchImageSaving *self)
{
  GtkWidget *stop = gtk_button_new_with_mnemonic (_("_Stop"));

  self->cancellable = g_cancellable_new ();
  self->bar = g_object_new (GTK_TYPE_PROGRESS_BAR, "show-text", TRUE, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  g_signal_connect (stop, "clicked", G_CALLBACK (on_stop), self);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (self), stop);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
