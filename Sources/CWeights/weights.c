#include "CWeights.h"

// An array literal of two million numbers keeps the Swift compiler busy for minutes; the assembler takes the file as it is.
#define PLUMB_BYTES(name, file)                                                                                        \
  __asm__(".pushsection .rodata\n"                                                                                     \
          ".global plumb_" name "\n"                                                                                   \
          ".balign 16\n"                                                                                               \
          "plumb_" name ":\n"                                                                                          \
          ".incbin \"" file "\"\n"                                                                                     \
          ".global plumb_" name "_end\n"                                                                               \
          "plumb_" name "_end:\n"                                                                                      \
          ".byte 0\n"                                                                                                  \
          ".popsection\n");

PLUMB_BYTES("tracker_t", "tracker-t.safetensors")
PLUMB_BYTES("tracker_s", "tracker-s.safetensors")
