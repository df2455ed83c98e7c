/* tuning-file.h: what tuning remembers, in memory and on disk. */
#pragma once

#include "tuning.h"

G_BEGIN_DECLS

/** DfkdTilingState: of a tiling, whatever it is tried for. */
typedef enum
{
  DFKD_TILING_UNTRIED,
  DFKD_TILING_TRYING,   /* found in a file: it took the program down with it */
  DFKD_TILING_SUSPECT,  /* it, or one that was being tried beside it, took the program down: next time it is tried alone */
  DFKD_TILING_RIGHT,    /* in this run of the program it ran, and one of matrices computed what it should; on disk it is untried */
  DFKD_TILING_REJECTED, /* for good */
} DfkdTilingState;

struct _DfkdTuning
{
  GHashTable *best;   /* DfkdProblem → const DfkdTiling */
  GHashTable *states; /* const DfkdTiling → DfkdTilingState */
  guint32 mark;       /* of this process among those that share the file */
  int lock;           /* held while tilings are tried; −1: none are */
};

/** dfkd_tuning_file_load: reads what was found before; a file that is damaged or of another version is ignored. */
void dfkd_tuning_file_load (DfkdVulkan *vulkan);
/** dfkd_tuning_file_begin: from now on until dfkd_tuning_file_end(), or the end of the process, what the file says is being tried is. */
void dfkd_tuning_file_begin (DfkdVulkan *vulkan);
void dfkd_tuning_file_end (DfkdVulkan *vulkan);
/** dfkd_tuning_file_save: what other processes wrote there meanwhile stays. Failing to is no error: the next start is slower, nothing else. */
void dfkd_tuning_file_save (DfkdVulkan *vulkan);

DfkdTilingState dfkd_tiling_state (DfkdVulkan *vulkan, const DfkdTiling *tiling);
/** dfkd_tiling_set_state: what it was the fastest for is forgotten when it is rejected. The last plain tiling of a product is
 * not, since nothing would be left. */
void dfkd_tiling_set_state (DfkdVulkan *vulkan, const DfkdTiling *tiling, DfkdTilingState state);

G_END_DECLS
