// Sinkhorn's iterations on a kernel matrix, each of them one pass over it.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "CTransport.h"

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

#define LANES 16
#define GROUP 4

DISPATCHED static void raise_to(size_t count, double shift, double factor, const double *x,
                                double *largest) {
  for (size_t j = 0; j < count; j++) {
    double value = shift + factor * x[j];
    largest[j] = value > largest[j] ? value : largest[j];
  }
}

DISPATCHED static void shifted(size_t count, double shift, double factor, const double *x,
                               const double *offset, double *result) {
  for (size_t j = 0; j < count; j++) result[j] = shift + factor * x[j] - offset[j];
}

DISPATCHED static void add(size_t count, const double *x, double *sum) {
  for (size_t j = 0; j < count; j++) sum[j] += x[j];
}

DISPATCHED static void scale(size_t count, double factor, double *x) {
  for (size_t j = 0; j < count; j++) x[j] *= factor;
}

DISPATCHED static double sum_of(size_t count, const double *x) {
  double sums[LANES] = {0};
  size_t whole = count - count % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (int lane = 0; lane < LANES; lane++) sums[lane] += x[j + lane];
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  for (size_t j = whole; j < count; j++) sum += x[j];
  return sum;
}

DISPATCHED static double largest_of(size_t count, const double *x) {
  double most[LANES];
  for (int lane = 0; lane < LANES; lane++) most[lane] = -INFINITY;
  size_t whole = count - count % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (int lane = 0; lane < LANES; lane++)
      most[lane] = x[j + lane] > most[lane] ? x[j + lane] : most[lane];
  double result = -INFINITY;
  for (int lane = 0; lane < LANES; lane++) result = most[lane] > result ? most[lane] : result;
  for (size_t j = whole; j < count; j++) result = x[j] > result ? x[j] : result;
  return result;
}

int ct_sinkhorn_logarithms(size_t rows, size_t columns, double factor, double *row_potential,
                           double *column_potential, double *kernel) {
  double *largest = malloc(3 * columns * sizeof *largest);
  if (!largest) return CT_NO_MEMORY;
  double *sum = largest + columns, *buffer = largest + 2 * columns;
  for (size_t j = 0; j < columns; j++) {
    largest[j] = -INFINITY;
    sum[j] = 0;
  }
  for (size_t i = 0; i < rows; i++)
    raise_to(columns, row_potential[i], factor, kernel + i * columns, largest);
  for (size_t i = 0; i < rows; i++) {
    shifted(columns, row_potential[i], factor, kernel + i * columns, largest, buffer);
    ck_exp_f64(columns, buffer);
    add(columns, buffer, sum);
  }
  for (size_t j = 0; j < columns; j++) {
    column_potential[j] = -log((double)columns) - largest[j] - log(sum[j]);
    buffer[j] = -column_potential[j];
  }
  for (size_t i = 0; i < rows; i++) {
    double *row = kernel + i * columns;
    shifted(columns, 0, factor, row, buffer, row);
    double top = largest_of(columns, row);
    for (size_t j = 0; j < columns; j++) row[j] -= top;
    ck_exp_f64(columns, row);
    double total = sum_of(columns, row);
    row_potential[i] = -log((double)rows) - top - log(total);
    scale(columns, 1 / (total * (double)rows), row);
  }
  free(largest);
  return CT_OPTIMAL;
}

// dots[r] = the product of row r and `factor`, for up to GROUP rows.
DISPATCHED static void dots_of(size_t columns, const double *rows, const double *factor,
                               double *dots) {
  double sums[GROUP][LANES] = {{0}};
  size_t whole = columns - columns % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (int r = 0; r < GROUP; r++)
      for (int lane = 0; lane < LANES; lane++)
        sums[r][lane] += rows[r * columns + j + lane] * factor[j + lane];
  for (int r = 0; r < GROUP; r++) {
    dots[r] = 0;
    for (int lane = 0; lane < LANES; lane++) dots[r] += sums[r][lane];
    for (size_t j = whole; j < columns; j++) dots[r] += rows[r * columns + j] * factor[j];
  }
}

DISPATCHED static double dot_of(size_t columns, const double *row, const double *factor) {
  double sums[LANES] = {0};
  size_t whole = columns - columns % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (int lane = 0; lane < LANES; lane++) sums[lane] += row[j + lane] * factor[j + lane];
  double dot = 0;
  for (int lane = 0; lane < LANES; lane++) dot += sums[lane];
  for (size_t j = whole; j < columns; j++) dot += row[j] * factor[j];
  return dot;
}

DISPATCHED static void add_rows(size_t columns, const double *rows, const double *factors,
                                double *sums) {
  const double *second = rows + columns, *third = second + columns, *fourth = third + columns;
  double a = factors[0], b = factors[1], c = factors[2], d = factors[3];
  for (size_t j = 0; j < columns; j++)
    sums[j] += (a * rows[j] + b * second[j]) + (c * third[j] + d * fourth[j]);
}

DISPATCHED static void add_row(size_t columns, const double *row, double factor, double *sums) {
  for (size_t j = 0; j < columns; j++) sums[j] += factor * row[j];
}

static int is_safe(double factor, double limit) { return factor > 1 / limit && factor < limit; }

int ct_sinkhorn_step(size_t rows, size_t columns, const double *kernel, double limit,
                     const double *column_sums, double *row_factors, double *column_factors,
                     double *new_sums) {
  for (size_t j = 0; j < columns; j++) {
    column_factors[j] = 1 / (column_sums[j] * (double)columns);
    if (!is_safe(column_factors[j], limit)) return 0;
  }
  memset(new_sums, 0, columns * sizeof *new_sums);
  size_t i = 0;
  // A group of rows is still in the cache when it is added up.
  for (; i + GROUP <= rows; i += GROUP) {
    const double *group = kernel + i * columns;
    double dots[GROUP];
    dots_of(columns, group, column_factors, dots);
    for (int r = 0; r < GROUP; r++) {
      row_factors[i + r] = 1 / (dots[r] * (double)rows);
      if (!is_safe(row_factors[i + r], limit)) return 0;
    }
    add_rows(columns, group, row_factors + i, new_sums);
  }
  for (; i < rows; i++) {
    row_factors[i] = 1 / (dot_of(columns, kernel + i * columns, column_factors) * (double)rows);
    if (!is_safe(row_factors[i], limit)) return 0;
    add_row(columns, kernel + i * columns, row_factors[i], new_sums);
  }
  return 1;
}

// The bits of a number that is not negative grow with it, so a count of their leading 16, then of
// the next 16 among those that share them, and so on, finds a rank.
double ct_select(size_t count, const double *values, size_t rank) {
  size_t *counts = malloc(65536 * sizeof *counts);
  if (!counts) return NAN;
  uint64_t prefix = 0;
  for (int shift = 48; shift >= 0; shift -= 16) {
    memset(counts, 0, 65536 * sizeof *counts);
    for (size_t k = 0; k < count; k++) {
      uint64_t bits;
      memcpy(&bits, values + k, sizeof bits);
      if (shift == 48 || bits >> (shift + 16) == prefix) counts[(bits >> shift) & 65535]++;
    }
    size_t cell = 0;
    while (rank >= counts[cell]) rank -= counts[cell++];
    prefix = prefix << 16 | cell;
  }
  free(counts);
  double result;
  memcpy(&result, &prefix, sizeof result);
  return result;
}
