/* zip-archive-private.h: what an archive's directory says of its members. */
#pragma once

#include "zip-archive.h"

G_BEGIN_DECLS

typedef struct {
  char *name;
  gboolean deflated; /* else stored */
  guint32 checksum;
  guint64 packed, size;  /* bytes in the file, and unpacked */
  guint64 header, start; /* offsets: of its own header, of its data */
} DfkdZipMember;

/**
 * dfkd_zip_directory_read:
 * @members: (element-type DfkdZipMember): filled
 *
 * Returns: NULL, or (transfer full) what is wrong with the archive
 */
char *dfkd_zip_directory_read (const guint8 *data, gsize size, GPtrArray *members);

G_END_DECLS
