#ifndef CPCL_IO_H
#define CPCL_IO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Records decoded by PCL: `count` of them, `stride` bytes each. Field k lies at `offsets[k]` with PCL's datatype `types[k]`
   (1..8: int8, uint8, int16, uint16, int32, uint32, float32, float64). */
typedef struct cpcl_records {
  const uint8_t *bytes;
  size_t stride;
  size_t count;
  size_t field_count;
  const size_t *offsets;
  const uint8_t *types;
  void *owner;
} cpcl_records;

/* Decodes a PLY (pcd == 0) or PCD file that is held in memory and whose header and size have been checked.
   Returns 0; or -1 with a NUL-terminated message in `message`. No C++ exception leaves this function. */
int cpcl_decode(const void *header, size_t header_size, const void *payload, size_t payload_size, int pcd,
                cpcl_records *out, char *message, size_t message_size);

/* Frees what cpcl_decode returned. */
void cpcl_records_free(cpcl_records *records);

/* Compresses with LZF into `out`, which must hold `size + size / 16 + 64` bytes.
   Returns the number of bytes written; 0 when they would exceed that. */
unsigned int cpcl_compress(const void *bytes, unsigned int size, void *out);

#ifdef __cplusplus
}
#endif
#endif
