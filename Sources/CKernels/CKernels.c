#include "CKernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

// exp(x) = 2ⁿ exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2, ln 2 in two parts
// (Cody and Waite 1980). The Taylor polynomial's remainder is below half an ulp:
// r¹⁴ / 14! < 5e-18 in double, r⁸ / 8! < 6e-9 in single precision.
static inline double exp_f64(double x) {
  const double shift = 0x1.8p52;
  double clamped = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
  double shifted = clamped * 0x1.71547652b82fep0 + shift;
  double n = shifted - shift;
  double r = (clamped - n * 0x1.62e42fefa3800p-1) - n * 0x1.ef35793c76730p-45;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  double result = p * scale;
  result = x < -708.0 ? 0.0 : result;
  result = x > 709.0 ? INFINITY : result;
  return x != x ? x : result;
}

static inline float exp_f32(float x) {
  const float shift = 0x1.8p23f;
  float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  float shifted = clamped * 0x1.715476p0f + shift;
  float n = shifted - shift;
  float r = (clamped - n * 0x1.62e400p-1f) - n * 0x1.7f7d1cp-20f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  float result = p * scale;
  result = x < -87.0f ? 0.0f : result;
  result = x > 88.0f ? INFINITY : result;
  return x != x ? x : result;
}

DISPATCHED void ck_exp_f64(size_t count, double *x) {
  for (size_t i = 0; i < count; i++) x[i] = exp_f64(x[i]);
}

DISPATCHED void ck_exp_f32(size_t count, float *x) {
  for (size_t i = 0; i < count; i++) x[i] = exp_f32(x[i]);
}

DISPATCHED void ck_exp_scaled_f64(size_t count, double factor, double *x) {
  for (size_t i = 0; i < count; i++) x[i] = exp_f64(factor * x[i]);
}

DISPATCHED void ck_exp_scaled_f32(size_t count, float factor, float *x) {
  for (size_t i = 0; i < count; i++) x[i] = exp_f32(factor * x[i]);
}

// Eight partial results, so that the loop keeps its order and still vectorises.
DISPATCHED double ck_log_sum_exp_f64(size_t count, const double *x) {
  double largest[8], sum[8];
  for (int lane = 0; lane < 8; lane++) {
    largest[lane] = -INFINITY;
    sum[lane] = 0;
  }
  size_t whole = count - count % 8;
  for (size_t i = 0; i < whole; i += 8)
    for (int lane = 0; lane < 8; lane++)
      largest[lane] = x[i + lane] > largest[lane] ? x[i + lane] : largest[lane];
  double top = -INFINITY;
  for (int lane = 0; lane < 8; lane++) top = largest[lane] > top ? largest[lane] : top;
  for (size_t i = whole; i < count; i++) top = x[i] > top ? x[i] : top;
  if (top == -INFINITY) return top;
  for (size_t i = 0; i < whole; i += 8)
    for (int lane = 0; lane < 8; lane++) sum[lane] += exp_f64(x[i + lane] - top);
  double total = 0;
  for (int lane = 0; lane < 8; lane++) total += sum[lane];
  for (size_t i = whole; i < count; i++) total += exp_f64(x[i] - top);
  return top + log(total);
}

DISPATCHED void ck_squared_distances_f64(size_t rows, size_t columns, const double *row_norms,
                                         const double *column_norms, double *products) {
  for (size_t i = 0; i < rows; i++) {
    double *row = products + i * columns;
    double norm = row_norms[i];
    for (size_t j = 0; j < columns; j++) {
      double distance = norm + column_norms[j] - 2 * row[j];
      row[j] = distance > 0 ? distance : 0;
    }
  }
}

DISPATCHED void ck_squared_distances_f32(size_t rows, size_t columns, const float *row_norms,
                                         const float *column_norms, float *products) {
  for (size_t i = 0; i < rows; i++) {
    float *row = products + i * columns;
    float norm = row_norms[i];
    for (size_t j = 0; j < columns; j++) {
      float distance = norm + column_norms[j] - 2 * row[j];
      row[j] = distance > 0 ? distance : 0;
    }
  }
}

