/* trainer-show.c: what a trainer lets others see of a batch: its images, their film, and what the networks made of them. */
#include "trainer-private.h"

#include <math.h>
#include <string.h>

enum {
  FILM_FRAMES = 32,
  FILM_BYTES = 64 << 20,
};

static const double SOON = 0.1; /* seconds: before anybody could look */

/* ------------------------------------------------------------------------------------- reading from the device */

/* images of [0,1] as bytes, rounded as in the pool */
static gboolean
read_pixels (DfkdTrainer *trainer, DfkdBatchVariable which, guint8 *pixels, GError **error)
{
  const DfkdVariable *images = dfkd_block_get (trainer->synthesis->batch, which);
  gsize count = dfkd_shape_count (&images->shape);
  g_autofree float *values = g_new (float, count);

  if (!dfkd_device_read (trainer->device, trainer->synthesis->batch, images->offset, values, count * sizeof (float), error))
    return FALSE;
  for (gsize i = 0; i < count; i++)
    pixels[i] = (guint8) lrintf (CLAMP (values[i], 0.0f, 1.0f) * 255.0f);
  return TRUE;
}

static gboolean
read_variable (DfkdTrainer *trainer, DfkdBlock *block, guint index, void *values, GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);

  return dfkd_device_read (trainer->device, block, variable->offset, values, dfkd_shape_bytes (&variable->shape), error);
}

static gboolean
read_rows (DfkdTrainer *trainer, DfkdPictures *pictures, DfkdRows rows, DfkdBlock *block, guint index, GError **error)
{
  gsize columns = dfkd_shape_count (&dfkd_block_get (block, index)->shape) / pictures->count;

  return read_variable (trainer, block, index, dfkd_pictures_add_rows (pictures, rows, columns), error);
}

/* what there is of rows: @block holds them by the names that they have in files */
static gboolean
read_all_rows (DfkdTrainer *trainer, DfkdPictures *pictures, DfkdBlock *block, GError **error)
{
  DfkdBlock *latents = trainer->synthesis->latents;

  for (guint i = 0; i < dfkd_block_count (block); i++)
    {
      DfkdRows rows;

      if (dfkd_rows_find (dfkd_block_get (block, i)->name, &rows) && !read_rows (trainer, pictures, rows, block, i, error))
        return FALSE;
    }
  return latents == NULL || read_rows (trainer, pictures, DFKD_ROWS_Z_START, latents, DFKD_LATENTS_Z_START, error);
}

/* the [2,C] of every batch norm, one behind the other */
static float *
read_statistics (DfkdTrainer *trainer, DfkdBlock *block, GError **error)
{
  const GArray *norms = trainer->norms->norms;
  g_autofree float *values = g_new (float, trainer->norms->size);
  g_autofree guint8 *bytes = g_malloc (block->bytes);

  if (!dfkd_device_read (trainer->device, block, 0, bytes, block->bytes, error))
    return NULL;
  for (guint i = 0; i < norms->len; i++)
    {
      const DfkdNorm *norm = &g_array_index (norms, DfkdNorm, i);

      memcpy (values + norm->offset, bytes + dfkd_block_get (block, i)->offset, 2 * norm->channels * sizeof (float));
    }
  return g_steal_pointer (&values);
}

static gboolean
add_statistics (DfkdTrainer *trainer, DfkdFrame *frame, GError **error)
{
  g_autofree float *average = NULL;
  float share = dfkd_trainer_bn_momentum (trainer);

  if (trainer->norms->size == 0)
    return TRUE;
  frame->statistics = read_statistics (trainer, trainer->synthesis->statistics, error);
  if (frame->statistics == NULL || (share > 0.0f && (average = read_statistics (trainer, trainer->synthesis->average, error)) == NULL))
    return FALSE;
  frame->compared = g_memdup2 (frame->statistics, trainer->norms->size * sizeof (float));
  for (gsize i = 0; i < trainer->norms->size && average != NULL; i++)
    frame->compared[i] = (1.0f - share) * frame->statistics[i] + share * average[i];
  return TRUE;
}

/* @synthesis: whose they are, from 1 */
static DfkdPictures *
new_pictures (DfkdTrainer *trainer, guint synthesis)
{
  const DfkdShape *shape = &dfkd_block_get (trainer->synthesis->batch, DFKD_BATCH_IMAGES)->shape;
  DfkdPictures *pictures = dfkd_pictures_new (shape->dim[0], shape->dim[1], shape->dim[2], shape->dim[3]);

  pictures->step = trainer->counters.inner_steps;
  pictures->inner = trainer->counters.inner;
  pictures->k = dfkd_trainer_integer (trainer, DFKD_PARAMETER_K);
  pictures->synthesis = synthesis;
  pictures->method = trainer->method;
  for (DfkdTerm i = 0; i < DFKD_N_TERMS; i++)
    if (!dfkd_method_has_term (trainer->method, i))
      pictures->weights[i] = 0.0f;
    else
      pictures->weights[i] = i == DFKD_TERM_ADV ? dfkd_trainer_adv (trainer, synthesis) : (float) dfkd_recipe_number (trainer->recipe, dfkd_term_name (i));
  return pictures;
}

