/* tensorboard-writer.c: packs events and frames them. */
#include "tensorboard-writer.h"

#include "atomic-file.h"
#include "errors.h"
#include "map-file.h"
#include "tensorboard.pb-c.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
  AT_ONCE = 1 << 20, /* bytes of a part */
  HEAD = 12,         /* length and its checksum */
  TAIL = 4,
  WALL_TIME = 1 << 3 | 1, /* with what an event begins: its first field, of eight bytes */
};

static const char PREFIX[] = "events.out.tfevents.dfkd-"; /* TensorBoard looks for the second word */

struct _DfkdTensorboardWriter
{
  char *folder;
  guint number;   /* of the file that is there; 0: there is none */
  GBytes *file;   /* its contents (nullable) */
  gsize same;     /* so many of its bytes have been written again */
  gboolean other; /* what came then is another thing */
  double begin;

  GByteArray *part; /* what is not in the file, since the last of them was full */
  GPtrArray *parts; /* of GBytes */
};

/* ------------------------------------------------------------------------------------------------------ records */

static gpointer
make_table (gpointer table)
{
  guint32 *remainders = table;

  for (guint32 byte = 0; byte < 256; byte++)
    {
      guint32 remainder = byte;

      for (guint bit = 0; bit < 8; bit++)
        remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? 0x82f63b78 : 0);
      remainders[byte] = remainder;
    }
  return table;
}

guint32
dfkd_crc32c (const guint8 *data, gsize length)
{
  static guint32 table[256];
  static GOnce made = G_ONCE_INIT;
  guint32 remainder = 0xffffffff;

  g_once (&made, make_table, table);
  for (gsize i = 0; i < length; i++)
    remainder = remainder >> 8 ^ table[(remainder ^ data[i]) & 0xff];
  return ~remainder;
}

/* so that a checksum of data that hold checksums is a good one; little-endian */
static void
put_masked (guint8 *to, const guint8 *data, gsize length)
{
  const guint32 crc = dfkd_crc32c (data, length), masked = GUINT32_TO_LE ((crc >> 15 | crc << 17) + 0xa282ead8);

  memcpy (to, &masked, sizeof masked);
}

static void
put_away (DfkdTensorboardWriter *writer)
{
  g_ptr_array_add (writer->parts, g_byte_array_free_to_bytes (writer->part));
  writer->part = g_byte_array_new ();
}

/* keeps of a record what is not in the file */
static void
put (DfkdTensorboardWriter *writer, const guint8 *record, gsize size)
{
  gsize length = 0, there;
  const guint8 *data = writer->file != NULL ? g_bytes_get_data (writer->file, &length) : NULL;

  there = writer->other ? 0 : MIN (size, length - writer->same);
  if (there > 0 && memcmp (data + writer->same, record, there) != 0)
    {
      writer->other = TRUE;
      there = 0;
    }
  writer->same += there;
  g_byte_array_append (writer->part, record + there, (guint) (size - there));
  if (writer->part->len >= AT_ONCE)
    put_away (writer);
}

static void
add_event (DfkdTensorboardWriter *writer, const Tensorboard__Event *event)
{
  const gsize size = tensorboard__event__get_packed_size (event);
  const guint64 length = GUINT64_TO_LE ((guint64) size);
  g_autofree guint8 *record = g_malloc (HEAD + size + TAIL);

  memcpy (record, &length, sizeof length);
  put_masked (record + sizeof length, record, sizeof length);
  tensorboard__event__pack (event, record + HEAD);
  put_masked (record + HEAD + size, record + HEAD, size);
  put (writer, record, HEAD + size + TAIL);
}

/* ------------------------------------------------------------------------------------------------------- events */

static void
add_value (DfkdTensorboardWriter *writer, Tensorboard__Summary__Value *value, gint64 step, double when)
{
  Tensorboard__Summary summary = TENSORBOARD__SUMMARY__INIT;
  Tensorboard__Event event = TENSORBOARD__EVENT__INIT;

  summary.n_value = 1;
  summary.value = &value;
  event.has_wall_time = event.has_step = TRUE;
  event.wall_time = when;
  event.step = step;
  event.summary = &summary;
  add_event (writer, &event);
}

void
dfkd_tensorboard_writer_add_number (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, double number)
{
  Tensorboard__Summary__Value value = TENSORBOARD__SUMMARY__VALUE__INIT;

  value.tag = (char *) tag;
  value.has_simple_value = TRUE;
  value.simple_value = (float) number;
  add_value (writer, &value, step, when);
}

void
dfkd_tensorboard_writer_add_image (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, gsize height, gsize width, gsize channels,
                                   GBytes *png)
{
  Tensorboard__Summary__Value value = TENSORBOARD__SUMMARY__VALUE__INIT;
  Tensorboard__Summary__Image image = TENSORBOARD__SUMMARY__IMAGE__INIT;
  gsize length;

  value.tag = (char *) tag;
  value.image = &image;
  image.has_height = image.has_width = image.has_colorspace = image.has_encoded_image_string = TRUE;
  image.height = (gint32) height;
  image.width = (gint32) width;
  image.colorspace = (gint32) channels;
  image.encoded_image_string.data = (guint8 *) g_bytes_get_data (png, &length);
  image.encoded_image_string.len = length;
  add_value (writer, &value, step, when);
}

