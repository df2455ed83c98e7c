/* method-table.c: all methods. A new one is a line in each of the two lists. */
#include "method.h"

extern const DfkdMethod dfkd_method_fast, dfkd_method_dafl, dfkd_method_zskt, dfkd_method_dfq, dfkd_method_dfad, dfkd_method_deepinv,
  dfkd_method_cmi, dfkd_method_nayer, dfkd_method_gendfd, dfkd_method_kd;

const DfkdMethod *const dfkd_method_table[] = {
  &dfkd_method_fast, &dfkd_method_dafl, &dfkd_method_zskt, &dfkd_method_dfq, &dfkd_method_dfad, &dfkd_method_deepinv,
  &dfkd_method_cmi,  &dfkd_method_gendfd, &dfkd_method_nayer, &dfkd_method_kd, NULL,
};

const char *const dfkd_method_names[] = {
  "fast", "dafl", "zskt", "dfq", "dfad", "deepinv", "cmi", "gendfd", "nayer", "kd", NULL,
};
