// lanes.glsl: shaders that treat channels alike work on one element at a time or, with FOURS, on four: then counts and
// channels are given in fours.

#ifdef FOURS
#define LANES vec4
#define WORDS uvec4
#define FIRST_LANE(value) (value).x
#define EACH_LANE(f, value) vec4 (f ((value).x), f ((value).y), f ((value).z), f ((value).w))
#define EACH_LANES(f, left, right) \
  vec4 (f ((left).x, (right).x), f ((left).y, (right).y), f ((left).z, (right).z), f ((left).w, (right).w))

vec4
activation_slope (vec4 y, float slope)
{
  return mix (vec4 (slope), vec4 (1.0), greaterThan (y, vec4 (0.0)));
}

vec4
activate (vec4 x, float slope)
{
  return mix (slope * x, x, greaterThan (x, vec4 (0.0)));
}

#else
#define LANES float
#define WORDS uint
#define FIRST_LANE(value) (value)
#define EACH_LANE(f, value) f (value)
#define EACH_LANES(f, left, right) f (left, right)
#endif
