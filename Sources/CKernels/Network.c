#include "Network.h"

#include <math.h>

#include "Elementary.h"

// Loops over columns that keep sums take so many columns at a time, in registers.
#define LANES 16

DISPATCHED void ck_sum_f32(size_t count, const float *x, const float *z, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = x[i] + z[i];
}

DISPATCHED void ck_scaled_f32(size_t count, float factor, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = factor * x[i];
}

DISPATCHED void ck_add_scaled_f32(size_t count, float factor, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] += factor * x[i];
}

DISPATCHED void ck_products_f32(size_t count, const float *x, const float *z, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = x[i] * z[i];
}

DISPATCHED void ck_add_row_f32(size_t rows, size_t columns, const float *restrict row,
                               float *restrict x) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) x[i * columns + j] += row[j];
}

DISPATCHED void ck_add_column_sums_f32(size_t rows, size_t columns, const float *restrict x,
                                       float *restrict sums) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) sums[j] += x[i * columns + j];
}

void ck_column_sums_f32(size_t rows, size_t columns, const float *x, float *sums) {
  memset(sums, 0, columns * sizeof *sums);
  ck_add_column_sums_f32(rows, columns, x, sums);
}

DISPATCHED double ck_inner_f32(size_t count, const float *x, const float *y) {
  double lanes[LANES] = {0};
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += (double)x[i + l] * y[i + l];
  double sum = 0;
  for (size_t i = whole; i < count; i++) sum += (double)x[i] * y[i];
  for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

DISPATCHED int ck_all_finite_f32(size_t count, const float *x) {
  float sum = 0;
  // Infinities and what is not a number leave something other than 0.
  for (size_t i = 0; i < count; i++) {
    float zero = x[i] * 0;
    uint32_t bits;
    memcpy(&bits, &zero, sizeof bits);
    sum += (bits & 0x7fffffffu) != 0;
  }
  return sum == 0;
}

DISPATCHED void ck_relu_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

DISPATCHED void ck_relu_slopes_f32(size_t count, const float *y, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}

// tanh x = 1 - 2 / (exp 2x + 1); near 0 by the odd series, which loses no digits there.
INLINED float tanh_f32(float x) {
  float z = x * x;
  float series = x * (1 + z * (-1.0f / 3 + z * (2.0f / 15 + z * (-17.0f / 315 + z * (62.0f / 2835)))));
  float whole = 1 - 2 / (exp_f32(2 * x) + 1);
  return z < 0.04f ? series : whole;
}

INLINED float sigmoid_f32(float x) { return 1 / (1 + exp_f32(-x)); }

DISPATCHED void ck_tanh_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = tanh_f32(x[i]);
}

DISPATCHED void ck_tanh_slopes_f32(size_t count, const float *y, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = (1 - y[i] * y[i]) * dy[i];
}

DISPATCHED void ck_sigmoid_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = sigmoid_f32(x[i]);
}

DISPATCHED void ck_sigmoid_slopes_f32(size_t count, const float *y, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = y[i] * (1 - y[i]) * dy[i];
}

void ck_log1p_f32(size_t count, const float *x, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = log1pf(x[i]);
}

DISPATCHED void ck_log1p_slopes_f32(size_t count, const float *x, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = dy[i] / (1 + x[i]);
}

// erf by Abramowitz and Stegun 7.1.26, within 1.5e-7.
INLINED float erf_f32(float x) {
  float magnitude = x < 0 ? -x : x;
  float t = 1 / (1 + 0.3275911f * magnitude);
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float result = 1 - p * t * exp_f32(-magnitude * magnitude);
  return x < 0 ? -result : result;
}

DISPATCHED void ck_gelu_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1 + erf_f32(0.70710678f * x[i]));
}

DISPATCHED void ck_gelu_slopes_f32(size_t count, const float *x, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) {
    float share = 0.5f * (1 + erf_f32(0.70710678f * x[i]));
    float density = 0.39894228f * exp_f32(-0.5f * x[i] * x[i]);
    dx[i] = (share + x[i] * density) * dy[i];
  }
}

DISPATCHED void ck_gelu_tanh_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) {
    float inner = 0.79788456f * x[i] * (1 + 0.044715f * x[i] * x[i]);
    y[i] = 0.5f * x[i] * (1 + tanh_f32(inner));
  }
}

