/* programs.h: small programs on one device, for tests that begin_device_tests() begins. Every function asserts. */
#pragma once

#include "build.h"
#include "test-device.h"

G_BEGIN_DECLS

/* of all of these; the test opens and frees it */
extern DfkdDevice *device;

/* a block with one float variable for each list of values; NULL: left as it is. (transfer full) */
DfkdBlock *block_of (const DfkdShape *shapes, const void *const *values, guint count);
/* once, until it is done */
void run (DfkdProgram *program);
/* (transfer full) */
DfkdProgram *build (DfkdGraph *g);
/* @data: room for variable @index */
void read_back (DfkdBlock *block, guint index, void *data);
/* within @tolerance of itself and 1 */
void assert_near (double got, double want, double tolerance);

G_END_DECLS
