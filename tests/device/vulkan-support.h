/* vulkan-support.h: a device, its programs and its cache, for tests that have none to themselves; errors fail the test. */
#pragma once

#include "build.h"
#include "device.h"

G_BEGIN_DECLS

/** vulkan_open: (transfer full) */
DfkdDevice *vulkan_open (void);
/** new_block: (transfer full): one variable, with storage */
DfkdBlock *new_block (DfkdDevice *device, DfkdShape shape);
DfkdProgram *new_program (DfkdDevice *device, DfkdGraph *graph);
void run (DfkdProgram *program);
void finish (DfkdProgram *program);
/** vulkan_cache_file: (nullable) (transfer full): the file of that beginning in the cache, which is the test's own */
char *vulkan_cache_file (const char *prefix);
/** vulkan_main: of a test program; 77 where there is no driver. What it starts with g_test_trap_subprocess() has its cache. */
int vulkan_main (int argc, char **argv, void (*add_tests) (void));

G_END_DECLS
