/* method-table.c: all methods, a line each: the name in recipes, which is also the end of its record's. The first is the default. */
#include "method.h"

#define METHODS(X) \
  X (fast)         \
  X (dafl)         \
  X (zskt)         \
  X (dfq)          \
  X (dfad)         \
  X (deepinv)      \
  X (cmi)          \
  X (gendfd)       \
  X (nayer)        \
  X (kd)

#define DECLARE(name) extern const DfkdMethod dfkd_method_##name;
METHODS (DECLARE)

#define RECORD(name) &dfkd_method_##name,
const DfkdMethod *const dfkd_method_table[] = { METHODS (RECORD) NULL };

#define NAME(name) #name,
const char *const dfkd_method_names[] = { METHODS (NAME) NULL };
