/* pool.c: the two forms of the pool, and what both draw. */
#include "pool.h"

#include "build.h"
#include "errors.h"
#include "pool-file.h"
#include "random.h"

#include <math.h>

struct _DfkdPool
{
  DfkdDevice *device;
  DfkdBlock *images;  /* resident: all of them; on disk: those of the steps that are staged */
  DfkdBlock *kept;    /* on disk: those of a synthesis, on their way to the file */
  DfkdProgram *store; /* source → images or kept */
  gsize batch, image_bytes, room;
  gsize most; /* that a step may draw */
  guint64 count;
  guint steps;
  gboolean on_disk;

  /* on disk */
  char *folder; /* NULL: a temporary file */
  DfkdPoolFile *file;
  guint8 *bytes;  /* as much as images, or kept */
  guint32 *index; /* of the steps that are staged */
  gsize drawn;    /* images a step */
  guint32 purpose;
};

static DfkdBlock *
new_block (const char *name, const DfkdShape *source, gsize images)
{
  DfkdBlock *block = dfkd_block_new (name);

  dfkd_block_add (block, "images", dfkd_shape_of_type (DFKD_U8, images, source->dim[1], source->dim[2], source->dim[3]));
  return block;
}

/* FALSE without an error: there is too little memory for all of them */
static gboolean
make_resident (DfkdPool *pool, const DfkdShape *source, const DfkdPoolOptions *options, GError **error)
{
  guint64 largest = dfkd_device_describe (pool->device)->largest;
  g_autoptr (GError) problem = NULL;
  gsize bytes;

  if (!dfkd_size_multiply (options->images, pool->image_bytes, &bytes) || bytes > options->memory || options->images > G_MAXINT32
      || (largest > 0 && bytes > largest))
    return FALSE;
  pool->images = new_block ("pool", source, options->images);
  if (dfkd_device_allocate (pool->device, pool->images, &problem))
    return TRUE;
  g_clear_pointer (&pool->images, dfkd_block_free);
  if (!g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_MEMORY))
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* room for as many steps as a device is handed at once, where memory allows them */
static gboolean
make_stage (DfkdPool *pool, const DfkdShape *source, const DfkdPoolOptions *options, GError **error)
{
  gsize step = pool->most * pool->image_bytes;

  pool->on_disk = TRUE;
  pool->room = G_MAXUINT32; /* which a draw can reach */
  if (dfkd_device_has_batches (pool->device))
    pool->steps = (guint) CLAMP (options->memory / MAX (step, 1), 1, DFKD_MAX_LANES);
  pool->images = new_block ("staged images", source, pool->steps * pool->most);
  pool->kept = new_block ("kept images", source, pool->batch);
  pool->bytes = g_malloc (MAX (pool->steps * step, pool->batch * pool->image_bytes));
  pool->index = g_new (guint32, pool->steps * pool->most);
  return dfkd_device_allocate (pool->device, pool->images, error) && dfkd_device_allocate (pool->device, pool->kept, error);
}

DfkdPool *
dfkd_pool_new (DfkdDevice *device, const DfkdPoolOptions *options, GError **error)
{
  const DfkdShape *source = &dfkd_block_get (options->source, options->variable)->shape;
  g_autoptr (DfkdPool) pool = g_new0 (DfkdPool, 1);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("keeping images");
  g_autoptr (GError) problem = NULL;

  pool->device = device;
  pool->batch = source->dim[0];
  pool->most = options->drawn > 0 ? options->drawn : pool->batch;
  pool->image_bytes = source->dim[1] * source->dim[2] * source->dim[3];
  pool->room = options->images;
  pool->steps = DFKD_MAX_LANES;
  if (!make_resident (pool, source, options, &problem))
    {
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      pool->steps = 1;
      if (!make_stage (pool, source, options, error))
        return NULL;
    }
  dfkd_store_images (g, dfkd_graph_variable (g, pool->on_disk ? pool->kept : pool->images, 0),
                     dfkd_graph_variable (g, options->source, options->variable), dfkd_graph_counter (g, "store"));
  pool->store = dfkd_program_new (device, g, error);
  return pool->store != NULL ? g_steal_pointer (&pool) : NULL;
}

void
dfkd_pool_free (DfkdPool *pool)
{
  if (pool == NULL)
    return;
  dfkd_program_free (pool->store);
  dfkd_block_free (pool->images);
  dfkd_block_free (pool->kept);
  dfkd_pool_file_free (pool->file);
  g_free (pool->folder);
  g_free (pool->bytes);
  g_free (pool->index);
  g_free (pool);
}

gboolean
dfkd_pool_is_on_disk (const DfkdPool *pool)
{
  return pool->on_disk;
}

guint64
dfkd_pool_count (const DfkdPool *pool)
{
  return pool->count;
}

gboolean
dfkd_pool_has_room (const DfkdPool *pool, guint64 images)
{
  return images <= pool->room;
}

gsize
dfkd_pool_image_bytes (const DfkdPool *pool)
{
  return pool->image_bytes;
}

guint
dfkd_pool_steps (const DfkdPool *pool)
{
  return pool->steps;
}

/* --------------------------------------------------------------------------------------------------- content */

static gboolean
open_file (DfkdPool *pool, GError **error)
{
  if (pool->file == NULL)
    pool->file = dfkd_pool_file_new (pool->folder, pool->image_bytes, error);
  return pool->file != NULL;
}

