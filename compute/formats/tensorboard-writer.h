/* tensorboard-writer.h: an event file as TensorBoard reads it: records of TensorFlow (length and CRC-32C of it, an Event, CRC-32C of that).
 *
 * Each folder with such a file is a run. What was written there before is compared as events come: where they begin with all of it the rest is
 * appended, and TensorBoard, which has the file open, reads on. Where they are others a file of a later name takes its place, which
 * TensorBoard goes on to; its points replace the earlier ones. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdTensorboardWriter DfkdTensorboardWriter;

/** dfkd_tensorboard_writer_new: @folder: exists; @begin: seconds since 1970, when there is no file in it yet, or that is of @another run */
DfkdTensorboardWriter *dfkd_tensorboard_writer_new (const char *folder, double begin, gboolean another);
void dfkd_tensorboard_writer_free (DfkdTensorboardWriter *writer);
/** dfkd_tensorboard_writer_get_begin: what is so: that of the file which is there, else as given */
double dfkd_tensorboard_writer_get_begin (const DfkdTensorboardWriter *writer);

/** dfkd_tensorboard_writer_add_number: @tag: what is before a "/" in it groups; @when: seconds since 1970 */
void dfkd_tensorboard_writer_add_number (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, double value);
/** dfkd_tensorboard_writer_add_image: @png: of @height × @width pixels, with 1 (grey) or 3 channels */
void dfkd_tensorboard_writer_add_image (DfkdTensorboardWriter *writer, const char *tag, gint64 step, double when, gsize height, gsize width, gsize channels,
                                        GBytes *png);
/** dfkd_tensorboard_writer_finish: writes what is not there yet; nothing can be added afterwards. Returns: (transfer full): the file's path; NULL with
 * DFKD_ERROR_FILE, and then the same can be tried anew */
char *dfkd_tensorboard_writer_finish (DfkdTensorboardWriter *writer, GError **error);

/** dfkd_crc32c: the checksum of Castagnoli et al. 1993 as RFC 3720 has it, reflected: 0xe3069283 of "123456789" */
guint32 dfkd_crc32c (const guint8 *data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTensorboardWriter, dfkd_tensorboard_writer_free)

G_END_DECLS
