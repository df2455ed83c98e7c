/* tensorboard-writer.c: packs events and frames them. */
#include "tensorboard-writer.h"

#include "atomic-file.h"
#include "tensorboard.pb-c.h"

#include <string.h>

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

gboolean
dfkd_tensorboard_writer_write (DfkdTensorboardWriter *writer, const char *path, GError **error)
{
  put_away (writer);
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
