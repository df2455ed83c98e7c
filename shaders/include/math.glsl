// math.glsl: exponential, logarithm, sine and cosine to a unit or two in the last place on every device; the
// built-in ones may be off in the fourth digit where it matters (Vulkan 1.2, appendix "Precision and Operation of
// SPIR-V Instructions"). Polynomials of the Cephes library (Moshier, 1989).

float
exponential (float x)
{
  precise float r = x > 89.0 ? 89.0 : x < -104.0 ? -104.0 : x; // NaN stays
  precise float n = floor (1.44269504 * r + 0.5), y;
  int whole = int (n), half_of = whole >> 1;

  r = (r - n * 0.693359375) + n * 2.12194440e-4;
  y = 1.9875691500e-4;
  y = y * r + 1.3981999507e-3;
  y = y * r + 8.3334519073e-3;
  y = y * r + 4.1665795894e-2;
  y = y * r + 1.6666665459e-1;
  y = y * r + 5.0000001201e-1;
  y = y * (r * r) + r + 1.0;
  // in two steps, since 2^128 is no float while the result may be
  return y * intBitsToFloat ((half_of + 127) << 23) * intBitsToFloat ((whole - half_of + 127) << 23);
}

float
logarithm (float x)
{
  bool denormal = x < 1.17549435e-38;
  int bits = floatBitsToInt (denormal ? x * 8388608.0 : x), exponent = (bits >> 23) - (denormal ? 149 : 126);
  precise float m = intBitsToFloat ((bits & 0x007fffff) | 0x3f000000), y, z, e; // in [½, 1)

  if (!(x > 0.0))
    return x == 0.0 ? intBitsToFloat (0xff800000) : intBitsToFloat (0x7fc00000); // −∞, not a number
  if (bits >= 0x7f800000)
    return x; // infinite
  if (m < 0.70710678)
    {
      exponent--;
      m = m + m - 1.0;
    }
  else
    m = m - 1.0;
  e = float (exponent);
  z = m * m;
  y = 7.0376836292e-2;
  y = y * m - 1.1514610310e-1;
  y = y * m + 1.1676998740e-1;
  y = y * m - 1.2420140846e-1;
  y = y * m + 1.4249322787e-1;
  y = y * m - 1.6668057665e-1;
  y = y * m + 2.0000714765e-1;
  y = y * m - 2.4999993993e-1;
  y = y * m + 3.3333331174e-1;
  y = y * m * z - e * 2.12194440e-4 - 0.5 * z;
  y = m + y;
  return y + 0.693359375 * e;
}

// cosine and sine of a part of a full turn, 0 … 1
vec2
on_circle (float turns)
{
  precise float quarters = floor (4.0 * turns + 0.5), r = (4.0 * turns - quarters) * 1.57079633, s = r * r, c, d;
  int quarter = int (quarters) & 3;

  c = 2.443315711809948e-5;
  c = c * s - 1.388731625493765e-3;
  c = c * s + 4.166664568298827e-2;
  c = c * (s * s) - 0.5 * s + 1.0;
  d = -1.9515295891e-4;
  d = d * s + 8.3321608736e-3;
  d = d * s - 1.6666654611e-1;
  d = d * s * r + r;
  return quarter == 0 ? vec2 (c, d) : quarter == 1 ? vec2 (-d, c) : quarter == 2 ? vec2 (-c, -d) : vec2 (d, -c);
}
