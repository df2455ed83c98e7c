/* workbench-latent-texts.c: what is said of the map, or in its place. */
#include "workbench-latent-view-private.h"

#include "workbench-classes.h"

#include <glib/gi18n.h>
#include <math.h>

char *
workbench_latent_view_describe (WorkbenchLatentView *self, WorkbenchImage image)
{
  const WorkbenchFacts *f = workbench_album_get_facts (self->album, image);

  return workbench_image_name (self->document, image, f != NULL ? f->label : -1);
}

/* which image is the current one, for eyes and for who cannot see the map */
static void
show_present (WorkbenchLatentView *self)
{
  WorkbenchSelection *selection = self->document != NULL ? workbench_document_get_selection (self->document) : NULL;
  WorkbenchImage current = selection != NULL ? workbench_selection_get_current (selection) : WORKBENCH_NO_IMAGE;
  g_autofree char *image = current != WORKBENCH_NO_IMAGE ? workbench_latent_view_describe (self, current) : NULL, *text = NULL;

  if (image != NULL && workbench_selection_contains (selection, current))
    text = g_strdup_printf (_("%s; selected"), image);
  else
    text = g_steal_pointer (&image);
  gtk_widget_set_visible (GTK_WIDGET (self->present), text != NULL);
  if (g_strcmp0 (gtk_label_get_text (self->present), text != NULL ? text : "") == 0)
    return;
  gtk_label_set_text (self->present, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "", -1);
}

void
workbench_latent_view_show_progress (WorkbenchLatentView *self)
{
  WorkbenchLayoutProgress p = self->layout != NULL ? workbench_layout_get_progress (self->layout) : (WorkbenchLayoutProgress){ 0 };
  gboolean settled = p.iteration >= p.total;
  g_autofree char *text = NULL;
  const char *icon;

  gtk_widget_set_visible (self->progress, p.total > 0);
  if (p.total == 0)
    return;
  if (p.ready < 1.0)
    text = g_strdup_printf (_("finding neighbours: %.0f %%"), 100.0 * p.ready);
  else if (settled)
    text = g_strdup_printf (_("%u iterations done"), p.total);
  else if (self->stopped)
    text = g_strdup_printf (_("stopped at iteration %u of %u"), p.iteration, p.total);
  else
    text = g_strdup_printf (_("iteration %u of %u"), p.iteration, p.total);
  workbench_readout_set_text (self->progress_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->stop), !settled || self->stopped);
  icon = self->stopped ? "media-playback-start-symbolic" : "media-playback-stop-symbolic";
  if (g_strcmp0 (gtk_button_get_icon_name (self->stop), icon) == 0)
    return;
  gtk_button_set_icon_name (self->stop, icon); /* lays everything out anew */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->stop), self->stopped ? _("Go on laying out the points") : _("Leave the points where they are"));
}

/* points that are laid out, without test images */
static guint
count_synthetic (WorkbenchLatentView *self)
{
  const gsize n = self->layout != NULL ? workbench_layout_get_count (self->layout) : 0;
  guint count = 0;

  for (gsize i = 0; i < n; i++)
    count += !workbench_image_is_test (workbench_layout_get_ids (self->layout)[i]);
  return count;
}

/* why there are no test images among the points; NULL: there are, or nobody asks for them */
static const char *
why_no_test (WorkbenchLatentView *self)
{
  if (self->test_images == NULL || self->points == NULL || !workbench_latent_view_has_test (self) || workbench_points_get_test_count (self->points) > 0)
    return NULL;
  return workbench_test_images_get_pictures (self->test_images) == NULL ? workbench_test_images_get_reason (self->test_images)
                                                                        : workbench_test_images_no_match ();
}

/* how many test images there are among the points, and what those of the pool have of them */
static void
append_precision_recall (WorkbenchLatentView *self, GString *text)
{
  const DfkdPrecisionRecall *measured = self->precision_recall != NULL ? workbench_precision_recall_get (self->precision_recall) : NULL;
  const guint count = self->points != NULL ? (guint) workbench_points_get_test_count (self->points) : 0;

  if (count > 0 && text->len > 0)
    g_string_append_c (text, '\n');
  if (count > 0)
    g_string_append_printf (text, ngettext ("○ %u test image", "○ %u test images", count), count);
  if (measured != NULL)
    g_string_append_printf (text, _(" · precision %.0f %%, recall %.0f %%, density %.2f, coverage %.0f %%"), 100.0 * measured->precision,
                            100.0 * measured->recall, measured->density, 100.0 * measured->coverage);
}

