/* workbench-long-name.c: letters left out, and told. */
#include "workbench-long-name.h"

static gboolean
on_query_tooltip (GtkLabel *label, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (label));
  return TRUE;
}

void
workbench_long_name_fit (GtkLabel *label, int letters)
{
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (label, letters);
  gtk_widget_set_has_tooltip (GTK_WIDGET (label), TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *item, gpointer letters)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  workbench_long_name_fit (GTK_LABEL (label), GPOINTER_TO_INT (letters));
  gtk_list_item_set_child (item, label);
}

/* half of the letters have room wherever there is little; a name that is not longer keeps all of them */
static void
on_bind (GtkListItemFactory *factory, GtkListItem *item, gpointer letters)
{
  const char *name = gtk_string_object_get_string (gtk_list_item_get_item (item));
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  const int least = GPOINTER_TO_INT (letters) / 2;
  const gboolean is_long = g_utf8_strlen (name, -1) > least;

  gtk_label_set_text (label, name);
  gtk_label_set_ellipsize (label, is_long ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars (label, is_long ? least : -1);
}

void
workbench_long_name_fit_choice (GtkDropDown *choice, int letters)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"); /* what a search looks at */

  gtk_drop_down_set_expression (choice, name);
  gtk_expression_unref (name);
  gtk_drop_down_set_list_factory (choice, gtk_drop_down_get_factory (choice)); /* that of GTK, which marks the one that is chosen */
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), GINT_TO_POINTER (letters));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), GINT_TO_POINTER (letters));
  gtk_drop_down_set_factory (choice, factory);
}
