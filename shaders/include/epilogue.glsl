// epilogue.glsl: what a convolution does to its result before it stores it: adds a bias and another tensor, and normalises or
// activates. For a shader of lanes.glsl, which says with EPILOGUE_ID where its specialisation constant is, and with
// EPILOGUE_PUSH has the push constants.
#include "normalise.glsl"

// 1: bias, 2: addend, 4: normalisation, and then no bias, 8: activation alone
layout (constant_id = EPILOGUE_ID) const uint EPILOGUE = 0u;
layout (binding = 2) readonly buffer Channels { LANES channels[]; }; // bias, or means and variances
layout (binding = 3) readonly buffer Addend { LANES addend[]; };
layout (binding = 4) readonly buffer Affine { LANES affine[]; };
layout (binding = 5) writeonly buffer Y { LANES y[]; };

#define EPILOGUE_PUSH float epsilon, slope;

// @at: in y; @channel of @count: all of them in lanes
#define FINISH(sum, at, channel, count) \
  { \
    LANES value = sum; \
\
    if ((EPILOGUE & 1u) != 0u) \
      value += channels[channel]; \
    if ((EPILOGUE & 2u) != 0u) \
      value += addend[at]; \
    if ((EPILOGUE & 4u) != 0u) \
      value = normalise (value, channels[channel], channels[(count) + (channel)], affine[channel], affine[(count) + (channel)], \
                         epsilon, slope); \
    if ((EPILOGUE & 8u) != 0u) \
      value = activate (value, slope); \
    y[at] = value; \
  }
