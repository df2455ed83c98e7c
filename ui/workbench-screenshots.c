/* workbench-screenshots.c: shows, waits, renders, writes. */
#include "workbench-screenshots.h"

#include "workbench-document.h"

#include <errno.h>

enum {
  LOOK = 2500000,   /* µs that a view has to fill itself */
  LONGEST = 240,    /* seconds for the run */
};

static const double ENOUGH = 0.7; /* of the run's progress */

static void
turn (gint64 microseconds)
{
  gint64 end = g_get_monotonic_time () + microseconds;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
wait_for_run (WorkbenchWindow *window)
{
  WorkbenchDocument *document = workbench_window_get_document (window);
  gint64 end = g_get_monotonic_time () + (gint64) LONGEST * G_USEC_PER_SEC;

  while (document != NULL && workbench_document_get_status (document)->progress < ENOUGH && workbench_document_get_status (document)->state != DFKD_STATE_FAILED
         && g_get_monotonic_time () < end)
    turn (50000);
}

/* so that what is known of an image is seen beside the others */
static void
look_at_one (WorkbenchWindow *window)
{
  WorkbenchDocument *document = workbench_window_get_document (window);
  const DfkdPictures *pictures = document != NULL ? workbench_document_get_pictures (document) : NULL;

  if (pictures != NULL)
    workbench_selection_set_current (workbench_document_get_selection (document), workbench_image (pictures->synthesis, 0));
}

typedef struct {
  GtkWidget *window;
  GdkTexture *texture;
} Picture;

/* only here does an animated window have something to render */
static void
on_after_paint (GdkFrameClock *clock, Picture *picture)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (picture->window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (picture->window), (float) gtk_widget_get_height (picture->window));

  gdk_paintable_snapshot (paintable, snapshot, (double) area.size.width, (double) area.size.height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL && picture->texture == NULL)
    picture->texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (picture->window)), node, &area);
}

static GdkTexture *
render (GtkWidget *window)
{
  Picture picture = { .window = window };
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &picture);
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (picture.texture == NULL && g_get_monotonic_time () < end)
    {
      gtk_widget_queue_draw (window);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);
  return picture.texture;
}

static gboolean
take (WorkbenchWindow *window, const char *view, const char *folder, GError **error)
{
  g_autofree char *name = g_strconcat (view, ".png", NULL), *path = g_build_filename (folder, name, NULL);
  g_autoptr (GdkTexture) texture = NULL;

  if (!workbench_window_show_view (window, view))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, "there is no view %s", view);
      return FALSE;
    }
  turn (LOOK);
  texture = render (GTK_WIDGET (window));
  if (texture != NULL && gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, "%s cannot be written", path);
  return FALSE;
}

gboolean
workbench_screenshots_take (WorkbenchWindow *window, const char *view, const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0755) != 0) /* before a run is waited for */
    return dfkd_write_error (folder, errno, error);
  if (view == NULL || workbench_window_show_view (window, view)) /* the run need not be waited for to say that there is none */
    wait_for_run (window);
  look_at_one (window);
  if (view != NULL)
    return take (window, view, folder, error);
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    if (!take (window, workbench_view_kinds[i].name, folder, error))
      return FALSE;
  return TRUE;
}
