/* cpu-private.h: what the files of the CPU device share. */
#pragma once

#include "device-private.h"

G_BEGIN_DECLS

/** dfkd_cpu_threads: threads of @device, a DfkdDevice opened by dfkd_cpu_open(). */
guint dfkd_cpu_threads (gpointer device);

G_END_DECLS