gboolean
dfkd_pool_place (DfkdPool *pool, const char *folder, GError **error)
{
  g_return_val_if_fail (pool->count == 0, FALSE);
  g_free (pool->folder);
  pool->folder = g_strdup (folder);
  g_clear_pointer (&pool->file, dfkd_pool_file_free);
  return !pool->on_disk || open_file (pool, error); /* so that a folder that takes no file is found at once */
}

gboolean
dfkd_pool_append (DfkdPool *pool, const guint8 *images, gsize count, GError **error)
{
  g_return_val_if_fail (dfkd_pool_has_room (pool, pool->count + count), FALSE);
  if (pool->on_disk ? !open_file (pool, error) || !dfkd_pool_file_append (pool->file, images, count, error)
                    : !dfkd_device_write (pool->device, pool->images, pool->count * pool->image_bytes, images, count * pool->image_bytes, error))
    return FALSE;
  pool->count += count;
  return TRUE;
}

gboolean
dfkd_pool_read (DfkdPool *pool, guint64 first, gsize count, guint8 *images, GError **error)
{
  g_return_val_if_fail (first + count <= pool->count, FALSE);
  if (count == 0)
    return TRUE;
  return pool->on_disk ? dfkd_pool_file_read (pool->file, first, count, images, error)
                       : dfkd_device_read (pool->device, pool->images, first * pool->image_bytes, images, count * pool->image_bytes, error);
}

void
dfkd_pool_clear (DfkdPool *pool)
{
  pool->count = 0;
  g_clear_pointer (&pool->file, dfkd_pool_file_free);
}

gboolean
dfkd_pool_keep (DfkdPool *pool, GError **error)
{
  g_return_val_if_fail (dfkd_pool_has_room (pool, pool->count + pool->batch), FALSE);
  dfkd_program_set_counter (pool->store, "store", 0, 0, pool->on_disk ? 0 : (guint32) pool->count);
  if (!dfkd_program_run (pool->store, error) || !dfkd_program_wait (pool->store, error))
    return FALSE;
  if (pool->on_disk)
    return dfkd_device_read (pool->device, pool->kept, 0, pool->bytes, pool->batch * pool->image_bytes, error)
           && dfkd_pool_append (pool, pool->bytes, pool->batch, error);
  pool->count += pool->batch;
  return TRUE;
}

char *
dfkd_pool_sync (DfkdPool *pool, GError **error)
{
  g_return_val_if_fail (pool->on_disk, NULL);
  return open_file (pool, error) ? dfkd_pool_file_sync (pool->file, error) : NULL;
}

gboolean
dfkd_pool_resume (DfkdPool *pool, const char *folder, guint64 count, const char *sha256, GError **error)
{
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_open (folder, pool->image_bytes, count, sha256, error);
  g_autofree guint8 *some = g_malloc (pool->batch * pool->image_bytes);

  if (file == NULL)
    return FALSE;
  dfkd_pool_clear (pool);
  if (pool->on_disk)
    {
      g_free (pool->folder);
      pool->folder = g_strdup (folder);
      pool->file = g_steal_pointer (&file);
      pool->count = count;
      return TRUE;
    }
  while (pool->count < count)
    {
      gsize n = (gsize) MIN (pool->batch, count - pool->count);

      if (!dfkd_pool_file_read (file, pool->count, n, some, error) || !dfkd_pool_append (pool, some, n, error))
        return FALSE;
    }
  return TRUE;
}

/* --------------------------------------------------------------------------------------------------- drawing */

DfkdValue
dfkd_pool_draw (DfkdPool *pool, DfkdGraph *g, DfkdValue counter, gsize batch, guint32 purpose)
{
  DfkdValue index;

  g_return_val_if_fail (batch <= pool->most, DFKD_NONE);
  pool->drawn = batch;
  pool->purpose = purpose;
  if (pool->on_disk)
    index = dfkd_iota (g, dfkd_graph_counter (g, "staged"), batch);
  else
    index = dfkd_random_integers (g, counter, dfkd_graph_dial (g, "count"), dfkd_shape (batch, 0, 0, 0), purpose, 0);
  return dfkd_gather_images (g, dfkd_graph_variable (g, pool->images, 0), index);
}

/* The device is told how many there are as a float, never more than there are: past 2^24 it takes those that a float can
 * count, all but one in 2^24. */
static float
count_of (const DfkdPool *pool)
{
  float count = (float) pool->count;

  return (double) count > (double) pool->count ? nextafterf (count, 0.0f) : count;
}

gboolean
dfkd_pool_stage (DfkdPool *pool, guint64 seed, guint32 step, guint n, GError **error)
{
  guint32 range = (guint32) count_of (pool);
  gsize all = n * pool->drawn;

  if (!pool->on_disk || pool->drawn == 0)
    return TRUE;
  g_return_val_if_fail (n <= pool->steps && pool->count > 0, FALSE);
  for (gsize i = 0; i < all; i++)
    {
      gsize element = i % pool->drawn;
      guint32 words[4];

      dfkd_philox (seed, pool->purpose, step + (guint32) (i / pool->drawn), (guint32) (element / 4), words);
      pool->index[i] = dfkd_philox_integer (words[element % 4], range);
    }
  return dfkd_pool_file_gather (pool->file, pool->index, all, pool->bytes, error)
         && dfkd_device_write (pool->device, pool->images, 0, pool->bytes, all * pool->image_bytes, error);
}

void
dfkd_pool_set_dials (const DfkdPool *pool, DfkdProgram *program, guint i)
{
  dfkd_program_set (program, "count", count_of (pool));
  dfkd_program_set_counter (program, "staged", 0, 0, (guint32) (i * pool->drawn));
}
