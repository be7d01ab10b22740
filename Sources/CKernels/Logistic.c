#include "CKernels.h"
#include "Elementary.h"
#include "FewProducts.h"

// The samples are read once a pass: a block of rows stays in the cache from its logits to its share of
// the slopes.

// slopes[c, j] += Σ_r residuals[r, c] x[r, j] of `count` classes and `vectors` lanes of columns, which are
// constants where this is inlined.
INLINED void add_slopes(size_t count, size_t vectors, size_t rows, const double *x, size_t stride,
                        const double *residuals, size_t classes, double *slopes) {
  lanes sums[4][8];
  for (size_t c = 0; c < count; c++)
    for (size_t v = 0; v < vectors; v++) load(&sums[c][v], slopes + c * stride + v * WIDTH);
  for (size_t r = 0; r < rows; r++) {
    lanes values[8];
    for (size_t v = 0; v < vectors; v++) load(&values[v], x + r * stride + v * WIDTH);
    for (size_t c = 0; c < count; c++)
      for (size_t v = 0; v < vectors; v++) sums[c][v] += residuals[r * classes + c] * values[v];
  }
  for (size_t c = 0; c < count; c++)
    for (size_t v = 0; v < vectors; v++) store(slopes + c * stride + v * WIDTH, &sums[c][v]);
}

INLINED void add_slopes_of(size_t count, size_t vectors, size_t rows, size_t columns,
                           const double *x, const double *residuals, size_t classes,
                           double *slopes) {
  size_t j = 0;
  for (; j + vectors * WIDTH <= columns; j += vectors * WIDTH)
    add_slopes(count, vectors, rows, x + j, columns, residuals, classes, slopes + j);
  for (; j + WIDTH <= columns; j += WIDTH)
    add_slopes(count, 1, rows, x + j, columns, residuals, classes, slopes + j);
  for (; j < columns; j++)
    for (size_t c = 0; c < count; c++) {
      double sum = 0;
      for (size_t r = 0; r < rows; r++) sum += residuals[r * classes + c] * x[r * columns + j];
      slopes[c * columns + j] += sum;
    }
}

INLINED void add_block_slopes(size_t rows, size_t columns, size_t count, const double *x,
                              const double *residuals, size_t classes, double *slopes) {
  size_t groups = (count + 3) / 4;
  for (size_t g = 0; g < groups; g++) {
    size_t first = g * count / groups;
    const double *part = residuals + first;
    double *sums = slopes + first * columns;
    switch ((g + 1) * count / groups - first) {
    case 1: add_slopes_of(1, 8, rows, columns, x, part, classes, sums); break;
    case 2: add_slopes_of(2, 4, rows, columns, x, part, classes, sums); break;
    case 3: add_slopes_of(3, 2, rows, columns, x, part, classes, sums); break;
    default: add_slopes_of(4, 2, rows, columns, x, part, classes, sums);
    }
  }
}

DISPATCHED double ck_class_losses_f64(size_t rows, size_t columns, size_t count, const double *x,
                                      const double *weights, const double *offsets,
                                      const ptrdiff_t *labels, const double *shares,
                                      double *slopes, double *offset_slopes, double *scratch) {
  size_t classes = padded(count);
  double *transposed = scratch, *logits = scratch + columns * classes;
  transpose_padded(columns, count, weights, columns, transposed);
  memset(slopes, 0, count * columns * sizeof *slopes);
  memset(offset_slopes, 0, count * sizeof *offset_slopes);
  double value = 0;
  for (size_t start = 0; start < rows; start += BLOCK) {
    size_t height = rows - start < BLOCK ? rows - start : BLOCK;
    const double *block = x + start * columns;
    for (size_t i = 0; i < height; i++)
      for (size_t c = 0; c < classes; c++)
        logits[i * classes + c] = c < count ? offsets[c] : -INFINITY;
    add_all_products(height, columns, block, transposed, classes, logits);
    for (size_t i = 0; i < height; i++) {
      double *row = logits + i * classes;
      double share = shares[start + i];
      size_t label = (size_t)labels[start + i];
      double top = -INFINITY, total = 0;
      for (size_t c = 0; c < count; c++) top = row[c] > top ? row[c] : top;
      double logit = row[label] - top;
      for (size_t c = 0; c < classes; c++) row[c] = exp_f64(row[c] - top);
      for (size_t c = 0; c < count; c++) total += row[c];
      value += share * (log(total) - logit);
      double factor = share / total;
      for (size_t c = 0; c < classes; c++) row[c] *= factor;
      row[label] -= share;
      for (size_t c = 0; c < count; c++) offset_slopes[c] += row[c];
    }
    add_block_slopes(height, columns, count, block, logits, classes, slopes);
  }
  return value;
}