DISPATCHED void ck_gelu_tanh_slopes_f32(size_t count, const float *x, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) {
    float square = x[i] * x[i];
    float t = tanh_f32(0.79788456f * x[i] * (1 + 0.044715f * square));
    float inner = 0.79788456f * (1 + 3 * 0.044715f * square);
    dx[i] = 0.5f * (1 + t + x[i] * (1 - t * t) * inner) * dy[i];
  }
}

// Reductions of a row keep LANES numbers, which are vectors, where there are that many.
INLINED float greatest_of(size_t columns, const float *x) {
  float greatest = x[0];
  size_t whole = columns < LANES ? 0 : columns - columns % LANES;
  if (whole) {
    float lanes[LANES];
    for (size_t l = 0; l < LANES; l++) lanes[l] = x[l];
    for (size_t j = LANES; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) lanes[l] = x[j + l] > lanes[l] ? x[j + l] : lanes[l];
    for (size_t l = 0; l < LANES; l++) greatest = lanes[l] > greatest ? lanes[l] : greatest;
  }
  for (size_t j = whole; j < columns; j++) greatest = x[j] > greatest ? x[j] : greatest;
  return greatest;
}

INLINED float sum_of(size_t columns, const float *x) {
  float sum = 0;
  size_t whole = columns - columns % LANES;
  if (whole) {
    float lanes[LANES] = {0};
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) lanes[l] += x[j + l];
    for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  }
  for (size_t j = whole; j < columns; j++) sum += x[j];
  return sum;
}

INLINED float inner_of(size_t columns, const float *x, const float *z) {
  float sum = 0;
  size_t whole = columns - columns % LANES;
  if (whole) {
    float lanes[LANES] = {0};
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) lanes[l] += x[j + l] * z[j + l];
    for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  }
  for (size_t j = whole; j < columns; j++) sum += x[j] * z[j];
  return sum;
}

// Σ exp(x[j] - shift)
INLINED float exp_sum_of(size_t columns, const float *x, float shift) {
  float sum = 0;
  size_t whole = columns - columns % LANES;
  if (whole) {
    float lanes[LANES] = {0};
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) lanes[l] += exp_f32(x[j + l] - shift);
    for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  }
  for (size_t j = whole; j < columns; j++) sum += exp_f32(x[j] - shift);
  return sum;
}

DISPATCHED void ck_softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t i = 0; i < rows; i++, x += columns, y += columns) {
    float greatest = greatest_of(columns, x);
    EACH
    for (size_t j = 0; j < columns; j++) y[j] = exp_f32(x[j] - greatest);
    float factor = 1 / sum_of(columns, y);
    EACH
    for (size_t j = 0; j < columns; j++) y[j] *= factor;
  }
}

DISPATCHED void ck_softmax_slopes_f32(size_t rows, size_t columns, const float *y, const float *dy,
                                      float *dx) {
  for (size_t i = 0; i < rows; i++, y += columns, dy += columns, dx += columns) {
    float inner = inner_of(columns, y, dy);
    EACH
    for (size_t j = 0; j < columns; j++) dx[j] = y[j] * (dy[j] - inner);
  }
}

DISPATCHED void ck_log_softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t i = 0; i < rows; i++, x += columns, y += columns) {
    float greatest = greatest_of(columns, x);
    float shift = greatest + logf(exp_sum_of(columns, x, greatest));
    EACH
    for (size_t j = 0; j < columns; j++) y[j] = x[j] - shift;
  }
}

DISPATCHED void ck_log_softmax_slopes_f32(size_t rows, size_t columns, const float *y,
                                          const float *dy, float *dx) {
  for (size_t i = 0; i < rows; i++, y += columns, dy += columns, dx += columns) {
    float sum = sum_of(columns, dy);
    EACH
    for (size_t j = 0; j < columns; j++) dx[j] = dy[j] - exp_f32(y[j]) * sum;
  }
}

// The rows that are added up in single precision before they go to double.
#define BLOCK 32

INLINED void add_moments(size_t rows, size_t columns, size_t start, size_t width, const float *x,
                         const float *origin, double *sums, double *squares) {
  float s[LANES] = {0}, q[LANES] = {0};
  for (size_t i = 0; i < rows; i++)
    for (size_t l = 0; l < width; l++) {
      float shifted = x[i * columns + start + l] - origin[start + l];
      s[l] += shifted;
      q[l] += shifted * shifted;
    }
  for (size_t l = 0; l < width; l++) {
    sums[start + l] += s[l];
    squares[start + l] += q[l];
  }
}

