/* workbench-run-row.c: shows an entry of the list of runs. */
#include "workbench-run-row.h"

#include "workbench-containers.h"

struct _WorkbenchRunRow
{
  GtkBox parent_instance;

  GtkPicture *thumbnail;
  GtkLabel *title, *line, *note;
  GtkMenuButton *write;
  GtkPopover *popover;
  GtkEntry *entry_of_note;
  WorkbenchRunEntry *noted_on; /* whose note is being written */
  char *unsaved;               /* a note that could not be kept */
  GtkButton *open, *resume, *restore, *remove, *delete;

  WorkbenchRunEntry *entry;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunRow, workbench_run_row, GTK_TYPE_BOX)

static guint asked, noted;

static void
on_button (GtkButton *button, WorkbenchRunRow *self)
{
  g_signal_emit (self, asked, 0, gtk_buildable_get_buildable_id (GTK_BUILDABLE (button)));
}

static void
show_note (WorkbenchRunRow *self)
{
  const char *note = workbench_run_entry_get_note (self->entry);

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note), note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

/* of @noted_on, as it is kept */
static void
fill_in (WorkbenchRunRow *self)
{
  const char *note = self->noted_on != NULL ? workbench_run_entry_get_note (self->noted_on) : NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->entry_of_note), note != NULL ? note : "");
}

static void
on_popover (GtkPopover *popover, WorkbenchRunRow *self)
{
  g_autofree char *unsaved = g_steal_pointer (&self->unsaved);

  if (unsaved != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->entry_of_note), unsaved);
      return;
    }
  g_set_object (&self->noted_on, self->entry); /* the row may come to show another run meanwhile */
  fill_in (self);
}

static void
on_written (GtkEntry *entry, WorkbenchRunRow *self)
{
  gtk_popover_popdown (self->popover);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, WorkbenchRunRow *self)
{
  if (key == GDK_KEY_Escape)
    fill_in (self); /* and so nothing is written when it closes */
  return FALSE;
}

static gboolean
pop_up_again (gpointer row)
{
  WorkbenchRunRow *self = row;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_popover_popup (self->popover);
  return G_SOURCE_REMOVE;
}

/* however it was closed: nobody wrote for nothing */
static void
on_closed (GtkPopover *popover, WorkbenchRunRow *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry_of_note)));
  gboolean kept = FALSE;

  if (self->noted_on == NULL)
    return;
  g_signal_emit (self, noted, 0, self->noted_on, text, &kept);
  if (kept)
    return;
  self->unsaved = g_steal_pointer (&text);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, pop_up_again, g_object_ref (self), g_object_unref);
}

static void
show_thumbnail (WorkbenchRunRow *self)
{
  gtk_picture_set_paintable (self->thumbnail, GDK_PAINTABLE (workbench_run_entry_get_thumbnail (self->entry)));
}

/* for who hears the buttons alone: whose they are */
static void
describe_buttons (WorkbenchRunRow *self)
{
  GtkWidget *const buttons[] = { GTK_WIDGET (self->open), GTK_WIDGET (self->resume), GTK_WIDGET (self->restore), GTK_WIDGET (self->remove),
                                 GTK_WIDGET (self->delete), GTK_WIDGET (self->write) };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (buttons[i]), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, workbench_run_entry_get_title (self->entry), -1);
}

void
workbench_run_row_set_entry (WorkbenchRunRow *self, WorkbenchRunEntry *entry)
{
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_data (self->entry, self);
  g_set_object (&self->entry, entry);
  if (entry == NULL)
    return;
  gtk_label_set_text (self->title, workbench_run_entry_get_title (entry));
  gtk_label_set_text (self->line, workbench_run_entry_get_line (entry));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), workbench_run_entry_get_folder (entry));
  gtk_widget_set_sensitive (GTK_WIDGET (self->resume), workbench_run_entry_can_resume (entry));
  g_signal_connect_swapped (entry, "notify::thumbnail", G_CALLBACK (show_thumbnail), self);
  g_signal_connect_swapped (entry, "notify::note", G_CALLBACK (show_note), self);
  show_note (self);
  show_thumbnail (self);
  describe_buttons (self);
}

WorkbenchRunEntry *
workbench_run_row_get_entry (WorkbenchRunRow *self)
{
  return self->entry;
}

static void
workbench_run_row_dispose (GObject *object)
{
  WorkbenchRunRow *self = WORKBENCH_RUN_ROW (object);

  workbench_run_row_set_entry (self, NULL);
  g_clear_object (&self->noted_on);
  g_clear_pointer (&self->unsaved, g_free);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_run_row_parent_class)->dispose (object);
}

static void
workbench_run_row_class_init (WorkbenchRunRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_run_row_dispose;
  asked = g_signal_new ("asked", WORKBENCH_TYPE_RUN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  noted = g_signal_new ("noted", WORKBENCH_TYPE_RUN_ROW, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2,
                        WORKBENCH_TYPE_RUN_ENTRY, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-run-row.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchRunRow, name)
  BIND (thumbnail);
  BIND (title);
  BIND (line);
  BIND (note);
  BIND (write);
  BIND (popover);
  gtk_widget_class_bind_template_child_full (widget_class, "entry", FALSE, G_STRUCT_OFFSET (WorkbenchRunRow, entry_of_note));
  BIND (open);
  BIND (resume);
  BIND (restore);
  BIND (remove);
  BIND (delete);
#undef BIND
}

static void
workbench_run_row_init (WorkbenchRunRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->open, "clicked", G_CALLBACK (on_button), self);
  g_signal_connect (self->resume, "clicked", G_CALLBACK (on_button), self);
  g_signal_connect (self->restore, "clicked", G_CALLBACK (on_button), self);
  g_signal_connect (self->remove, "clicked", G_CALLBACK (on_button), self);
  g_signal_connect (self->popover, "show", G_CALLBACK (on_popover), self);
  g_signal_connect (self->popover, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (self->entry_of_note, "activate", G_CALLBACK (on_written), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry_of_note), keys);
  g_signal_connect (self->delete, "clicked", G_CALLBACK (on_button), self);
}

WorkbenchRunRow *
workbench_run_row_new (gboolean deleted)
{
  WorkbenchRunRow *self = g_object_new (WORKBENCH_TYPE_RUN_ROW, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->open), !deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->resume), !deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->restore), deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->remove), deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->delete), !deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->write), !deleted);
  return self;
}
