/* random.c: Philox4x32-10 and the three distributions made of its words. */
#include "random.h"

#include <math.h>

enum {
  ROUNDS = 10,
};

static const guint32 MULTIPLIER_0 = 0xD2511F53u, MULTIPLIER_1 = 0xCD9E8D57u;
static const guint32 WEYL_0 = 0x9E3779B9u, WEYL_1 = 0xBB67AE85u;

void
dfkd_philox (guint64 seed, guint32 purpose, guint32 step, guint32 block, guint32 out[4])
{
  guint32 k0 = (guint32) seed, k1 = (guint32) (seed >> 32);
  guint32 c0 = block, c1 = purpose, c2 = step, c3 = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      guint64 p0 = (guint64) MULTIPLIER_0 * c0;
      guint64 p1 = (guint64) MULTIPLIER_1 * c2;

      c0 = (guint32) (p1 >> 32) ^ c1 ^ k0;
      c1 = (guint32) p1;
      c2 = (guint32) (p0 >> 32) ^ c3 ^ k1;
      c3 = (guint32) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

float
dfkd_philox_uniform (guint32 word)
{
  return ((float) (word >> 8) + 0.5f) * 0x1p-24f;
}

guint32
dfkd_philox_integer (guint32 word, guint32 range)
{
  return (guint32) (((guint64) word * range) >> 32);
}

/* @index · @range / @count, rounded down, without a product that overflows */
static guint32
end_of_part (guint32 index, guint32 count, guint32 range)
{
  return index * (range / count) + index * (range % count) / count;
}

guint32
dfkd_philox_distinct (guint32 word, guint32 index, guint32 count, guint32 range)
{
  const guint32 first = end_of_part (index, count, range), next = end_of_part (index + 1, count, range);

  return first + dfkd_philox_integer (word, MAX (next - first, 1));
}

void
dfkd_philox_normal (guint32 a, guint32 b, float out[2])
{
  float radius = sqrtf (-2.0f * logf (dfkd_philox_uniform (a)));
  float angle = (float) (2.0 * G_PI) * dfkd_philox_uniform (b);

  out[0] = radius * cosf (angle);
  out[1] = radius * sinf (angle);
}