DISPATCHED void ck_shifted_moments_f32(size_t rows, size_t columns, const float *restrict x,
                                       const float *restrict origin, double *restrict sums,
                                       double *restrict squares) {
  for (size_t j = 0; j < columns; j++) sums[j] = squares[j] = 0;
  size_t whole = columns - columns % LANES;
  for (size_t first = 0; first < rows; first += BLOCK, x += BLOCK * columns) {
    size_t count = rows - first < BLOCK ? rows - first : BLOCK;
    for (size_t start = 0; start < whole; start += LANES)
      add_moments(count, columns, start, LANES, x, origin, sums, squares);
    if (whole < columns)
      add_moments(count, columns, whole, columns - whole, x, origin, sums, squares);
  }
}

DISPATCHED void ck_affine_f32(size_t rows, size_t columns, const float *x,
                              const float *restrict factors, const float *restrict offsets,
                              const float *more, int rectified, float *y) {
  float floor = rectified ? 0 : -INFINITY;
  for (size_t i = 0; i < rows; i++, x += columns, y += columns) {
    if (more) {
      EACH
      for (size_t j = 0; j < columns; j++) {
        float value = factors[j] * x[j] + offsets[j] + more[j];
        y[j] = value > floor ? value : floor;
      }
      more += columns;
    } else {
      EACH
      for (size_t j = 0; j < columns; j++) {
        float value = factors[j] * x[j] + offsets[j];
        y[j] = value > floor ? value : floor;
      }
    }
  }
}

INLINED void add_affine_sums(size_t rows, size_t columns, size_t start, size_t width,
                             const float *x, const float *centre, const float *factors,
                             const float *offsets, const float *dy, double *sums,
                             double *products) {
  float s[LANES] = {0}, p[LANES] = {0};
  for (size_t i = 0; i < rows; i++)
    for (size_t l = 0; l < width; l++) {
      size_t at = i * columns + start + l, j = start + l;
      float slope = factors ? (factors[j] * x[at] + offsets[j] > 0 ? dy[at] : 0) : dy[at];
      s[l] += slope;
      p[l] += slope * (x[at] - centre[j]);
    }
  for (size_t l = 0; l < width; l++) {
    sums[start + l] += s[l];
    products[start + l] += p[l];
  }
}

INLINED void add_block_sums(size_t rows, size_t columns, const float *x, const float *centre,
                            const float *factors, const float *offsets, const float *dy,
                            double *sums, double *products) {
  size_t whole = columns - columns % LANES;
  for (size_t start = 0; start < whole; start += LANES)
    add_affine_sums(rows, columns, start, LANES, x, centre, factors, offsets, dy, sums, products);
  if (whole < columns)
    add_affine_sums(rows, columns, whole, columns - whole, x, centre, factors, offsets, dy, sums,
                    products);
}

DISPATCHED void ck_affine_sums_f32(size_t rows, size_t columns, const float *x, const float *centre,
                                   const float *factors, const float *offsets, const float *dy,
                                   double *sums, double *products) {
  for (size_t j = 0; j < columns; j++) sums[j] = products[j] = 0;
  for (size_t first = 0; first < rows; first += BLOCK) {
    size_t count = rows - first < BLOCK ? rows - first : BLOCK, at = first * columns;
    if (factors)
      add_block_sums(count, columns, x + at, centre, factors, offsets, dy + at, sums, products);
    else
      add_block_sums(count, columns, x + at, centre, NULL, NULL, dy + at, sums, products);
  }
}

DISPATCHED void ck_affine_slopes_f32(size_t rows, size_t columns, const float *x,
                                     const float *restrict factors, const float *restrict offsets,
                                     const float *dy, const float *restrict a,
                                     const float *restrict b, const float *restrict c, float *dx) {
  if (factors)
    for (size_t i = 0; i < rows; i++, x += columns, dy += columns, dx += columns)
      EACH
      for (size_t j = 0; j < columns; j++)
        dx[j] = a[j] * (factors[j] * x[j] + offsets[j] > 0 ? dy[j] : 0) + (b[j] * x[j] + c[j]);
  else
    for (size_t i = 0; i < rows; i++, x += columns, dy += columns, dx += columns)
      EACH
      for (size_t j = 0; j < columns; j++) dx[j] = a[j] * dy[j] + (b[j] * x[j] + c[j]);
}

