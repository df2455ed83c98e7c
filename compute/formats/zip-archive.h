/* zip-archive.h: reads the members of a zip archive, stored or deflated, also beyond 4 GiB (zip64).
 *
 * Any file may be hostile: on opening, every offset and length is checked against the file and against the others, and
 * so are names that would lead out of a folder, twice the same name, members that share bytes, and promises of far more
 * data than the file can hold. Nothing is ever written. It knows no pickles and no tensors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdZipArchive DfkdZipArchive;

/** dfkd_zip_archive_is: whether @bytes begin as an archive does */
gboolean dfkd_zip_archive_is (GBytes *bytes);

/** dfkd_zip_archive_new: @name stands for the file in messages, which are DFKD_ERROR_FORMAT; @bytes are kept. */
DfkdZipArchive *dfkd_zip_archive_new (GBytes *bytes, const char *name, GError **error);
void dfkd_zip_archive_free (DfkdZipArchive *archive);

guint dfkd_zip_archive_count (const DfkdZipArchive *archive);
/** dfkd_zip_archive_member: the name of member @index, in the order of the archive: relative, with / between folders */
const char *dfkd_zip_archive_member (const DfkdZipArchive *archive, guint index);
gboolean dfkd_zip_archive_has (const DfkdZipArchive *archive, const char *member);

/**
 * dfkd_zip_archive_read:
 *
 * A stored member is a part of the archive's own bytes and takes no memory. Errors: DFKD_ERROR_FORMAT for a member that
 * is not there, does not unpack to the size it promised or fails its checksum, DFKD_ERROR_MEMORY.
 * Returns: (transfer full)
 */
GBytes *dfkd_zip_archive_read (const DfkdZipArchive *archive, const char *member, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdZipArchive, dfkd_zip_archive_free)

G_END_DECLS