// dots[r] = Σ_j x[r, j] y[j] of `tile` rows, a constant where this is inlined.
INLINED void dots_of_rows(size_t tile, size_t columns, const double *x, const double *y,
                          double *dots) {
  lanes sums[4];
  for (size_t r = 0; r < tile; r++) sums[r] = (lanes){0};
  size_t j = 0;
  for (; j + WIDTH <= columns; j += WIDTH) {
    lanes right;
    load(&right, y + j);
    for (size_t r = 0; r < tile; r++) {
      lanes left;
      load(&left, x + r * columns + j);
      sums[r] += left * right;
    }
  }
  for (size_t r = 0; r < tile; r++) {
    double parts[WIDTH];
    store(parts, &sums[r]);
    for (int half = WIDTH / 2; half > 0; half /= 2)
      for (int lane = 0; lane < half; lane++) parts[lane] += parts[lane + half];
    dots[r] = parts[0];
  }
  for (; j < columns; j++)
    for (size_t r = 0; r < tile; r++) dots[r] += x[r * columns + j] * y[j];
}

DISPATCHED double ck_pair_losses_f64(size_t rows, size_t columns, const double *x,
                                     const double *weights, double offset, const ptrdiff_t *labels,
                                     const double *shares, double *slopes, double *offset_slope) {
  memset(slopes, 0, columns * sizeof *slopes);
  double value = 0, sum = 0;
  for (size_t start = 0; start < rows; start += BLOCK) {
    size_t height = rows - start < BLOCK ? rows - start : BLOCK, i = 0;
    const double *block = x + start * columns;
    double residuals[BLOCK] = {0}, losses[BLOCK] = {0};
    for (; i + 4 <= height; i += 4)
      dots_of_rows(4, columns, block + i * columns, weights, residuals + i);
    for (; i < height; i++) dots_of_rows(1, columns, block + i * columns, weights, residuals + i);
    for (i = 0; i < height; i++) {
      double logit = residuals[i] + offset, target = (double)labels[start + i];
      double decay = exp_f64(-fabs(logit)), share = shares[start + i];
      double probability = (logit < 0 ? decay : 1) / (1 + decay);
      losses[i] = share * ((logit > 0 ? logit : 0) - target * logit + log1p_f64(decay));
      residuals[i] = share * (probability - target);
    }
    for (i = 0; i < height; i++) {
      value += losses[i];
      sum += residuals[i];
    }
    add_slopes_of(1, 8, height, columns, block, residuals, 1, slopes);
  }
  *offset_slope = sum;
  return value;
}

DISPATCHED void ck_weighted_squares_f64(size_t rows, size_t columns, const double *x,
                                        const double *centre, const double *weights,
                                        double *sums) {
  memset(sums, 0, columns * sizeof *sums);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) {
      double difference = x[i * columns + j] - centre[j];
      sums[j] += weights[i] * (difference * difference);
    }
}

DISPATCHED void ck_standardize_f64(size_t rows, size_t columns, const double *restrict x,
                                   const double *restrict centre, const double *restrict factors,
                                   double *restrict result) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      result[i * columns + j] = (x[i * columns + j] - centre[j]) * factors[j];
}

size_t ck_curved_products_scratch(size_t columns, size_t count) {
  return (columns + BLOCK) * padded(count) + count * columns;
}

DISPATCHED void ck_curved_products_f64(size_t rows, size_t columns, size_t count, const double *x,
                                       const double *points, const double *curvatures,
                                       double *products, double *slopes, double *scratch) {
  size_t lanes = padded(count), length = columns + 1;
  double *transposed = scratch, *block_products = scratch + columns * lanes;
  double *sums = block_products + BLOCK * lanes;
  if (count > 1) transpose_padded(columns, count, points, length, transposed);
  memset(sums, 0, count * columns * sizeof *sums);
  for (size_t c = 0; c < count; c++) slopes[c * length + columns] = 0;
  for (size_t start = 0; start < rows; start += BLOCK) {
    size_t height = rows - start < BLOCK ? rows - start : BLOCK, i = 0;
    const double *block = x + start * columns;
    if (count == 1) {
      for (; i + 4 <= height; i += 4)
        dots_of_rows(4, columns, block + i * columns, points, block_products + i);
      for (; i < height; i++) dots_of_rows(1, columns, block + i * columns, points, block_products + i);
    } else {
      memset(block_products, 0, height * lanes * sizeof *block_products);
      add_all_products(height, columns, block, transposed, lanes, block_products);
    }
    size_t width = count == 1 ? 1 : lanes;
    for (size_t c = 0; c < count; c++) {
      double offset = points[c * length + columns], sum = 0;
      for (i = 0; i < height; i++) {
        double product = block_products[i * width + c] + offset;
        products[c * rows + start + i] = product;
        block_products[i * width + c] = product * curvatures[c * rows + start + i];
        sum += block_products[i * width + c];
      }
      slopes[c * length + columns] += sum;
    }
    add_block_slopes(height, columns, count, block, block_products, width, sums);
  }
  for (size_t c = 0; c < count; c++)
    memcpy(slopes + c * length, sums + c * columns, columns * sizeof *slopes);
}
