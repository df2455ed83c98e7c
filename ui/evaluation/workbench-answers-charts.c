/* workbench-answers-charts.c: lying bars, and the matrix. */
#include "workbench-answers-charts.h"

#include "workbench-chart.h"
#include "workbench-containers.h"
#include "workbench-heat-layer.h"
#include "workbench-overlays.h"
#include "workbench-row-layer.h"
#include "workbench-tick-layer.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
  NARROW = 560,       /* pixels: below each other then */
  LEAST_HEIGHT = 250, /* of the bars */
};

typedef struct {
  WorkbenchAnswersBeside of;
  WorkbenchTickLayer *ticks; /* owned by the chart */
} Beside;

struct _WorkbenchAnswersCharts
{
  GtkBox parent_instance;

  GtkLabel *class_title, *confusion_title;
  WorkbenchChart *by_class, *confusion;
  WorkbenchRowLayer *bars;
  WorkbenchHeatLayer *cells;

  DfkdConfusion *answers;
  GArray *beside; /* of Beside */
  char **names; /* of its classes */
  guint *order; /* of classes in by_class, the uppermost first */
  gboolean sorted;
};

G_DEFINE_FINAL_TYPE (WorkbenchAnswersCharts, workbench_answers_charts, GTK_TYPE_BOX)

static const char *
name_of (WorkbenchAnswersCharts *self, guint class)
{
  return self->names[class];
}

static guint64
row_sum (const DfkdConfusion *answers, guint row)
{
  guint64 sum = 0;

  for (guint i = 0; i < answers->classes; i++)
    sum += answers->counts[(gsize) row * answers->classes + i];
  return sum;
}

/* rows of charts count from below, people read from above */
static guint
class_of_row (WorkbenchAnswersCharts *self, guint row)
{
  return self->order[self->answers->classes - 1 - row];
}

static char *
bar_text (guint row, double value, gpointer data)
{
  WorkbenchAnswersCharts *self = data;
  guint class = class_of_row (self, row);
  guint64 right = self->answers->counts[(gsize) class * self->answers->classes + class], all = row_sum (self->answers, class);
  double precision = 100.0 * dfkd_confusion_precision (self->answers, class);

  if (isnan (precision)) /* nothing was taken for it */
    return g_strdup_printf (_("%s: %.2f %% (%" PRIu64 " of %" PRIu64 "), precision –"), name_of (self, class), value, right, all);
  return g_strdup_printf (_("%s: %.2f %% (%" PRIu64 " of %" PRIu64 "), precision %.2f %%"), name_of (self, class), value, right, all, precision);
}

static double
share_of (const DfkdConfusion *answers, guint row, guint column)
{
  return 100.0 * (double) answers->counts[(gsize) row * answers->classes + column] / (double) row_sum (answers, row);
}

static char *
cell_text (guint row, guint column, double value, gpointer data)
{
  WorkbenchAnswersCharts *self = data;
  guint right = self->answers->classes - 1 - row;

  return g_strdup_printf (_("%s taken for %s: %" PRIu64 ", %.2f %% of the row"), name_of (self, right), name_of (self, column),
                          self->answers->counts[(gsize) right * self->answers->classes + column], share_of (self->answers, right, column));
}

static void
show_beside (WorkbenchAnswersCharts *self)
{
  guint classes = self->answers != NULL ? self->answers->classes : 0;
  g_autofree double *values = g_new (double, classes + 1);

  for (guint i = 0; i < self->beside->len; i++)
    {
      const Beside *beside = &g_array_index (self->beside, Beside, i);
      gboolean same = beside->of.answers->classes == classes;

      for (guint row = 0; row < classes && same; row++)
        values[row] = 100.0 * dfkd_confusion_recall (beside->of.answers, class_of_row (self, row));
      workbench_tick_layer_set (beside->ticks, same ? classes : 0, values);
    }
}

static void
show_by_class (WorkbenchAnswersCharts *self)
{
  guint classes = self->answers->classes;
  g_autofree double *values = g_new (double, classes);
  g_auto (GStrv) labels = g_new0 (char *, classes + 1);

  self->order = g_renew (guint, self->order, classes);
  workbench_answers_order (self->answers, self->sorted, self->order);
  for (guint row = 0; row < classes; row++)
    {
      values[row] = 100.0 * dfkd_confusion_recall (self->answers, class_of_row (self, row));
      labels[row] = g_strdup (name_of (self, class_of_row (self, row)));
    }
  workbench_chart_set_y_labels (self->by_class, (const char *const *) labels);
  workbench_row_layer_set (self->bars, classes, NULL, values, 100.0);
  show_beside (self);
}

static void
show_confusion (WorkbenchAnswersCharts *self)
{
  guint classes = self->answers->classes;
  g_autofree float *shares = g_new (float, (gsize) classes * classes);
  g_auto (GStrv) labels = g_new0 (char *, classes + 1);

  for (guint row = 0; row < classes; row++)
    {
      guint right = classes - 1 - row;

      labels[row] = g_strdup (name_of (self, right));
      for (guint column = 0; column < classes; column++)
        {
          double share = share_of (self->answers, right, column); /* NaN where the class has no image */

          shares[(gsize) row * classes + column] = (float) (share >= 10.0 ? round (share) : share); /* so that the number fits its cell */
        }
    }
  workbench_chart_set_y_labels (self->confusion, (const char *const *) labels);
  workbench_chart_set_x_labels (self->confusion, (const char *const *) self->names);
  workbench_heat_layer_set (self->cells, classes, classes, shares, TRUE);
}