DfkdPictures *
dfkd_trainer_get_kept (DfkdTrainer *trainer, GError **error)
{
  g_autoptr (DfkdPictures) pictures = new_pictures (trainer, trainer->counters.synthesis);
  float loss;

  if (!read_pixels (trainer, DFKD_BATCH_BEST, pictures->pixels, error)
      || !read_variable (trainer, trainer->synthesis->batch, DFKD_BATCH_LABELS, pictures->labels, error)
      || !read_variable (trainer, trainer->synthesis->batch, DFKD_BATCH_BEST_LOSS, &loss, error)
      || !read_all_rows (trainer, pictures, trainer->synthesis->kept, error))
    return NULL;
  pictures->loss = (double) loss;
  if (trainer->norms->size > 0)
    {
      pictures->norms = dfkd_norms_ref (trainer->norms);
      pictures->statistics = read_statistics (trainer, trainer->synthesis->statistics, error);
      if (pictures->statistics == NULL)
        return NULL;
    }
  return g_steal_pointer (&pictures);
}

DfkdNorms *
dfkd_trainer_read_norms (DfkdTrainer *trainer)
{
  const DfkdModel *teacher = trainer->teacher_model;
  DfkdNorms *norms = dfkd_norms_new ();

  if (dfkd_method_setting (trainer->method, "bn") == NULL) /* then nobody asks for statistics, and there are none */
    return norms;
  for (guint i = 0; i < dfkd_block_count (trainer->synthesis->statistics); i++)
    {
      const DfkdVariable *statistics = dfkd_block_get (trainer->synthesis->statistics, i);
      g_autofree char *wanted = g_strconcat (statistics->name, ".running_mean", NULL);

      for (guint j = 0; j < teacher->network->tensors->len; j++)
        {
          const DfkdNetworkTensor *tensor = &g_array_index (teacher->network->tensors, DfkdNetworkTensor, j);

          if (g_str_equal (tensor->name, wanted))
            dfkd_norms_add (norms, statistics->name, tensor->shape.dim[0],
                            teacher->state + dfkd_block_get (teacher->network->state, tensor->variable)->offset / sizeof (float));
        }
    }
  return norms;
}

/* ------------------------------------------------------------------------------------------------------ the film */

void
dfkd_trainer_begin_film (DfkdTrainer *trainer)
{
  DfkdFilm *film = &trainer->film;

  dfkd_trainer_clear_film (trainer);
  film->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_frame_unref);
  film->stride = 1;
}

void
dfkd_trainer_clear_film (DfkdTrainer *trainer)
{
  trainer->film.running = FALSE;
  g_clear_pointer (&trainer->film.frames, g_ptr_array_unref);
  g_clear_pointer (&trainer->film.last, dfkd_frame_unref);
}

/* every second frame goes, the first stays */
static void
thin (DfkdFilm *film)
{
  film->stride *= 2;
  for (guint i = film->frames->len; i-- > 0;)
    if ((((DfkdFrame *) g_ptr_array_index (film->frames, i))->inner - 1) % film->stride != 0)
      g_ptr_array_remove_index (film->frames, i);
}

static DfkdFrame *
read_frame (DfkdTrainer *trainer, GError **error)
{
  DfkdFilm *film = &trainer->film;
  gsize pixels = dfkd_shape_count (&dfkd_block_get (trainer->synthesis->batch, DFKD_BATCH_IMAGES)->shape);
  gsize bytes = pixels + 2 * trainer->norms->size * sizeof (float);
  g_autoptr (DfkdFrame) frame = dfkd_frame_new (trainer->counters.inner, pixels);
  guint most = (guint) CLAMP (FILM_BYTES / bytes, 2, FILM_FRAMES);

  if (!read_pixels (trainer, DFKD_BATCH_IMAGES, frame->pixels, error) || !add_statistics (trainer, frame, error))
    return NULL;
  if (film->frames == NULL) /* a run that goes on within a synthesis */
    dfkd_trainer_begin_film (trainer);
  while (film->frames->len >= most)
    thin (film);
  if ((frame->inner - 1) % film->stride == 0)
    g_ptr_array_add (film->frames, dfkd_frame_ref (frame));
  g_clear_pointer (&film->last, dfkd_frame_unref);
  film->last = dfkd_frame_ref (frame);
  return g_steal_pointer (&frame);
}

