/* test-device.h: tests that run on the device that --device names. */
#pragma once

#include "device.h"

G_BEGIN_DECLS

/**
 * begin_device_tests: g_test_init() and the options: --device ID, "cpu" unless it is given, and @more (nullable).
 * @id: (out) (optional) (transfer full): the device's
 *
 * Where there is no such device the program ends here, as skipped. Returns: (transfer full)
 */
DfkdDevice *begin_device_tests (int *argc, char ***argv, const GOptionEntry *more, char **id);

G_END_DECLS
