/* tensorboard-writer.h: an event file as TensorBoard reads it: records of TensorFlow (length and CRC-32C of it, an Event, CRC-32C of that).
 *
 * Its name has to contain "tfevents"; each folder with such a file is a run. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdTensorboardWriter DfkdTensorboardWriter;

/** dfkd_tensorboard_writer_new: @begin: seconds since 1970 */
DfkdTensorboardWriter *dfkd_tensorboard_writer_new (double begin);
void dfkd_tensorboard_writer_free (DfkdTensorboardWriter *writer);

/** dfkd_tensorboard_writer_add_number: @tag: what is before a "/" in it groups; @when: seconds since 1970 */
void dfkd_tensorboard_writer_add_number (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, double value);
/** dfkd_tensorboard_writer_add_image: @png: of @height × @width pixels, with 1 (grey) or 3 channels */
void dfkd_tensorboard_writer_add_image (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, gsize height, gsize width, gsize channels,
                                        GBytes *png);
/** dfkd_tensorboard_writer_write: what has been added so far, in place of what @path is. Where that is how it begins, the rest is appended: TensorBoard, which
 * has the file open, then reads on. Errors: as dfkd_atomic_write() */
gboolean dfkd_tensorboard_writer_write (DfkdTensorboardWriter *writer, const char *path, GError **error);

/** dfkd_crc32c: the checksum of Castagnoli et al. 1993 as RFC 3720 has it, reflected: 0xe3069283 of "123456789" */
guint32 dfkd_crc32c (const guint8 *data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTensorboardWriter, dfkd_tensorboard_writer_free)

G_END_DECLS
