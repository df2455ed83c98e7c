// operands.glsl: read-only operands as storage buffers or, with TEXELS, as texel buffers, which Mesa's software driver
// reads twice as fast. FETCH4 and FETCH1 read four floats or one; a shader declares with OPERAND4 or OPERAND1.

#ifdef TEXELS
#define OPERAND4(number, name) layout (binding = number) uniform samplerBuffer name;
#define OPERAND1(number, name) layout (binding = number) uniform samplerBuffer name;
#define FETCH4(name, index) texelFetch (name, int (index))
#define FETCH1(name, index) texelFetch (name, int (index)).x
#else
#define OPERAND4(number, name) layout (binding = number) readonly buffer Operand##number { vec4 name[]; };
#define OPERAND1(number, name) layout (binding = number) readonly buffer Operand##number { float name[]; };
#define FETCH4(name, index) name[index]
#define FETCH1(name, index) name[index]
#endif
