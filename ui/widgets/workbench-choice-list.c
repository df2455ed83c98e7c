/* workbench-choice-list.c: the factory of a drop-down's list. */
#include "workbench-choice-list.h"

typedef struct {
  GtkDropDown *choice; /* not owned: it owns the factory */
  WorkbenchWhyNot why_not;
  gpointer data;
} List;

static gboolean
to_opacity (GBinding *binding, const GValue *selected, GValue *opacity, gpointer item)
{
  g_value_set_double (opacity, g_value_get_uint (selected) == gtk_list_item_get_position (item) ? 1.0 : 0.0);
  return TRUE;
}

/* the text, and a tick at what is chosen */
static void
on_setup (GtkListItemFactory *factory, GtkListItem *item, List *list)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = gtk_label_new (NULL), *tick = gtk_image_new_from_icon_name ("object-select-symbolic");

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), tick);
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *item, List *list)
{
  GtkWidget *box = gtk_list_item_get_child (item), *label = gtk_widget_get_first_child (box), *tick = gtk_widget_get_last_child (box);
  const char *reason = list->why_not (gtk_list_item_get_position (item), list->data);

  gtk_label_set_text (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  gtk_list_item_set_selectable (item, reason == NULL);
  gtk_list_item_set_activatable (item, reason == NULL);
  gtk_widget_set_sensitive (box, reason == NULL);
  gtk_widget_set_tooltip_text (box, reason);
  g_object_set_data (G_OBJECT (item), "ticked",
                     g_object_bind_property_full (list->choice, "selected", tick, "opacity", G_BINDING_SYNC_CREATE, to_opacity, NULL, item, NULL));
}

static void
on_unbind (GtkListItemFactory *factory, GtkListItem *item, List *list)
{
  g_binding_unbind (g_object_steal_data (G_OBJECT (item), "ticked"));
}

static void
free_list (gpointer list, GClosure *closure)
{
  g_free (list);
}

void
workbench_choice_list_install (GtkDropDown *choice, WorkbenchWhyNot why_not, gpointer data)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  List *list = g_new (List, 1);

  *list = (List){ choice, why_not, data };
  g_signal_connect_data (factory, "setup", G_CALLBACK (on_setup), list, free_list, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), list);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), list);
  gtk_drop_down_set_list_factory (choice, factory);
}