DISPATCHED void ck_block_minima_f64(size_t columns, const double *offsets, const double *products,
                                    double *minima) {
  size_t block = 0;
  for (size_t start = 0; start < columns; start += CK_BLOCK_WIDTH, block++) {
    size_t count = columns - start < CK_BLOCK_WIDTH ? columns - start : CK_BLOCK_WIDTH;
    double lowest[8];
    for (int lane = 0; lane < 8; lane++) lowest[lane] = INFINITY;
    size_t whole = count - count % 8;
    for (size_t i = 0; i < whole; i += 8)
      for (int lane = 0; lane < 8; lane++) {
        double value = offsets[start + i + lane] - 2 * products[start + i + lane];
        lowest[lane] = value >= lowest[lane] ? lowest[lane] : value;
      }
    double least = INFINITY;
    for (int lane = 0; lane < 8; lane++) least = lowest[lane] >= least ? least : lowest[lane];
    for (size_t i = whole; i < count; i++) {
      double value = offsets[start + i] - 2 * products[start + i];
      least = value >= least ? least : value;
    }
    minima[block] = least;
  }
}

#define LANES 16
#define FEW 5

// Inlined, so that they are compiled for the instructions of their caller.
#define INLINED static inline __attribute__((always_inline))

// dots[r] = the product of x and row r of `points`, for up to FEW rows.
INLINED void dots_of(size_t rows, size_t columns, const double *x, const double *points,
                     double *dots) {
  double sums[FEW][LANES] = {{0}};
  size_t whole = columns - columns % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (size_t r = 0; r < rows; r++)
      for (int lane = 0; lane < LANES; lane++)
        sums[r][lane] += x[j + lane] * points[r * columns + j + lane];
  for (size_t r = 0; r < rows; r++) {
    for (int half = LANES / 2; half > 0; half /= 2)
      for (int lane = 0; lane < half; lane++) sums[r][lane] += sums[r][lane + half];
    dots[r] = sums[r][0];
    for (size_t j = whole; j < columns; j++) dots[r] += x[j] * points[r * columns + j];
  }
}

// Points in groups of `group`, which is a constant where this is inlined; the last group overlaps
// the one before it.
INLINED void nearest_by_groups(size_t group, size_t rows, size_t columns, size_t count,
                               const double *x, const double *points, const double *offsets,
                               const double *squares, double largest, double slack,
                               ptrdiff_t *nearest) {
  for (size_t i = 0; i < rows; i++) {
    double lowest = INFINITY, second = INFINITY;
    ptrdiff_t place = -1;
    for (size_t c = 0; c < count; c += group) {
      size_t first = c + group > count ? count - group : c;
      double dots[FEW];
      dots_of(group, columns, x + i * columns, points + first * columns, dots);
      for (size_t k = c; k < first + group; k++) {
        double value = offsets[k] - 2 * dots[k - first];
        if (value < lowest) {
          second = lowest;
          lowest = value;
          place = (ptrdiff_t)k;
        } else if (value < second) {
          second = value;
        }
      }
    }
    double doubt = slack * (squares[i] + largest);
    nearest[i] = doubt < INFINITY && second - lowest > doubt ? place : -1;
  }
}

DISPATCHED void ck_nearest_of_few_f64(size_t rows, size_t columns, size_t count, const double *x,
                                      const double *points, const double *offsets,
                                      const double *squares, double largest, double slack,
                                      ptrdiff_t *nearest) {
  switch (count) {
  case 0: break;
  case 1:
    nearest_by_groups(1, rows, columns, count, x, points, offsets, squares, largest, slack, nearest);
    break;
  case 2:
    nearest_by_groups(2, rows, columns, count, x, points, offsets, squares, largest, slack, nearest);
    break;
  case 3:
    nearest_by_groups(3, rows, columns, count, x, points, offsets, squares, largest, slack, nearest);
    break;
  case 4:
    nearest_by_groups(4, rows, columns, count, x, points, offsets, squares, largest, slack, nearest);
    break;
  default:
    nearest_by_groups(FEW, rows, columns, count, x, points, offsets, squares, largest, slack,
                      nearest);
  }
}

