/* archives.h: small zip archives made by hand, so that any field can lie. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;
  const void *data;
  gsize size;
  gboolean deflate;
} ArchiveMember;

typedef enum {
  ARCHIVE_SOUND,
  ARCHIVE_HEADER,    /* a member's own header */
  ARCHIVE_DIRECTORY, /* a member's entry in the directory */
  ARCHIVE_END,
} ArchivePlace;

/** ArchiveLie: @bytes (1 to 8) at @offset of one record are not what they should be. */
typedef struct {
  ArchivePlace place;
  guint member;
  gsize offset;
  guint bytes;
  guint64 value;
} ArchiveLie;

/** archive_new: @zip64: sizes and offsets stand where large archives keep them. @lie: (nullable) */
GBytes *archive_new (const ArchiveMember *members, guint count, gboolean zip64, const ArchiveLie *lie);
