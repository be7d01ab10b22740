#include "Columns.h"

#include "Elementary.h"

// The windows from *first to *end whose pixel at this offset lies in an image of that length.
INLINED void inside(ptrdiff_t offset, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t length,
                    ptrdiff_t *first, ptrdiff_t *end) {
  *first = offset < 0 ? (-offset + stride - 1) / stride : 0;
  *end = offset < length ? (length - offset + stride - 1) / stride : 0;
  if (*end > count) *end = count;
  if (*first > *end) *first = *end;
}

DISPATCHED void ck_window_planes_f32(const struct ck_windows *w, const float *image,
                                     float *restrict planes) {
  for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++)
    for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
      ptrdiff_t offset = kx * w->dilation_across - w->padding_across, first, end;
      inside(offset, w->stride_across, w->across, w->width, &first, &end);
      for (ptrdiff_t row = 0; row < w->down; row++, planes += w->across) {
        ptrdiff_t y = row * w->stride_down + ky * w->dilation_down - w->padding_down;
        if (y < 0 || y >= w->height) {
          memset(planes, 0, (size_t)w->across * sizeof *planes);
          continue;
        }
        const float *line = image + y * w->width + offset;
        for (ptrdiff_t i = 0; i < first; i++) planes[i] = 0;
        if (w->stride_across == 1)
          for (ptrdiff_t i = first; i < end; i++) planes[i] = line[i];
        else
          for (ptrdiff_t i = first; i < end; i++) planes[i] = line[i * w->stride_across];
        for (ptrdiff_t i = end; i < w->across; i++) planes[i] = 0;
      }
    }
}

DISPATCHED void ck_add_window_planes_f32(const struct ck_windows *w, const float *planes,
                                         float *restrict image) {
  for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++)
    for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
      ptrdiff_t offset = kx * w->dilation_across - w->padding_across, first, end;
      inside(offset, w->stride_across, w->across, w->width, &first, &end);
      for (ptrdiff_t row = 0; row < w->down; row++, planes += w->across) {
        ptrdiff_t y = row * w->stride_down + ky * w->dilation_down - w->padding_down;
        if (y < 0 || y >= w->height) continue;
        float *line = image + y * w->width + offset;
        for (ptrdiff_t i = first; i < end; i++) line[i * w->stride_across] += planes[i];
      }
    }
}

DISPATCHED void ck_add_window_columns_f32(const struct ck_windows *w, const float *columns,
                                          float *restrict image) {
  ptrdiff_t line = w->width * w->channels, segment = w->kernel_width * w->channels;
  for (ptrdiff_t row = 0; row < w->down; row++)
    for (ptrdiff_t column = 0; column < w->across; column++) {
      ptrdiff_t x = column * w->stride_across - w->padding_across;
      int is_whole =
          w->dilation_across == 1 && x >= 0 && x + w->kernel_width <= w->width;
      for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++, columns += segment) {
        ptrdiff_t y = row * w->stride_down + ky * w->dilation_down - w->padding_down;
        if (y < 0 || y >= w->height) continue;
        if (is_whole) {
          float *to = image + y * line + x * w->channels;
          for (ptrdiff_t i = 0; i < segment; i++) to[i] += columns[i];
          continue;
        }
        for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
          ptrdiff_t at = x + kx * w->dilation_across;
          if (at < 0 || at >= w->width) continue;
          for (ptrdiff_t i = 0; i < w->channels; i++)
            image[y * line + at * w->channels + i] += columns[kx * w->channels + i];
        }
      }
    }
}