void
workbench_answers_charts_set_against (WorkbenchAnswersCharts *self, WorkbenchAgainst against)
{
  const char *right = against == WORKBENCH_AGAINST_LABELS ? _("label") : _("teacher");

  gtk_label_set_text (self->class_title, against == WORKBENCH_AGAINST_LABELS ? _("Accuracy by class") : _("Agreement by the teacher's class"));
  workbench_chart_set_axes (self->by_class, _("images (%)"), right);
  workbench_chart_set_axes (self->confusion, _("student"), right);
}

void
workbench_answers_charts_show (WorkbenchAnswersCharts *self, DfkdConfusion *answers, const char *const *names)
{
  g_strfreev (self->names);
  self->names = g_strdupv ((char **) names);
  g_clear_pointer (&self->answers, dfkd_confusion_free);
  self->answers = answers;
  show_by_class (self);
  show_confusion (self);
}

static void
clear_beside (gpointer data)
{
  WorkbenchAnswersBeside *of = &((Beside *) data)->of;

  g_free (of->title);
  dfkd_confusion_free (of->answers);
}

void
workbench_answers_charts_set_beside (WorkbenchAnswersCharts *self, const WorkbenchAnswersBeside *beside, guint count)
{
  while (self->beside->len > count)
    {
      workbench_chart_remove (self->by_class, WORKBENCH_CHART_LAYER (g_array_index (self->beside, Beside, self->beside->len - 1).ticks));
      g_array_set_size (self->beside, self->beside->len - 1);
    }
  while (self->beside->len < count)
    {
      const Beside new = { { NULL }, workbench_tick_layer_new (NULL, beside->colour, "%.2f %%") };

      workbench_chart_add (self->by_class, WORKBENCH_CHART_LAYER (new.ticks));
      g_array_append_val (self->beside, new);
    }
  for (guint i = 0; i < count; i++)
    {
      Beside *each = &g_array_index (self->beside, Beside, i);

      clear_beside (each);
      each->of = beside[i];
      workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (each->ticks), each->of.title, each->of.colour);
    }
  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self->bars), count > 0 ? _("this run") : NULL, workbench_palette (0));
  workbench_row_layer_set_numbers_aside (self->bars, count > 0);
  workbench_overlays_make_room (self->by_class, LEAST_HEIGHT, count);
  show_beside (self);
}

void
workbench_answers_charts_clear (WorkbenchAnswersCharts *self, const char *why)
{
  g_clear_pointer (&self->answers, dfkd_confusion_free);
  workbench_row_layer_set (self->bars, 0, NULL, NULL, (double) NAN);
  show_beside (self);
  workbench_heat_layer_set (self->cells, 0, 0, NULL, FALSE);
  workbench_chart_set_empty_text (self->by_class, why);
  workbench_chart_set_empty_text (self->confusion, why);
}

void
workbench_answers_charts_set_sorted (WorkbenchAnswersCharts *self, gboolean sorted)
{
  self->sorted = sorted;
  if (self->answers != NULL)
    show_by_class (self);
}

const DfkdConfusion *
workbench_answers_charts_get_answers (WorkbenchAnswersCharts *self)
{
  return self->answers;
}

void
workbench_answers_charts_set_width (WorkbenchAnswersCharts *self, double width)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), width < NARROW ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/* ------------------------------------------------------------------------------------------------------- saving */

gboolean
workbench_answers_charts_save (WorkbenchAnswersCharts *self, const WorkbenchTitledChart *first, const char *path, GError **error)
{
  const WorkbenchTitledChart charts[] = { *first,
                                          { self->by_class, gtk_label_get_text (self->class_title) },
                                          { self->confusion, gtk_label_get_text (self->confusion_title) } };
  g_autoptr (GString) before = g_string_new (NULL), matrix = g_string_new (NULL);

  if (!g_str_has_suffix (path, ".csv"))
    return workbench_charts_save (charts, G_N_ELEMENTS (charts), NULL, path, error);
  dfkd_csv_append_text (before, charts[2].title);
  dfkd_csv_append_text (before, _("student"));
  dfkd_csv_append_text (before, _("images"));
  if (self->answers != NULL)
    workbench_answers_append_csv (self->answers, (const char *const *) self->names, before->str, matrix);
  return workbench_charts_save (charts, 1, matrix->str, path, error);
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
workbench_answers_charts_dispose (GObject *object)
{
  WorkbenchAnswersCharts *self = WORKBENCH_ANSWERS_CHARTS (object);

  workbench_clear_box (GTK_BOX (self));
  g_clear_pointer (&self->answers, dfkd_confusion_free);
  g_clear_pointer (&self->beside, g_array_unref);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->order, g_free);
  G_OBJECT_CLASS (workbench_answers_charts_parent_class)->dispose (object);
}

static void
workbench_answers_charts_class_init (WorkbenchAnswersChartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_answers_charts_dispose;
  g_type_ensure (WORKBENCH_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-answers-charts.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAnswersCharts, class_title);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAnswersCharts, confusion_title);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAnswersCharts, by_class);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchAnswersCharts, confusion);
}

static void
workbench_answers_charts_init (WorkbenchAnswersCharts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->beside = g_array_new (FALSE, FALSE, sizeof (Beside));
  g_array_set_clear_func (self->beside, clear_beside);
  self->bars = workbench_row_layer_new (NULL, workbench_palette (0), "%.1f", bar_text, self);
  self->cells = workbench_heat_layer_new (FALSE, cell_text, self);
  workbench_chart_add (self->by_class, WORKBENCH_CHART_LAYER (self->bars));
  workbench_chart_add (self->confusion, WORKBENCH_CHART_LAYER (self->cells));
}
