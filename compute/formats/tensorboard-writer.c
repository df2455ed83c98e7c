/* tensorboard-writer.c: packs events and frames them. */
#include "tensorboard-writer.h"

#include "atomic-file.h"
#include "map-file.h"
#include "tensorboard.pb-c.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum {
  AT_ONCE = 1 << 20, /* bytes of a part */
  HEAD = 12,         /* length and its checksum */
  TAIL = 4,
};

struct _DfkdTensorboardWriter
{
  GByteArray *part; /* what has come since the last of them was full */
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

static void
add_event (DfkdTensorboardWriter *writer, const Tensorboard__Event *event)
{
  const gsize size = tensorboard__event__get_packed_size (event);
  const guint before = writer->part->len;
  const guint64 length = GUINT64_TO_LE ((guint64) size);
  guint8 *record;

  g_byte_array_set_size (writer->part, before + HEAD + (guint) size + TAIL);
  record = writer->part->data + before;
  memcpy (record, &length, sizeof length);
  put_masked (record + sizeof length, record, sizeof length);
  tensorboard__event__pack (event, record + HEAD);
  put_masked (record + HEAD + size, record + HEAD, size);
  if (writer->part->len >= AT_ONCE)
    put_away (writer);
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

/* how many of the first bytes are in @path already, which has no others; -1: it has */
static gssize
count_written (const DfkdTensorboardWriter *writer, const char *path)
{
  g_autoptr (GBytes) file = dfkd_map_file (path, NULL);
  gsize length = 0, at = 0;
  const guint8 *data = file != NULL ? g_bytes_get_data (file, &length) : NULL;

  for (guint i = 0; i < writer->parts->len && at < length; i++)
    {
      gsize size;
      const guint8 *part = g_bytes_get_data (g_ptr_array_index (writer->parts, i), &size);

      if (memcmp (data + at, part, MIN (size, length - at)) != 0)
        return -1;
      at += MIN (size, length - at);
    }
  return length > 0 && at == length ? (gssize) at : -1;
}

static gboolean
write_all (int file, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      const gssize written = write (file, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* what is cut off here goes on where it was the next time */
static gboolean
append (const DfkdTensorboardWriter *writer, const char *path, gsize written, GError **error)
{
  int file = g_open (path, O_WRONLY | O_APPEND | O_CLOEXEC, 0), number;
  gboolean fine = file >= 0;

  for (guint i = 0; i < writer->parts->len && fine; i++)
    {
      gsize size, skipped;
      const guint8 *part = g_bytes_get_data (g_ptr_array_index (writer->parts, i), &size);

      skipped = MIN (size, written);
      written -= skipped;
      fine = write_all (file, part + skipped, size - skipped);
    }
  number = errno;
  if (file >= 0 && close (file) != 0 && fine)
    {
      fine = FALSE;
      number = errno;
    }
  return fine || dfkd_write_error (path, number, error);
}

gboolean
dfkd_tensorboard_writer_write (DfkdTensorboardWriter *writer, const char *path, GError **error)
{
  gssize written;

  put_away (writer);
  written = count_written (writer, path);
  if (written >= 0)
    return append (writer, path, (gsize) written, error);
  return dfkd_atomic_write (path, (GBytes *const *) writer->parts->pdata, writer->parts->len, error);
}

DfkdTensorboardWriter *
dfkd_tensorboard_writer_new (double begin)
{
  DfkdTensorboardWriter *writer = g_new (DfkdTensorboardWriter, 1);
  Tensorboard__Event event = TENSORBOARD__EVENT__INIT;

  writer->part = g_byte_array_new ();
  writer->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  event.has_wall_time = TRUE;
  event.wall_time = begin;
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
  g_free (writer);
}
