/* confusion.c: counting pairs of classes. */
#include "confusion.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

DfkdConfusion *
dfkd_confusion_new (guint classes, GError **error)
{
  g_autoptr (DfkdConfusion) confusion = g_new0 (DfkdConfusion, 1);
  gsize cells;

  g_return_val_if_fail (classes >= 1, NULL);
  confusion->classes = classes;
  if (dfkd_size_multiply (classes, classes, &cells))
    confusion->counts = g_try_new0 (guint64, cells);
  if (confusion->counts == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is no memory for the confusion matrix of %u classes"), classes);
      return NULL;
    }
  return g_steal_pointer (&confusion);
}

void
dfkd_confusion_free (DfkdConfusion *confusion)
{
  if (confusion == NULL)
    return;
  g_free (confusion->counts);
  g_free (confusion);
}

void
dfkd_confusion_clear (DfkdConfusion *confusion)
{
  memset (confusion->counts, 0, (gsize) confusion->classes * confusion->classes * sizeof (guint64));
  confusion->counted = confusion->labels_outside = confusion->predictions_outside = 0;
}

void
dfkd_confusion_add (DfkdConfusion *confusion, const gint32 *labels, const gint32 *predictions, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (labels[i] < 0 || (guint) labels[i] >= confusion->classes)
      confusion->labels_outside++;
    else if (predictions[i] < 0 || (guint) predictions[i] >= confusion->classes)
      confusion->predictions_outside++;
    else
      {
        confusion->counts[(gsize) labels[i] * confusion->classes + (gsize) predictions[i]]++;
        confusion->counted++;
      }
}

static guint64
with_label (const DfkdConfusion *c, guint class)
{
  guint64 sum = 0;

  for (guint i = 0; i < c->classes; i++)
    sum += c->counts[(gsize) class * c->classes + i];
  return sum;
}

static guint64
with_prediction (const DfkdConfusion *c, guint class)
{
  guint64 sum = 0;

  for (guint i = 0; i < c->classes; i++)
    sum += c->counts[(gsize) i * c->classes + class];
  return sum;
}

static guint64
right (const DfkdConfusion *c, guint class)
{
  return c->counts[(gsize) class * c->classes + class];
}

static double
share (guint64 part, guint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : NAN;
}

double
dfkd_confusion_accuracy (const DfkdConfusion *confusion)
{
  guint64 sum = 0;

  for (guint i = 0; i < confusion->classes; i++)
    sum += right (confusion, i);
  return share (sum, confusion->counted);
}

double
dfkd_confusion_recall (const DfkdConfusion *confusion, guint class)
{
  g_return_val_if_fail (class < confusion->classes, NAN);
  return share (right (confusion, class), with_label (confusion, class));
}

double
dfkd_confusion_precision (const DfkdConfusion *confusion, guint class)
{
  g_return_val_if_fail (class < confusion->classes, NAN);
  return share (right (confusion, class), with_prediction (confusion, class));
}

double
dfkd_confusion_kappa (const DfkdConfusion *confusion)
{
  g_autofree guint64 *predicted = g_new0 (guint64, confusion->classes); /* row by row: columns are far apart in memory */
  double n = (double) confusion->counted, chance = 0.0;
  gboolean one_class = FALSE;

  for (guint i = 0; i < confusion->classes; i++)
    for (guint j = 0; j < confusion->classes; j++)
      predicted[j] += confusion->counts[(gsize) i * confusion->classes + j];
  for (guint i = 0; i < confusion->classes; i++)
    {
      guint64 labels = with_label (confusion, i);

      chance += (double) labels / n * ((double) predicted[i] / n);
      one_class = one_class || (labels == confusion->counted && predicted[i] == confusion->counted);
    }
  if (confusion->counted == 0 || one_class)
    return NAN;
  return (dfkd_confusion_accuracy (confusion) - chance) / (1.0 - chance);
}

double
dfkd_prediction_agreement (const gint32 *a, const gint32 *b, gsize n, guint classes, double *kappa, GError **error)
{
  g_autoptr (DfkdConfusion) confusion = dfkd_confusion_new (classes, error);

  if (kappa != NULL)
    *kappa = NAN;
  if (confusion == NULL)
    return NAN;
  dfkd_confusion_add (confusion, a, b, n);
  if (kappa != NULL)
    *kappa = dfkd_confusion_kappa (confusion);
  return dfkd_confusion_accuracy (confusion);
}
