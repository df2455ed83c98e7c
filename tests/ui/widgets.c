/* widgets.c: searches, and a document. */
#include "widgets.h"

#include "support.h"

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
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  return find (widget, says, (gpointer) text);
}

gboolean
drop_file (GtkWidget *widget, const char *path)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autoptr (GFile) file = strstr (path, "://") != NULL ? g_file_new_for_uri (path) : g_file_new_for_path (path);
  GSList list = { file, NULL };
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (&list));
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
