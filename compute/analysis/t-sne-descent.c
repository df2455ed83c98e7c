/* t-sne-descent.c: the gradient (van der Maaten 2014, section 4), steps along it, and first places. */
#include "t-sne-private.h"

#include "errors.h"
#include "points-private.h"
#include "random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  POINTS = 256, /* a task */
  NEIGHBOURS_OF_PLACE = 5,
  PURPOSE_PLACES = 1,
};

static const double JITTER = 1e-4; /* of the layout's deviation, or as it is where there is none */

typedef struct {
  DfkdTSne *t;
  double theta, exaggeration, normaliser;
  double *sums; /* a task */
} Work;

static void
repel_task (gpointer data, gsize index)
{
  const Work *w = data;

  dfkd_map_tree_repel (w->t->tree, w->theta, index * POINTS, MIN ((index + 1) * POINTS, w->t->n), w->t->forces, w->t->weights);
}

/* with @d known to the compiler */
static inline __attribute__ ((always_inline)) void
attract (const Work *w, gsize i, const guint d)
{
  const DfkdTSne *t = w->t;
  const double *y = t->places + i * d;
  double f[3] = { 0 };

  for (gsize e = t->starts[i]; e < t->starts[i + 1]; e++)
    {
      const double *other = t->places + (gsize) t->columns[e] * d;
      double difference[3], square = 0.0, pull;

      for (guint a = 0; a < d; a++)
        {
          difference[a] = y[a] - other[a];
          square += difference[a] * difference[a];
        }
      pull = t->affinities[e] / (1.0 + square);
      for (guint a = 0; a < d; a++)
        f[a] += pull * difference[a];
    }
  for (guint a = 0; a < d; a++)
    t->gradient[i * d + a] = 4.0 * (w->exaggeration * f[a] - t->forces[i * d + a] / w->normaliser);
}

static void
attract_task (gpointer data, gsize index)
{
  const Work *w = data;

  for (gsize i = index * POINTS; i < MIN ((index + 1) * POINTS, w->t->n); i++)
    if (w->t->settings.dimensions == 2)
      attract (w, i, 2);
    else
      attract (w, i, 3);
}

/* forces of repulsion, and Σ q over all pairs */
static gboolean
find_repulsion (Work *w)
{
  DfkdTSne *t = w->t;

  if (!dfkd_map_tree_build (t->tree, t->places, t->n))
    return FALSE;
  dfkd_work_over (t->pool, (t->n + POINTS - 1) / POINTS, repel_task, w);
  w->normaliser = 0.0;
  for (gsize i = 0; i < t->n; i++)
    w->normaliser += t->weights[i];
  w->normaliser = MAX (w->normaliser, G_MINDOUBLE); /* of a point alone */
  return TRUE;
}

gboolean
dfkd_t_sne_find_gradient (DfkdTSne *t, double theta, double exaggeration, double *normaliser)
{
  Work w = { .t = t, .theta = theta, .exaggeration = exaggeration };

  if (!find_repulsion (&w))
    return FALSE;
  dfkd_work_over (t->pool, (t->n + POINTS - 1) / POINTS, attract_task, &w);
  *normaliser = w.normaliser;
  return TRUE;
}

/* Momentum and gains of each coordinate (Jacobs 1988). The mean of all places stays where it is: then neither the layout wanders, nor
 * does it move when points come or go. */
static void
step (DfkdTSne *t, double rate, double momentum)
{
  guint d = t->settings.dimensions;

  for (guint a = 0; a < d; a++)
    {
      double mean = 0.0;

      for (gsize i = a; i < t->n * d; i += d)
        {
          gboolean goes_on = t->gradient[i] * t->velocities[i] < 0.0;

          t->gains[i] = goes_on ? t->gains[i] + 0.2 : MAX (t->gains[i] * 0.8, 0.01);
          t->velocities[i] = momentum * t->velocities[i] - rate * t->gains[i] * t->gradient[i];
          mean += t->velocities[i];
        }
      mean /= (double) t->n;
      for (gsize i = a; i < t->n * d; i += d)
        t->places[i] += t->velocities[i] - mean;
    }
}

