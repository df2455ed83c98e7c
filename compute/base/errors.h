/* errors.h: the error domain that every fallible function of compute/ reports in. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DfkdError:
 * @DFKD_ERROR_ARGUMENT: an option or parameter is out of its range, or two contradict each other
 * @DFKD_ERROR_FILE: a file or folder cannot be opened, read, written or is in the way
 * @DFKD_ERROR_FORMAT: a file's content is damaged, cut short or not what its name promises
 * @DFKD_ERROR_SHAPE: tensors or networks do not fit together
 * @DFKD_ERROR_DEVICE: a compute device is missing, refuses a call or was lost
 * @DFKD_ERROR_MEMORY: the host or the device has too little memory
 * @DFKD_ERROR_NUMBER: a loss or weight is not a finite number
 * @DFKD_ERROR_CANCELLED: the user asked to stop
 */
typedef enum {
  DFKD_ERROR_ARGUMENT,
  DFKD_ERROR_FILE,
  DFKD_ERROR_FORMAT,
  DFKD_ERROR_SHAPE,
  DFKD_ERROR_DEVICE,
  DFKD_ERROR_MEMORY,
  DFKD_ERROR_NUMBER,
  DFKD_ERROR_CANCELLED,
} DfkdError;

#define DFKD_ERROR (dfkd_error_quark ())
GQuark dfkd_error_quark (void);

/** dfkd_size_multiply: sets *product to a·b; FALSE when it does not fit a gsize. */
gboolean dfkd_size_multiply (gsize a, gsize b, gsize *product);

G_END_DECLS