char *
workbench_latent_view_measures (WorkbenchLatentView *self)
{
  double kept = self->layout != NULL ? workbench_layout_get_kept (self->layout) : (double) NAN;
  double explained = self->layout != NULL ? workbench_layout_get_explained (self->layout) : (double) NAN;
  const guint count = count_synthetic (self);
  const WorkbenchReading reading = self->points != NULL ? workbench_points_get_reading (self->points) : (WorkbenchReading){ 0, 0, 0 };
  GString *text = g_string_new (NULL);

  if (count > 0)
    g_string_append_printf (text, ngettext ("%u point", "%u points", count), count);
  workbench_reading_append (&reading, text);
  if (!isnan (explained) && text->len > 0)
    g_string_append_printf (text, _(" · the axes explain %.0f %% of the variance"), 100.0 * explained);
  if (!isnan (kept) && text->len > 0)
    g_string_append_printf (text, _(" · of each point's %d nearest neighbours the map keeps %.0f %%"), WORKBENCH_KEPT_NEIGHBOURS, 100.0 * kept);
  append_precision_recall (self, text);
  return g_string_free (text, FALSE);
}

static void
show_status (WorkbenchLatentView *self)
{
  g_autofree char *measured = workbench_latent_view_measures (self);
  const char *reason = why_no_test (self);
  g_autofree char *text
    = g_strconcat (measured, reason != NULL ? "\n" : "", reason != NULL ? reason : "", workbench_latent_view_is_t_sne (self) ? _("\nRead which points lie together, not how far groups are apart nor how large they are.")
                                             : _("\nFar apart on the map is far apart; near on the map may be far in the directions that it leaves out."), NULL);

  workbench_readout_set_text (self->status, text);
}

static void
show_page (WorkbenchLatentView *self)
{
  const GError *error = gtk_gl_area_get_error (GTK_GL_AREA (self->map));
  gboolean any = self->layout != NULL && workbench_layout_get_count (self->layout) > 0;
  const char *reason = workbench_latent_view_why_not (gtk_drop_down_get_selected (self->space), self);
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_strdup_printf (_("The map needs OpenGL, which this display does not give: %s"), error->message);
  else if (self->document == NULL)
    text = g_strdup (_("No run is open"));
  else if (workbench_document_get_history (self->document) == NULL)
    text = g_strdup (_("The map shows the pool of a run that has a folder: its pictures are kept there. Choose a folder for runs, and start a run."));
  else if (self->layout != NULL && workbench_layout_get_problem (self->layout) != NULL)
    text = g_strdup (workbench_layout_get_problem (self->layout));
  else if (reason != NULL)
    text = g_strdup (reason);
  else if (self->points != NULL && workbench_points_get_reading (self->points).read > 0 && workbench_points_get_count (self->points) == 0)
    text = g_strdup (_("The images of this run were kept without these numbers: choose others than these"));
  else if (workbench_document_has_all_elsewhere (self->document))
    text = g_strdup (_("The map begins with the next synthesis: the pictures of those before the branch are in the folder of the run that it is from"));
  else
    text = g_strdup (_("The map begins with the first synthesis"));
  gtk_label_set_text (self->empty, text);
  gtk_stack_set_visible_child_name (self->pages, any && error == NULL ? "map" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->legend), any && !workbench_latent_view_is_by_class (self));
  gtk_widget_set_visible (GTK_WIDGET (self->class_legend), any && workbench_latent_view_is_by_class (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->test), workbench_latent_view_kind (self) == DFKD_ROWS_TEACHER_FEATURES);
  gtk_widget_set_sensitive (GTK_WIDGET (self->paths), workbench_latent_view_kind (self) == DFKD_ROWS_Z && !workbench_latent_view_is_t_sne (self));
}

void
workbench_latent_view_show_texts (WorkbenchLatentView *self)
{
  show_page (self);
  show_status (self);
  workbench_latent_view_show_progress (self);
  show_present (self);
}
