#include <png.h>
#include <stdio.h>
#include <string.h>

/* Encodes rows of red, green, blue bytes. With memory == NULL, *size becomes the room that is needed at most; otherwise
   *size is the room on entry and the length of the file on return. libpng's simplified API needs no setjmp, so it is safe
   to call from Swift. 1 on success, 0 on failure. */
static inline int cpng_encode_rgb(
    void *memory, size_t *size, const unsigned char *rgb, unsigned width, unsigned height) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  if (!memory) {
    *size = PNG_IMAGE_PNG_SIZE_MAX(image);
    return 1;
  }
  return png_image_write_to_memory(&image, memory, size, 0, rgb, 0, NULL);
}