/* --------------------------------------------------------------------------------------------------------- files */

static char *
path_of (const DfkdTensorboardWriter *writer, guint number)
{
  g_autofree char *name = g_strdup_printf ("%s%06u", PREFIX, number);

  return g_build_filename (writer->folder, name, NULL);
}

/* At its own place: whoever writes the same at the same time does no harm, and what is cut off here goes on where it was the next time. */
static gboolean
append (const DfkdTensorboardWriter *writer, const char *path, GError **error)
{
  int file = g_open (path, O_WRONLY | O_CLOEXEC, 0), number = errno;
  gsize at = writer->same;
  gboolean fine = file >= 0;

  for (guint i = 0; i < writer->parts->len && fine; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (writer->parts, i), &size);

      while (size > 0 && fine)
        {
          const gssize written = pwrite (file, data, size, (off_t) at);

          number = errno;
          fine = written >= 0 || number == EINTR;
          if (written > 0)
            {
              data += written;
              size -= (gsize) written;
              at += (gsize) written;
            }
        }
    }
  if (file >= 0 && close (file) != 0 && fine)
    {
      number = errno;
      fine = FALSE;
    }
  if (!fine)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be added to: %s; the same command goes on where it stands"), path, g_strerror (number));
  return fine;
}

/* what is the same, and what came then. It gets its name when it is whole: TensorBoard would take an unfinished one for a run's. */
static gboolean
write_whole (const DfkdTensorboardWriter *writer, const char *path, GError **error)
{
  g_autofree char *made = g_build_filename (writer->folder, ".dfkd-events", NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GBytes) same = writer->file != NULL ? g_bytes_new_from_bytes (writer->file, 0, writer->same) : NULL;

  if (same != NULL)
    g_ptr_array_add (all, same);
  for (guint i = 0; i < writer->parts->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (writer->parts, i));
  dfkd_atomic_clean (made);
  if (!dfkd_atomic_write (made, (GBytes *const *) all->pdata, all->len, error))
    return FALSE;
  return g_rename (made, path) == 0 || dfkd_write_error (path, errno, error);
}

char *
dfkd_tensorboard_writer_finish (DfkdTensorboardWriter *writer, GError **error)
{
  const gboolean grows = writer->file != NULL && !writer->other && writer->same == g_bytes_get_size (writer->file);
  g_autofree char *before = path_of (writer, writer->number), *path = grows ? g_strdup (before) : path_of (writer, writer->number + 1);

  put_away (writer);
  if (!(grows ? append : write_whole) (writer, path, error))
    return NULL;
  if (!grows && writer->number > 0)
    g_unlink (before);
  return g_steal_pointer (&path);
}

/* the last file in the folder, and when it says that the run began */
static void
find_file (DfkdTensorboardWriter *writer)
{
  g_autoptr (GDir) directory = g_dir_open (writer->folder, 0, NULL);
  g_autofree char *path = NULL;
  const guint8 *data;
  const char *name;
  gsize length;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      guint64 number;

      if (g_str_has_prefix (name, PREFIX) && g_ascii_string_to_unsigned (name + strlen (PREFIX), 10, 1, G_MAXUINT - 1, &number, NULL))
        writer->number = MAX (writer->number, (guint) number);
    }
  if (writer->number == 0)
    return;
  path = path_of (writer, writer->number);
  writer->file = dfkd_map_file (path, NULL);
  data = writer->file != NULL ? g_bytes_get_data (writer->file, &length) : NULL;
  if (data != NULL && length >= HEAD + 1 + sizeof (double) && data[HEAD] == WALL_TIME)
    {
      guint64 bits;
      double begin;

      memcpy (&bits, data + HEAD + 1, sizeof bits);
      bits = GUINT64_FROM_LE (bits);
      memcpy (&begin, &bits, sizeof begin);
      writer->begin = isfinite (begin) ? begin : writer->begin;
    }
}

double
dfkd_tensorboard_writer_get_begin (const DfkdTensorboardWriter *writer)
{
  return writer->begin;
}

DfkdTensorboardWriter *
dfkd_tensorboard_writer_new (const char *folder, double begin, gboolean another)
{
  DfkdTensorboardWriter *writer = g_new0 (DfkdTensorboardWriter, 1);
  Tensorboard__Event event = TENSORBOARD__EVENT__INIT;

  writer->folder = g_strdup (folder);
  writer->begin = begin;
  writer->part = g_byte_array_new ();
  writer->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  find_file (writer);
  if (another)
    writer->begin = begin;
  event.has_wall_time = TRUE;
  event.wall_time = writer->begin;
  event.file_version = (char *) "brain.Event:2";
  add_event (writer, &event);
  return writer;
}

void
dfkd_tensorboard_writer_free (DfkdTensorboardWriter *writer)
{
  if (writer == NULL)
    return;
  g_byte_array_unref (writer->part);
  g_ptr_array_unref (writer->parts);
  g_clear_pointer (&writer->file, g_bytes_unref);
  g_free (writer->folder);
  g_free (writer);
}
