// philox.glsl: Philox4x32-10 (Salmon et al., SC 2011), bit for bit as compute/base/random.c.

uvec4
philox (uvec2 key, uint purpose, uint step, uint block)
{
  uvec4 c = uvec4 (block, purpose, step, 0u);

  for (uint i = 0u; i < 10u; i++)
    {
      uint high0, low0, high1, low1;

      umulExtended (0xD2511F53u, c.x, high0, low0);
      umulExtended (0xCD9E8D57u, c.z, high1, low1);
      c = uvec4 (high1 ^ c.y ^ key.x, low1, high0 ^ c.w ^ key.y, low0);
      key += uvec2 (0x9E3779B9u, 0xBB67AE85u);
    }
  return c;
}

float
uniform_of (uint word)
{
  return (float (word >> 8) + 0.5) * (1.0 / 16777216.0);
}
