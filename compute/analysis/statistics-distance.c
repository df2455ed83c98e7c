/* statistics-distance.c: batch statistics against stored ones. */
#include "statistics-distance.h"

#include <math.h>

/* ¼ ((a − b)² / ab + Δμ² (1/a + 1/b)): the halved sum of both divergences, without the differences of nearly equal logarithms */
static double
gaussian_divergence (double shift, double a, double b)
{
  return 0.25 * ((a - b) / a * ((a - b) / b) + shift * (shift / a) + shift * (shift / b));
}

static void
compare_layer (const DfkdStatistics *s, double epsilon, DfkdLayerDistance *layer)
{
  const float *mean = s->batch, *variance = s->batch + s->channels;
  double means = 0.0, variances = 0.0;

  layer->channels = s->channels;
  layer->is_finite = TRUE;
  layer->mean_shift = g_new (float, s->channels);
  layer->deviation_shift = g_new (float, s->channels);
  layer->divergence = g_new (float, s->channels);
  for (gsize c = 0; c < s->channels; c++)
    {
      double shift = (double) mean[c] - s->mean[c], change = (double) variance[c] - s->variance[c];
      double now = (double) variance[c] + epsilon, stored = (double) s->variance[c] + epsilon;

      if (!isfinite (shift) || !isfinite (change) || variance[c] < 0.0f || s->variance[c] < 0.0f)
        {
          layer->is_finite = FALSE;
          layer->mean_shift[c] = layer->deviation_shift[c] = layer->divergence[c] = NAN;
          continue;
        }
      means += shift * shift;
      variances += change * change;
      layer->mean_shift[c] = (float) (shift / sqrt (stored));
      layer->deviation_shift[c] = (float) (change / (sqrt (stored) * (sqrt (now) + sqrt (stored))));
      layer->divergence[c] = (float) gaussian_divergence (shift, now, stored);
    }
  layer->mean_distance = layer->is_finite ? sqrt (means) : NAN;
  layer->variance_distance = layer->is_finite ? sqrt (variances) : NAN;
}

static int
by_share (gconstpointer a, gconstpointer b, gpointer data)
{
  const DfkdLayerDistance *layers = data, *x = &layers[*(const guint *) a], *y = &layers[*(const guint *) b];

  if (x->is_finite != y->is_finite)
    return x->is_finite ? -1 : 1;
  if (x->share != y->share)
    return x->share > y->share ? -1 : 1;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

DfkdStatisticsDistance *
dfkd_statistics_distance_new (const DfkdStatistics *layers, guint n_layers, double epsilon)
{
  DfkdStatisticsDistance *distance = g_new0 (DfkdStatisticsDistance, 1);

  distance->n_layers = n_layers;
  distance->layers = g_new0 (DfkdLayerDistance, n_layers);
  distance->ranking = g_new (guint, n_layers);
  for (guint i = 0; i < n_layers; i++)
    {
      DfkdLayerDistance *layer = &distance->layers[i];

      compare_layer (&layers[i], epsilon, layer);
      distance->ranking[i] = i;
      if (layer->is_finite)
        distance->total += layer->mean_distance + layer->variance_distance;
      else
        distance->n_left_out++;
    }
  for (guint i = 0; i < n_layers; i++)
    if (distance->layers[i].is_finite && distance->total > 0.0)
      distance->layers[i].share = (distance->layers[i].mean_distance + distance->layers[i].variance_distance) / distance->total;
  if (n_layers > 0)
    g_qsort_with_data (distance->ranking, (gint) n_layers, sizeof (guint), by_share, distance->layers);
  return distance;
}

void
dfkd_statistics_distance_free (DfkdStatisticsDistance *distance)
{
  if (distance == NULL)
    return;
  for (guint i = 0; i < distance->n_layers; i++)
    {
      g_free (distance->layers[i].mean_shift);
      g_free (distance->layers[i].deviation_shift);
      g_free (distance->layers[i].divergence);
    }
  g_free (distance->layers);
  g_free (distance->ranking);
  g_free (distance);
}