gboolean
dfkd_t_sne_iterate (DfkdTSne *t, GError **error)
{
  const DfkdTSneSettings *s = &t->settings;
  gboolean is_early = t->iteration < s->exaggeration_iterations;
  double rate = s->rate > 0.0 ? s->rate : MAX ((double) t->n / s->exaggeration / 4.0, 50.0), normaliser;

  if (!dfkd_t_sne_find_gradient (t, s->theta, is_early ? s->exaggeration : 1.0, &normaliser))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_NUMBER, _("the layout left all bounds; choose a lower rate of learning"));
      return FALSE;
    }
  step (t, rate, is_early ? 0.5 : 0.8);
  t->iteration++;
  return TRUE;
}

static void
divergence_task (gpointer data, gsize index)
{
  const Work *w = data;
  const DfkdTSne *t = w->t;
  guint d = t->settings.dimensions;
  double sum = 0.0;

  for (gsize i = index * POINTS; i < MIN ((index + 1) * POINTS, t->n); i++)
    for (gsize e = t->starts[i]; e < t->starts[i + 1]; e++)
      {
        double p = t->affinities[e], square = 0.0;

        for (guint a = 0; a < d; a++)
          {
            double difference = t->places[i * d + a] - t->places[(gsize) t->columns[e] * d + a];

            square += difference * difference;
          }
        sum += p > 0.0 ? p * log (p * (1.0 + square) * w->normaliser) : 0.0;
      }
  w->sums[index] = sum;
}

double
dfkd_t_sne_divergence (DfkdTSne *t)
{
  gsize tasks = (t->n + POINTS - 1) / POINTS;
  g_autofree double *sums = g_new (double, tasks);
  Work w = { .t = t, .theta = t->settings.theta, .sums = sums };
  double sum = 0.0;

  if (t->stage != DFKD_T_SNE_DESCENT || t->n < 2 || !find_repulsion (&w))
    return NAN;
  dfkd_work_over (t->pool, tasks, divergence_task, &w);
  for (gsize i = 0; i < tasks; i++)
    sum += sums[i];
  return sum;
}

/* mean and deviation of the places that there are; 0 without any */
static double
describe_places (const DfkdTSne *t, double *mean, gsize *count)
{
  guint d = t->settings.dimensions;
  double squares = 0.0;

  *count = 0;
  for (gsize i = 0; i < t->n; i++)
    *count += t->points[i].has_place ? 1 : 0;
  for (guint a = 0; a < d; a++)
    {
      mean[a] = 0.0;
      for (gsize i = 0; i < t->n; i++)
        if (t->points[i].has_place)
          mean[a] += t->places[i * d + a] / (double) *count;
      for (gsize i = 0; i < t->n; i++)
        if (t->points[i].has_place)
          squares += (t->places[i * d + a] - mean[a]) * (t->places[i * d + a] - mean[a]);
    }
  return *count > 0 ? sqrt (squares / (double) *count / d) : 0.0;
}

/* a normal number for each coordinate of the point @id */
static void
draw (const DfkdTSne *t, guint64 id, float normal[4])
{
  guint32 words[4];

  dfkd_philox (t->settings.seed, PURPOSE_PLACES, (guint32) (id >> 32), (guint32) id, words);
  dfkd_philox_normal (words[0], words[1], normal);
  dfkd_philox_normal (words[2], words[3], normal + 2);
}

void
dfkd_t_sne_place (DfkdTSne *t)
{
  guint d = t->settings.dimensions;
  double mean[3], deviation, jitter;
  g_autofree gboolean *had_place = g_new (gboolean, t->n);
  gsize count;

  deviation = describe_places (t, mean, &count);
  jitter = deviation > 0.0 ? JITTER * deviation : JITTER;
  for (gsize i = 0; i < t->n; i++)
    had_place[i] = t->points[i].has_place;
  for (gsize i = 0; i < t->n; i++)
    {
      double place[3] = { 0 };
      float normal[4];
      guint found = 0;

      draw (t, t->ids[i], normal);
      if (had_place[i])
        {
          /* all in one place would stay there for ever */
          for (guint a = 0; a < d && deviation == 0.0 && t->n > 1; a++)
            t->places[i * d + a] += jitter * normal[a];
          continue;
        }
      for (guint j = 0; j < t->points[i].n && found < NEIGHBOURS_OF_PLACE; j++)
        {
          guint32 other = t->near[i * t->capacity + j].index;

          if (!had_place[other])
            continue;
          found++;
          for (guint a = 0; a < d; a++)
            place[a] += t->places[(gsize) other * d + a];
        }
      for (guint a = 0; a < d; a++)
        t->places[i * d + a] = (found > 0 ? place[a] / found : mean[a]) + jitter * normal[a];
      t->points[i].has_place = TRUE;
    }
}