DISPATCHED void ck_add_rows_to_groups_f64(size_t rows, size_t columns, const double *x,
                                          const ptrdiff_t *groups, double *sums) {
  for (size_t i = 0; i < rows; i++) {
    double *sum = sums + (size_t)groups[i] * columns;
    const double *row = x + i * columns;
    for (size_t j = 0; j < columns; j++) sum[j] += row[j];
  }
}

void ck_plain_squared_distances_f64(size_t rows, size_t columns, const double *x,
                                    const double *point, double *distances) {
#pragma STDC FP_CONTRACT OFF
  size_t i = 0;
  // Eight sums at once: each waits for its own additions alone.
  for (; i + 8 <= rows; i += 8) {
    double sums[8] = {0};
    for (size_t j = 0; j < columns; j++)
      for (int r = 0; r < 8; r++) {
        double difference = x[(i + r) * columns + j] - point[j];
        sums[r] += difference * difference;
      }
    for (int r = 0; r < 8; r++) distances[i + r] = sums[r];
  }
  for (; i < rows; i++) {
    double sum = 0;
    for (size_t j = 0; j < columns; j++) {
      double difference = x[i * columns + j] - point[j];
      sum += difference * difference;
    }
    distances[i] = sum;
  }
}

DISPATCHED void ck_add_products_to_groups_f64(size_t rows, size_t columns, const double *x,
                                              const double *y, const ptrdiff_t *groups,
                                              double *sums) {
  for (size_t i = 0; i < rows; i++) {
    double *sum = sums + (size_t)groups[i] * columns;
    const double *left = x + i * columns, *right = y + i * columns;
    for (size_t j = 0; j < columns; j++) sum[j] += left[j] * right[j];
  }
}

// log(x) of a normal number: x = 2^n m with m in (√½, √2), log m = 2 artanh((m - 1) / (m + 1)). The
// series' remainder is below 1e-18.
INLINED double log_f64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  uint64_t exponent = (bits - 0x3fe6a09e667f3bcdu + (1023ull << 52)) >> 52;
  bits -= (exponent << 52) - (1023ull << 52);
  double m;
  memcpy(&m, &bits, sizeof m);
  // An integer below 2^52 is the lower part of 2^52 plus itself.
  uint64_t shifted = exponent | 0x4330000000000000u;
  double n;
  memcpy(&n, &shifted, sizeof n);
  n -= 0x1p52 + 1023;
  double s = (m - 1) / (m + 1), z = s * s;
  double p = 2.0 / 21;
  p = p * z + 2.0 / 19;
  p = p * z + 2.0 / 17;
  p = p * z + 2.0 / 15;
  p = p * z + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  return n * 0x1.62e42fefa3800p-1 + (2 * s + (n * 0x1.ef35793c76730p-45 + s * z * p));
}

INLINED double entropy_term(double x, double y, double length) {
  double value = x + length * (y - x);
  double safe = value > 0x1p-1022 ? value : 0x1p-1022;
  double term = value * log_f64(safe);
  return value > 0 ? term : 0;
}

DISPATCHED double ck_entropy_towards_f64(size_t count, const double *x, const double *y,
                                         double length) {
  double sums[LANES] = {0};
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      sums[lane] += entropy_term(x[i + lane], y[i + lane], length);
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  for (size_t i = whole; i < count; i++) sum += entropy_term(x[i], y[i], length);
  return sum;
}

INLINED double slope_term(double x, double y) {
  double safe = x > 0x1p-1022 ? x : 0x1p-1022;
  double term = (y - x) * log_f64(safe);
  return x > 0 ? term : 0;
}

DISPATCHED double ck_entropy_slope_f64(size_t count, const double *x, const double *y) {
  double sums[LANES] = {0};
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (int lane = 0; lane < LANES; lane++) sums[lane] += slope_term(x[i + lane], y[i + lane]);
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  for (size_t i = whole; i < count; i++) sum += slope_term(x[i], y[i]);
  return sum;
}
