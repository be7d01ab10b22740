// The windows of an image as a matrix: what turns a convolution into a product. Images are
// [height, width, channels].
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stddef.h>

// Where the windows lie: `down` × `across` of them.
struct ck_windows {
  ptrdiff_t height, width, channels;
  ptrdiff_t kernel_height, kernel_width;
  ptrdiff_t stride_down, stride_across, padding_down, padding_across;
  ptrdiff_t dilation_down, dilation_across;
  ptrdiff_t down, across;
};

// planes[k, w] = the pixel k of window w, of an image of one channel; 0 outside.
void ck_window_planes_f32(const struct ck_windows *windows, const float *image, float *planes);
// image += what lies at its pixels in the planes.
void ck_add_window_planes_f32(const struct ck_windows *windows, const float *planes, float *image);
// The same of columns[w, (y, x, channel)], a row for each window.
void ck_add_window_columns_f32(const struct ck_windows *windows, const float *columns,
                               float *image);

#endif
