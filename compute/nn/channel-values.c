/* channel-values.c: reading lists of numbers. */
#include "channel-values.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum {
  MOST_VALUES = 4096, /* channels of the widest input */
};

/* Images are in [0,1]: so is their mean, and they deviate by no more. */
static gboolean
read_number (const char *text, gboolean positive, float *value)
{
  g_autofree char *number = g_strstrip (g_strdup (text));
  char *end;

  *value = (float) g_ascii_strtod (number, &end);
  return end != number && *end == '\0' && *value >= 0.0f && *value <= 1.0f && (!positive || *value > 0.0f);
}

gboolean
dfkd_channel_values_parse (const char *text, const char *what, gboolean positive, float **values, guint *count, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", MOST_VALUES + 1);
  const guint length = g_strv_length (parts);
  g_autofree float *numbers = g_new (float, length + 1);

  *values = NULL;
  *count = 0;
  for (guint i = 0; i < length; i++)
    if (i == MOST_VALUES || !read_number (parts[i], positive, &numbers[i]))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                     positive ? _("%s: “%.100s” is not allowed; expected numbers above 0, at most 1, with commas between them, such as 0.247, 0.243, 0.262: "
                                  "images are in [0,1], so divide by 255 what is of bytes")
                              : _("%s: “%.100s” is not allowed; expected numbers from 0 to 1 with commas between them, such as 0.491, 0.482, 0.447: "
                                  "images are in [0,1], so divide by 255 what is of bytes"),
                     what, text);
        return FALSE;
      }
  *count = length;
  *values = length > 0 ? g_steal_pointer (&numbers) : NULL;
  return TRUE;
}

gboolean
dfkd_channel_values_choose (const char *text, const char *what, gboolean positive, gsize channels, const char *of, float *values, GError **error)
{
  g_autofree float *numbers = NULL;
  guint count = 0;

  if (text != NULL && !dfkd_channel_values_parse (text, what, positive, &numbers, &count, error))
    return FALSE;
  if (count > 1 && count != channels)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: %u numbers are not allowed; expected one, or one for each of the %zu channels of %s"), what,
                   count, channels, of);
      return FALSE;
    }
  for (gsize c = 0; count > 0 && c < channels; c++)
    values[c] = numbers[count == 1 ? 0 : c];
  return TRUE;
}
