// Products of many rows with a few points, kept in registers: what matrix multiplication of such shapes
// spends on packing the rows is spared.
#ifndef FEW_PRODUCTS_H
#define FEW_PRODUCTS_H

#include "Elementary.h"

#include <stddef.h>

#define WIDTH 8
#define BLOCK 32
#define CHUNK 128

typedef double lanes __attribute__((vector_size(8 * WIDTH), aligned(8)));

INLINED void load(lanes *value, const double *x) { memcpy(value, x, sizeof *value); }

INLINED void store(double *x, const lanes *value) { memcpy(x, value, sizeof *value); }

INLINED size_t padded(size_t count) { return (count + WIDTH - 1) / WIDTH * WIDTH; }

// products[r] += Σ_j x[r, j] points[j] over `groups` lanes of points; `tile` and `groups` are constants
// where this is inlined.
INLINED void add_products(size_t tile, size_t groups, size_t columns, const double *x, size_t stride,
                          const double *points, size_t count, double *products) {
  lanes sums[8][2];
  for (size_t r = 0; r < tile; r++)
    for (size_t g = 0; g < groups; g++) load(&sums[r][g], products + r * count + g * WIDTH);
  for (size_t j = 0; j < columns; j++) {
    lanes point[2];
    for (size_t g = 0; g < groups; g++) load(&point[g], points + j * count + g * WIDTH);
    for (size_t r = 0; r < tile; r++)
      for (size_t g = 0; g < groups; g++) sums[r][g] += x[r * stride + j] * point[g];
  }
  for (size_t r = 0; r < tile; r++)
    for (size_t g = 0; g < groups; g++) store(products + r * count + g * WIDTH, &sums[r][g]);
}

INLINED void add_block_products(size_t rows, size_t columns, const double *x, size_t stride,
                                const double *points, size_t count, double *products) {
  size_t c = 0;
  for (; c + 2 * WIDTH <= count; c += 2 * WIDTH) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
      add_products(4, 2, columns, x + i * stride, stride, points + c, count,
                   products + i * count + c);
    for (; i < rows; i++)
      add_products(1, 2, columns, x + i * stride, stride, points + c, count,
                   products + i * count + c);
  }
  if (c == count) return;
  size_t i = 0;
  for (; i + 8 <= rows; i += 8)
    add_products(8, 1, columns, x + i * stride, stride, points + c, count,
                 products + i * count + c);
  for (; i < rows; i++)
    add_products(1, 1, columns, x + i * stride, stride, points + c, count,
                 products + i * count + c);
}

// result[j, c] = points[c, j], with zeros up to a whole number of lanes; points are `stride` apart.
INLINED void transpose_padded(size_t columns, size_t count, const double *points, size_t stride,
                              double *result) {
  size_t whole = padded(count);
  memset(result, 0, columns * whole * sizeof *result);
  for (size_t c = 0; c < count; c++)
    for (size_t j = 0; j < columns; j++) result[j * whole + c] = points[c * stride + j];
}

// products[r] += x[r]ᵀ points of up to BLOCK rows, a cache full of points at a time.
INLINED void add_all_products(size_t rows, size_t columns, const double *x, const double *points,
                              size_t count, double *products) {
  for (size_t j = 0; j < columns; j += CHUNK)
    add_block_products(rows, columns - j < CHUNK ? columns - j : CHUNK, x + j, columns,
                       points + j * count, count, products);
}

#endif
