/* shapes32.c: a picture from its parts, and a data set of them. */
#include "shapes32-private.h"

#include "dataset-private.h"
#include "random.h"
#include "thread-pool.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum {
  SIDE = DFKD_SHAPES32_SIDE,
  PLANE = SIDE * SIDE,
  STRIDE = 4 * SIDE,
  TASK = 50,                 /* pictures */
  PURPOSE_TRAINING = 0x7368, /* of no other draw */
  PURPOSE_TEST = 0x7369,
};

static const char *const names[] = { N_ ("disc"),     N_ ("ring"),  N_ ("triangle"), N_ ("square"), N_ ("star"), N_ ("cross"),
                                     N_ ("crescent"), N_ ("heart"), N_ ("arrow"),    N_ ("spiral"), NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_SHAPES32_CLASSES + 1);

const char *const *
dfkd_shapes32_names (void)
{
  return names;
}

guint32
dfkd_drawer_word (DfkdDrawer *d)
{
  if (d->drawn % 4 == 0)
    dfkd_philox (d->seed, d->purpose, d->picture, d->drawn / 4, d->words);
  return d->words[d->drawn++ % 4];
}

double
dfkd_drawer_uniform (DfkdDrawer *d, double low, double high)
{
  return low + (high - low) * (double) dfkd_philox_uniform (dfkd_drawer_word (d));
}

guint
dfkd_drawer_integer (DfkdDrawer *d, guint range)
{
  return dfkd_philox_integer (dfkd_drawer_word (d), range);
}

/* about N(0, 1): a word's four bytes added up, which every machine rounds alike */
static double
grain (guint32 word)
{
  const double mean = 4.0 * 127.5, deviation = 147.8;

  return ((double) ((word & 0xff) + (word >> 8 & 0xff) + (word >> 16 & 0xff) + (word >> 24)) - mean) / deviation;
}

/* contrast and brightness of the whole, then noise in each pixel, half of it grey */
static void
develop (DfkdDrawer *d, const guint8 *canvas, guint8 *pixels)
{
  double gain = dfkd_drawer_uniform (d, 0.6, 1.0), shift = dfkd_drawer_uniform (d, 0.0, 1.0 - gain);
  double noise = dfkd_drawer_uniform (d, 0.0, 0.12) * G_SQRT2 / 2.0;

  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < SIDE; x++)
      {
        guint32 pixel = ((const guint32 *) (gconstpointer) (canvas + y * STRIDE))[x];
        double grey = grain (dfkd_drawer_word (d));

        for (guint channel = 0; channel < 3; channel++)
          {
            double value = (double) (pixel >> (16 - 8 * channel) & 0xff) / 255.0;

            value = shift + gain * value + noise * (grey + grain (dfkd_drawer_word (d)));
            pixels[channel * PLANE + y * SIDE + x] = (guint8) lrint (CLAMP (value, 0.0, 1.0) * 255.0);
          }
      }
}

static void
draw (guint64 seed, gboolean test, guint32 index, cairo_t *cairo, const guint8 *canvas, guint8 *pixels)
{
  DfkdDrawer d = { cairo, seed, test ? PURPOSE_TEST : PURPOSE_TRAINING, index, 0, { 0 } };
  DfkdColour background = dfkd_paint_background (&d);

  dfkd_paint_clutter (&d, 2 + dfkd_drawer_integer (&d, 5));
  dfkd_paint_shape (&d, index % DFKD_SHAPES32_CLASSES, &background, dfkd_drawer_uniform (&d, 0.15, 0.45));
  dfkd_paint_clutter (&d, dfkd_drawer_integer (&d, 4));
  dfkd_paint_occluders (&d);
  cairo_surface_flush (cairo_get_target (cairo));
  develop (&d, canvas, pixels);
}

/* one canvas for many pictures, each of which covers all of it */
static cairo_t *
new_canvas (guint8 *canvas)
{
  cairo_surface_t *surface = cairo_image_surface_create_for_data (canvas, CAIRO_FORMAT_RGB24, SIDE, SIDE, STRIDE);
  cairo_t *cairo = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cairo;
}

void
dfkd_shapes32_draw (guint64 seed, gboolean test, guint32 index, guint8 *pixels)
{
  guint8 canvas[SIDE * STRIDE];
  cairo_t *cairo = new_canvas (canvas);

  draw (seed, test, index, cairo, canvas, pixels);
  cairo_destroy (cairo);
}

typedef struct {
  DfkdDataset *dataset;
  guint64 seed;
  gboolean test;
} Job;

static void
draw_some (gpointer data, gsize task)
{
  const Job *job = data;
  gsize end = MIN ((task + 1) * TASK, job->dataset->count);
  guint8 canvas[SIDE * STRIDE];
  cairo_t *cairo = new_canvas (canvas);

  for (gsize i = task * TASK; i < end; i++)
    {
      draw (job->seed, job->test, (guint32) i, cairo, canvas, job->dataset->images + i * 3 * PLANE);
      job->dataset->labels[i] = (gint32) (i % DFKD_SHAPES32_CLASSES);
    }
  cairo_destroy (cairo);
}

DfkdDataset *
dfkd_shapes32_new (guint64 seed, gboolean test, gsize count, GError **error)
{
  const gsize all = test ? DFKD_SHAPES32_TEST : DFKD_SHAPES32_TRAINING;
  DfkdDataset *dataset = dfkd_dataset_new (count > 0 ? MIN (count, all) : all, 3, SIDE, SIDE, "shapes32", error);
  g_autoptr (DfkdThreadPool) pool = NULL;

  if (dataset == NULL)
    return NULL;
  dataset->classes = DFKD_SHAPES32_CLASSES;
  dataset->classes_known = TRUE;
  dataset->class_names = g_strdupv ((char **) names);
  pool = dfkd_thread_pool_new (0);
  dfkd_thread_pool_run (pool, (dataset->count + TASK - 1) / TASK, draw_some, &(Job){ dataset, seed, test });
  return dataset;
}
