/* float-text.c: one digit more, until it is read as the same. */
#include "float-text.h"

enum {
  FEW = 6,
  ENOUGH = 9, /* for any float (IEEE 754, 5.12.2) */
};

const char *
dfkd_float_text (char *buffer, float value)
{
  for (guint digits = FEW; digits <= ENOUGH; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%ug", digits);
      g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, format, (double) value);
      if ((float) g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return buffer;
}
