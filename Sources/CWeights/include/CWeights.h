#pragma once

#include <stddef.h>

// The trained networks that come with Plumb, byte by byte as `plumb train tracker` wrote them. They are assembled into the
// library from the files beside this header; touch weights.c when a file changes.

#define PLUMB_WEIGHTS(name)                                                                                            \
  extern const unsigned char plumb_##name[];                                                                           \
  extern const unsigned char plumb_##name##_end[];                                                                     \
  static inline const unsigned char *plumb_##name##_start(void) { return plumb_##name; }                               \
  static inline size_t plumb_##name##_count(void) { return (size_t)(plumb_##name##_end - plumb_##name); }

PLUMB_WEIGHTS(tracker_t)
PLUMB_WEIGHTS(tracker_s)
