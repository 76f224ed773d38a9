#include <png.h>
#include <stdio.h>
#include <string.h>

/* libpng's simplified API needs no setjmp, so it is safe to call from Swift. 1 on success, 0 on failure. */
static inline int cpng_write_rgb(FILE *file, const unsigned char *rgb, unsigned width, unsigned height) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  return png_image_write_to_stdio(&image, file, 0, rgb, 0, NULL);
}