INLINED float squares_about(size_t columns, const float *x, float centre) {
  float lanes[LANES] = {0}, sum = 0;
  size_t whole = columns - columns % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (size_t l = 0; l < LANES; l++) {
      float shifted = x[j + l] - centre;
      lanes[l] += shifted * shifted;
    }
  for (size_t j = whole; j < columns; j++) sum += (x[j] - centre) * (x[j] - centre);
  for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

DISPATCHED void ck_layer_norm_f32(size_t rows, size_t columns, float epsilon, const float *x,
                                  const float *factors, const float *offsets, float *y,
                                  float *means, float *scales) {
  for (size_t i = 0; i < rows; i++, x += columns, y += columns) {
    float mean = sum_of(columns, x) / (float)columns;
    float scale = 1 / sqrtf(squares_about(columns, x, mean) / (float)columns + epsilon);
    means[i] = mean;
    scales[i] = scale;
    EACH
    for (size_t j = 0; j < columns; j++) y[j] = (x[j] - mean) * scale * factors[j] + offsets[j];
  }
}

// Σ dy factors, and Σ dy factors (x - mean).
INLINED void slope_sums(size_t columns, const float *x, float mean, const float *factors,
                        const float *dy, float *sum, float *product) {
  float s = 0, p = 0;
  size_t whole = columns - columns % LANES;
  if (whole) {
    float sums[LANES] = {0}, products[LANES] = {0};
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) {
        float slope = dy[j + l] * factors[j + l];
        sums[l] += slope;
        products[l] += slope * (x[j + l] - mean);
      }
    for (size_t l = 0; l < LANES; l++) {
      s += sums[l];
      p += products[l];
    }
  }
  for (size_t j = whole; j < columns; j++) {
    s += dy[j] * factors[j];
    p += dy[j] * factors[j] * (x[j] - mean);
  }
  *sum = s;
  *product = p;
}

DISPATCHED void ck_layer_norm_slopes_f32(size_t rows, size_t columns, const float *x,
                                         const float *restrict factors, const float *means,
                                         const float *scales, const float *dy, float *dx,
                                         float *restrict sums) {
  for (size_t i = 0; i < rows; i++, x += columns, dy += columns, dx += columns) {
    float mean = means[i], scale = scales[i], sum, product;
    for (size_t j = 0; j < columns; j++) {
      sums[j] += dy[j] * (x[j] - mean) * scale;
      sums[columns + j] += dy[j];
    }
    slope_sums(columns, x, mean, factors, dy, &sum, &product);
    sum /= (float)columns;
    product *= scale * scale / (float)columns;
    EACH
    for (size_t j = 0; j < columns; j++)
      dx[j] = scale * (dy[j] * factors[j] - sum - (x[j] - mean) * product);
  }
}

DISPATCHED void ck_sgd_f32(size_t count, float rate, float momentum, int nesterov, float decay,
                           float factor, const float *restrict gradient, float *restrict velocity,
                           float *restrict weights) {
  float ahead = nesterov ? momentum : 0, direct = nesterov ? 1 : 0;
  float along = nesterov ? ahead : 1;
  EACH
  for (size_t i = 0; i < count; i++) {
    float g = factor * gradient[i] + decay * weights[i];
    float v = momentum * velocity[i] + g;
    velocity[i] = v;
    weights[i] -= rate * (direct * g + along * v);
  }
}

DISPATCHED void ck_adam_f32(size_t count, float rate, float root, float beta1, float beta2,
                            float epsilon, float decay, float shrinkage, float factor,
                            const float *restrict gradient, float *restrict mean,
                            float *restrict square, float *restrict weights) {
  for (size_t i = 0; i < count; i++) {
    float w = weights[i] - shrinkage * weights[i];
    float g = factor * gradient[i] + decay * weights[i];
    float m = beta1 * mean[i] + (1 - beta1) * g;
    float s = beta2 * square[i] + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = s;
    weights[i] = w - rate * m / (sqrtf(s) * root + epsilon);
  }
}

DISPATCHED void ck_fill_rows_f32(size_t rows, size_t columns, const float *restrict row,
                                 float *restrict x) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) x[i * columns + j] = row[j];
}

DISPATCHED void ck_exp_into_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = exp_f32(x[i]);
}
