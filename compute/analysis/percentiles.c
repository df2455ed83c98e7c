/* percentiles.c: selection by the digits of a float's bits, most significant first. */
#include "percentiles.h"

#include <math.h>
#include <string.h>

enum {
  MAX_BINS = 1 << 11,
};

typedef struct {
  const float *values;
  gsize n;
  gboolean only_finite;
} Sample;

static gboolean
counts (const Sample *s, float value)
{
  return s->only_finite ? isfinite (value) : !isnan (value);
}

/* integers in the order of the floats */
static guint32
key_of (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float
value_of (guint32 key)
{
  guint32 bits = key & 0x80000000u ? key & 0x7FFFFFFFu : ~key;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* the key of the value with @rank smaller ones before it; @same: that value's last rank */
static guint32
select_key (const Sample *s, gsize rank, gsize *same)
{
  static const struct {
    guint shift, bits;
  } digits[] = { { 21, 11 }, { 10, 11 }, { 0, 10 } };
  guint32 prefix = 0, mask = 0;
  gsize below = 0;

  for (guint d = 0; d < G_N_ELEMENTS (digits); d++)
    {
      guint32 low = (1u << digits[d].bits) - 1, bin = 0;
      gsize bins[MAX_BINS] = { 0 };

      for (gsize i = 0; i < s->n; i++)
        if (counts (s, s->values[i]))
          {
            guint32 key = key_of (s->values[i]);

            if ((key & mask) == prefix)
              bins[(key >> digits[d].shift) & low]++;
          }
      while (below + bins[bin] <= rank)
        below += bins[bin++];
      prefix |= bin << digits[d].shift;
      mask |= low << digits[d].shift;
      *same = below + bins[bin] - 1;
    }
  return prefix;
}

static guint32
next_key (const Sample *s, guint32 key)
{
  guint32 next = G_MAXUINT32;

  for (gsize i = 0; i < s->n; i++)
    if (counts (s, s->values[i]) && key_of (s->values[i]) > key)
      next = MIN (next, key_of (s->values[i]));
  return next;
}

static float
quantile (const Sample *s, gsize count, double share)
{
  double place = CLAMP (share, 0.0, 1.0) * (double) (count - 1), part, between;
  gsize rank = MIN ((gsize) place, count - 1), same;
  guint32 key = select_key (s, rank, &same);
  double low = value_of (key), high;

  part = place - (double) rank;
  if (part <= 0.0 || rank + 1 >= count || same > rank)
    return (float) low;
  high = value_of (next_key (s, key));
  between = low * (1.0 - part) + high * part;
  return (float) (isnan (between) ? (part < 0.5 ? low : high) : between);
}

static gsize
count_of (const Sample *s)
{
  gsize count = 0;

  for (gsize i = 0; i < s->n; i++)
    count += counts (s, s->values[i]);
  return count;
}

gsize
dfkd_percentiles (const float *values, gsize n, const double *shares, guint n_shares, float *quantiles)
{
  Sample s = { values, n, FALSE };
  gsize count = count_of (&s);

  for (guint i = 0; i < n_shares; i++)
    quantiles[i] = count > 0 ? quantile (&s, count, shares[i]) : NAN;
  return count;
}

gboolean
dfkd_robust_range (const float *values, gsize n, double cut, float *least, float *greatest)
{
  Sample s = { values, n, TRUE };
  gsize count = count_of (&s);

  if (count == 0)
    return FALSE;
  *least = quantile (&s, count, cut);
  *greatest = quantile (&s, count, 1.0 - cut);
  return TRUE;
}
