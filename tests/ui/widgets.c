/* widgets.c: searches, and a document. */
#include "widgets.h"

#include "support.h"
#include "workbench-readout.h"
#include "workbench-view.h"

#include <string.h>

typedef gboolean (*Fits) (GtkWidget *widget, gpointer data);

static GtkWidget *
find (GtkWidget *widget, Fits fits, gpointer data)
{
  GtkWidget *found = NULL;

  if (fits (widget, data))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find (child, fits, data);
  return found;
}

typedef struct {
  GType type;
  guint skip;
  const char *label;
} Wanted;

static gboolean
is_nth (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;

  return g_type_is_a (G_OBJECT_TYPE (widget), wanted->type) && wanted->skip-- == 0;
}

GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  return find_nth (widget, type, 0);
}

GtkWidget *
find_nth (GtkWidget *widget, GType type, guint skip)
{
  return find (widget, is_nth, &(Wanted){ .type = type, .skip = skip });
}

const char *
get_text (GtkWidget *widget)
{
  if (WORKBENCH_IS_READOUT (widget))
    return workbench_readout_get_text (WORKBENCH_READOUT (widget));
  return GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;
}

static gboolean
is_labelled (GtkWidget *widget, gpointer data)
{
  const Wanted *wanted = data;

  if (!g_type_is_a (G_OBJECT_TYPE (widget), wanted->type))
    return FALSE;
  if (GTK_IS_BUTTON (widget))
    return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), wanted->label) == 0;
  return GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), wanted->label) != NULL;
}

GtkWidget *
find_labelled (GtkWidget *widget, GType type, const char *label)
{
  return find (widget, is_labelled, &(Wanted){ .type = type, .label = label });
}

static gboolean
says (GtkWidget *widget, gpointer text)
{
  return get_text (widget) != NULL && gtk_widget_get_mapped (widget) && strstr (get_text (widget), text) != NULL;
}

GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  return find (widget, says, (gpointer) text);
}

static void
note (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

guint8 *
draw_widget (GtkWidget *widget, gsize *stride)
{
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  g_autoptr (GdkPaintable) paintable = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  gboolean painted = FALSE;
  guint8 *pixels;

  g_signal_connect (clock, "after-paint", G_CALLBACK (note), &painted);
  if (GTK_IS_GL_AREA (widget))
    gtk_gl_area_queue_render (GTK_GL_AREA (widget));
  else
    gtk_widget_queue_draw (widget);
  TURN_UNTIL (painted);
  g_signal_handlers_disconnect_by_data (clock, &painted);
  paintable = gtk_widget_paintable_new (widget);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  *stride = 4 * (gsize) gdk_texture_get_width (texture);
  pixels = g_malloc (*stride * (gsize) gdk_texture_get_height (texture));
  gdk_texture_download (texture, pixels, *stride);
  return pixels;
}

GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  GtkEventController *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        found = controller;
    }
  return found;
}

gboolean
press_key (GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !taken; i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0u, state, &taken);
    }
  return taken;
}

static gboolean
is_row (GtkWidget *widget, gpointer id)
{
  return WORKBENCH_IS_PARAMETER_ROW (widget) && workbench_parameter_row_get_id (WORKBENCH_PARAMETER_ROW (widget)) == *(DfkdParameterId *) id;
}

WorkbenchParameterRow *
find_row (GtkWidget *widget, DfkdParameterId id)
{
  GtkWidget *found = find (widget, is_row, &id);

  return found != NULL ? WORKBENCH_PARAMETER_ROW (found) : NULL;
}

static void
on_end (gpointer left)
{
  --*(guint *) left;
}

void
watch_end (gpointer object, guint *left)
{
  ++*left;
  g_object_set_data_full (object, "watched to its end", left, on_end); /* data go with the object, after it was disposed of */
}

void
watch_ends (GtkWidget *widget, guint *left)
{
  if (GTK_IS_NATIVE (widget) && gtk_widget_get_parent (widget) != NULL && !GTK_IS_POPOVER (widget))
    return; /* that of tooltips is the toolkit's own */
  watch_end (widget, left);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    watch_ends (child, left);
}

void
close_watched (GtkWidget *window, gpointer object)
{
  guint left = 0;

  watch_end (object, &left);
  gtk_window_destroy (GTK_WINDOW (window));
  TURN_UNTIL (left == 0);
}

gboolean
drop_file (GtkWidget *widget, const char *path)
{
  return drop_files (widget, (const char *const[]){ path, NULL });
}

gboolean
drop_files (GtkWidget *widget, const char *const *paths)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autoslist (GFile) list = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  for (guint i = 0; paths[i] != NULL; i++)
    list = g_slist_append (list, strstr (paths[i], "://") != NULL ? g_file_new_for_uri (paths[i]) : g_file_new_for_path (paths[i]));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (list));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 1.0, 1.0, &taken);
    }
  return taken;
}

WorkbenchDocument *
open_document (const char *folder)
{
  g_autoptr (GError) error = NULL;
  WorkbenchDocument *document = workbench_document_open (folder, &error);

  g_assert_no_error (error);
  TURN_UNTIL (!workbench_document_is_loading (document));
  return document;
}

GtkWidget *
show_view (GType type, WorkbenchDocument *document)
{
  GtkWidget *view = g_object_new (type, NULL), *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (gtk_widget_get_mapped (view));
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  return view;
}

void
end_view (GtkWidget *view)
{
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  close_watched (GTK_WIDGET (gtk_widget_get_root (view)), view);
}

GtkWindow *
find_toplevel (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GtkWindow *found = NULL;

  for (GList *link = windows; link != NULL; link = link->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (link->data, type))
      found = link->data;
  return found;
}