/* the frames that there are, the last one with them */
static GPtrArray *
copy_frames (const DfkdFilm *film)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_frame_unref);

  for (guint i = 0; i < film->frames->len; i++)
    g_ptr_array_add (frames, dfkd_frame_ref (g_ptr_array_index (film->frames, i)));
  if (film->frames->len == 0 || g_ptr_array_index (film->frames, film->frames->len - 1) != film->last)
    g_ptr_array_add (frames, dfkd_frame_ref (film->last));
  return frames;
}

DfkdPictures *
dfkd_trainer_get_film (DfkdTrainer *trainer, const DfkdPictures *kept)
{
  const DfkdFilm *film = &trainer->film;
  DfkdPictures *pictures;

  if (film->last == NULL)
    return NULL;
  pictures = dfkd_pictures_new (kept->count, kept->channels, kept->height, kept->width);
  pictures->method = kept->method;
  pictures->step = kept->step;
  pictures->synthesis = kept->synthesis;
  pictures->inner = film->last->inner;
  pictures->k = kept->k;
  memcpy (pictures->labels, kept->labels, kept->count * sizeof (gint32));
  memcpy (pictures->pixels, film->last->pixels, kept->count * dfkd_pictures_image_bytes (kept));
  if (film->last->statistics != NULL)
    {
      pictures->norms = dfkd_norms_ref (trainer->norms);
      pictures->statistics = g_memdup2 (film->last->statistics, trainer->norms->size * sizeof (float));
    }
  pictures->frames = copy_frames (film);
  return pictures;
}

static gboolean
post (DfkdTrainer *trainer, DfkdFrame *frame, GError **error)
{
  g_autoptr (DfkdPictures) pictures = new_pictures (trainer, trainer->counters.synthesis + 1);

  memcpy (pictures->pixels, frame->pixels, pictures->count * dfkd_pictures_image_bytes (pictures));
  if (!read_variable (trainer, trainer->synthesis->batch, DFKD_BATCH_LABELS, pictures->labels, error)
      || !read_all_rows (trainer, pictures, trainer->synthesis->seen, error))
    return FALSE;
  if (frame->statistics != NULL)
    {
      pictures->norms = dfkd_norms_ref (trainer->norms);
      pictures->statistics = g_memdup2 (frame->statistics, trainer->norms->size * sizeof (float));
      pictures->compared = g_memdup2 (frame->compared, trainer->norms->size * sizeof (float));
    }
  for (guint i = 0; i < DFKD_N_TERMS; i++)
    pictures->losses[i] = trainer->losses[DFKD_SERIES_LOSS + 1 + i];
  pictures->loss = trainer->losses[DFKD_SERIES_LOSS];
  pictures->frames = copy_frames (&trainer->film);
  dfkd_channel_post_pictures (trainer->channel, g_steal_pointer (&pictures));
  return TRUE;
}

/* seconds until the present synthesis has done its inner steps; 0 while nobody knows */
static double
time_left (const DfkdTrainer *trainer)
{
  guint k = dfkd_trainer_integer (trainer, DFKD_PARAMETER_K), inner = trainer->counters.inner;

  return trainer->pace[DFKD_STAGE_GENERATE].seconds * (inner < k ? k - inner : 0);
}

gboolean
dfkd_trainer_watch (DfkdTrainer *trainer, gboolean alone)
{
  DfkdFilm *film = &trainer->film;
  double left = time_left (trainer);

  if (film->running)
    return TRUE;
  if (alone)
    film->running = dfkd_channel_has_viewer (trainer->channel);
  else if (trainer->counters.inner == 0)
    film->running = dfkd_channel_wants_pictures (trainer->channel, left);
  else if (left >= SOON) /* else the next one, which can be shown from its start, begins before anybody could look */
    film->running = dfkd_channel_wants_pictures (trainer->channel, 0.0);
  return film->running;
}

gboolean
dfkd_trainer_show (DfkdTrainer *trainer, gboolean due, GError **error)
{
  gint64 started = g_get_monotonic_time ();
  g_autoptr (DfkdFrame) frame = read_frame (trainer, error);

  if (frame == NULL)
    return FALSE;
  if ((due || (time_left (trainer) >= SOON && dfkd_channel_wants_pictures (trainer->channel, 0.0))) && !post (trainer, frame, error))
    return FALSE;
  dfkd_trainer_account_show (trainer, (double) (g_get_monotonic_time () - started) * 1e-6);
  return TRUE;
}
