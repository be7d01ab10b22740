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

// Channels that are kept in registers together.
#define LANES 8
typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));

// The pixels of a window that lie in the image: rows and columns of the window, and the first pixel's
// place.
struct box {
  ptrdiff_t top, bottom, left, right, start;
};

INLINED struct box box_of(const struct ck_windows *w, ptrdiff_t row, ptrdiff_t column) {
  ptrdiff_t y = row * w->stride_down - w->padding_down;
  ptrdiff_t x = column * w->stride_across - w->padding_across;
  struct box box = {
      .top = y < 0 ? -y : 0,
      .bottom = y + w->kernel_height < w->height ? w->kernel_height : w->height - y,
      .left = x < 0 ? -x : 0,
      .right = x + w->kernel_width < w->width ? w->kernel_width : w->width - x,
  };
  box.start = ((y + box.top) * w->width + x + box.left) * w->channels;
  return box;
}

INLINED void greatest(const struct ck_windows *w, struct box box, size_t width, const float *x,
                      float *y, int32_t *pixels) {
  integers most = (integers)((lanes){0} - INFINITY), where = {0};
  for (ptrdiff_t ky = box.top; ky < box.bottom; ky++, x += w->width * w->channels)
    for (ptrdiff_t kx = box.left; kx < box.right; kx++) {
      lanes pixel = {0};
      memcpy(&pixel, x + (kx - box.left) * w->channels, 4 * width);
      integers is_greater = pixel > (lanes)most;
      most = (is_greater & (integers)pixel) | (~is_greater & most);
      where = (is_greater & (int32_t)(ky * w->kernel_width + kx)) | (~is_greater & where);
    }
  memcpy(y, &most, 4 * width);
  memcpy(pixels, &where, 4 * width);
}

DISPATCHED void ck_max_pool_f32(const struct ck_windows *w, ptrdiff_t row, const float *image,
                                float *y, int32_t *pixels) {
  ptrdiff_t channels = w->channels;
  for (ptrdiff_t column = 0; column < w->across; column++, y += channels, pixels += channels) {
    struct box box = box_of(w, row, column);
    const float *x = image + box.start;
    if (channels < LANES) greatest(w, box, (size_t)channels, x, y, pixels);
    // The last lanes may be taken twice.
    for (ptrdiff_t c = 0; channels >= LANES && c < channels; c += LANES) {
      ptrdiff_t start = c + LANES < channels ? c : channels - LANES;
      greatest(w, box, LANES, x + start, y + start, pixels + start);
    }
  }
}

DISPATCHED void ck_max_pool_slopes_f32(const struct ck_windows *w, const int32_t *pixels,
                                       const float *dy, float *restrict dx) {
  ptrdiff_t channels = w->channels;
  memset(dx, 0, (size_t)(w->height * w->width * channels) * sizeof *dx);
  for (ptrdiff_t row = 0; row < w->down; row++)
    for (ptrdiff_t column = 0; column < w->across; column++, dy += channels, pixels += channels) {
      struct box box = box_of(w, row, column);
      float *line = dx + box.start;
      for (ptrdiff_t ky = box.top; ky < box.bottom; ky++, line += w->width * channels)
        for (ptrdiff_t kx = box.left; kx < box.right; kx++) {
          float *to = line + (kx - box.left) * channels;
          int32_t pixel = (int32_t)(ky * w->kernel_width + kx);
#pragma clang loop vectorize_width(4) interleave_count(1)
          for (ptrdiff_t c = 0; c < channels; c++) to[c] += pixels[c] == pixel ? dy[c] : 0;
        }
    }
}
