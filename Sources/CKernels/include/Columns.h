// The windows of an image: as a matrix, which turns a convolution into a product, and their greatest
// numbers. Images are [height, width, channels].
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stddef.h>
#include <stdint.h>

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

// A row of windows: y[w, channel] = the greatest number of window w, and which of its pixels that is,
// the first where several are.
void ck_max_pool_f32(const struct ck_windows *windows, ptrdiff_t row, const float *image, float *y,
                     int32_t *pixels);
// All rows: dx[pixel, channel] = Σ dy of the windows whose greatest number it is.
void ck_max_pool_slopes_f32(const struct ck_windows *windows, const int32_t *pixels,
                            const float *dy, float *dx);

#endif
