#include "CKernels.h"
#include "Elementary.h"
#include "FewProducts.h"

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

DISPATCHED void ck_block_minima_f32(size_t columns, const float *offsets, const float *products,
                                    float *minima) {
  size_t block = 0;
  for (size_t start = 0; start < columns; start += CK_BLOCK_WIDTH, block++) {
    size_t count = columns - start < CK_BLOCK_WIDTH ? columns - start : CK_BLOCK_WIDTH;
    float lowest[16];
    for (int lane = 0; lane < 16; lane++) lowest[lane] = INFINITY;
    size_t whole = count - count % 16;
    for (size_t i = 0; i < whole; i += 16)
      for (int lane = 0; lane < 16; lane++) {
        float value = offsets[start + i + lane] - 2 * products[start + i + lane];
        lowest[lane] = value >= lowest[lane] ? lowest[lane] : value;
      }
    float least = INFINITY;
    for (int lane = 0; lane < 16; lane++) least = lowest[lane] >= least ? least : lowest[lane];
    for (size_t i = whole; i < count; i++) {
      float value = offsets[start + i] - 2 * products[start + i];
      least = value >= least ? least : value;
    }
    minima[block] = least;
  }
}

DISPATCHED void ck_rounded_f32(size_t rows, size_t columns, const double *x, const double *centre,
                               double factor, float *result, double *squared_norms) {
  for (size_t i = 0; i < rows; i++) {
    const double *row = x + i * columns;
    float *rounded = result + i * columns;
    double sums[8] = {0}, sum = 0;
    size_t whole = columns - columns % 8;
    for (size_t j = 0; j < whole; j += 8)
      for (int lane = 0; lane < 8; lane++) {
        double value = factor * (row[j + lane] - centre[j + lane]);
        rounded[j + lane] = (float)value;
        sums[lane] += value * value;
      }
    for (int lane = 0; lane < 8; lane++) sum += sums[lane];
    for (size_t j = whole; j < columns; j++) {
      double value = factor * (row[j] - centre[j]);
      rounded[j] = (float)value;
      sum += value * value;
    }
    squared_norms[i] = sum;
  }
}

#define LANES 16
#define FEW 4

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

INLINED void nearest_by_blocks(size_t rows, size_t columns, size_t count, const double *x,
                               const double *points, const double *offsets, const double *squares,
                               double largest, double slack, double *scratch,
                               ptrdiff_t *nearest) {
  size_t whole = padded(count);
  double *transposed = scratch, *products = scratch + columns * whole;
  transpose_padded(columns, count, points, columns, transposed);
  for (size_t start = 0; start < rows; start += BLOCK) {
    size_t height = rows - start < BLOCK ? rows - start : BLOCK;
    memset(products, 0, height * whole * sizeof *products);
    add_all_products(height, columns, x + start * columns, transposed, whole, products);
    for (size_t i = 0; i < height; i++) {
      double lowest = INFINITY, second = INFINITY;
      ptrdiff_t place = -1;
      for (size_t c = 0; c < count; c++) {
        double value = offsets[c] - 2 * products[i * whole + c];
        if (value < lowest) {
          second = lowest;
          lowest = value;
          place = (ptrdiff_t)c;
        } else if (value < second) {
          second = value;
        }
      }
      double doubt = slack * (squares[start + i] + largest);
      nearest[start + i] = doubt < INFINITY && second - lowest > doubt ? place : -1;
    }
  }
}

size_t ck_few_products_scratch(size_t columns, size_t count) {
  return (columns + BLOCK) * padded(count);
}

DISPATCHED void ck_nearest_of_few_f64(size_t rows, size_t columns, size_t count, const double *x,
                                      const double *points, const double *offsets,
                                      const double *squares, double largest, double slack,
                                      double *scratch, ptrdiff_t *nearest) {
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
    nearest_by_blocks(rows, columns, count, x, points, offsets, squares, largest, slack, scratch,
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

// Eight counters at once, the 32-bit words in 64-bit lanes.
INLINED void philox_of_eight(uint64_t key, uint64_t high, uint64_t first, uint64_t *words) {
  const uint64_t mask = 0xFFFFFFFF;
  uint64_t x0[8], x1[8], x2[8], x3[8];
  for (int lane = 0; lane < 8; lane++) {
    uint64_t low = first + (uint64_t)lane;
    x0[lane] = low & mask;
    x1[lane] = low >> 32;
    x2[lane] = high & mask;
    x3[lane] = high >> 32;
  }
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
#pragma clang loop unroll(full)
  // Upper halves that hold anything are ignored by the products and cleared at the end.
  for (int round = 0; round < 10; round++) {
    for (int lane = 0; lane < 8; lane++) {
      uint64_t a = (x0[lane] & mask) * 0xD2511F53u, b = (x2[lane] & mask) * 0xCD9E8D57u;
      x0[lane] = (b >> 32) ^ x1[lane] ^ k0;
      x1[lane] = b;
      x2[lane] = (a >> 32) ^ x3[lane] ^ k1;
      x3[lane] = a;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int lane = 0; lane < 8; lane++) {
    words[2 * lane] = (x0[lane] & mask) | x1[lane] << 32;
    words[2 * lane + 1] = (x2[lane] & mask) | x3[lane] << 32;
  }
}

DISPATCHED void ck_philox_words(size_t count, uint64_t key, uint64_t high, uint64_t first,
                                uint64_t *words) {
  size_t whole = count - count % 8;
  for (size_t i = 0; i < whole; i += 8) philox_of_eight(key, high, first + i, words + 2 * i);
  if (whole < count) {
    uint64_t last[16];
    philox_of_eight(key, high, first + whole, last);
    memcpy(words + 2 * whole, last, 2 * (count - whole) * sizeof *words);
  }
}

INLINED void count_draw(uint64_t half, size_t size, uint8_t *drawn) {
  drawn[(half * size) >> 32]++;
}

void ck_count_draws(size_t size, const uint64_t *words, uint8_t *drawn) {
  memset(drawn, 0, size);
  for (size_t draw = 0; draw + 1 < size; draw += 2) {
    uint64_t word = *words++;
    count_draw(word >> 32, size, drawn);
    count_draw(word & 0xFFFFFFFF, size, drawn);
  }
  if (size % 2 == 1) count_draw(*words >> 32, size, drawn);
}

typedef uint8_t tile __attribute__((vector_size(CK_TILE)));

// The first eight of sixteen rows interleaved with the last eight.
INLINED void interleave(const tile *rows, tile *mixed) {
  for (int i = 0; i < CK_TILE / 2; i++) {
    tile low = rows[i], high = rows[i + CK_TILE / 2];
    mixed[2 * i] = __builtin_shufflevector(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                           22, 7, 23);
    mixed[2 * i + 1] = __builtin_shufflevector(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13,
                                               29, 14, 30, 15, 31);
  }
}

// Four times interleaved, sixteen rows of sixteen bytes are transposed.
DISPATCHED void ck_transpose_stripe(size_t size, const uint8_t *drawn, size_t width,
                                    uint8_t *table) {
  size_t length = CK_TILE * ((size + CK_TILE - 1) / CK_TILE);
  for (size_t place = 0; place < size; place += CK_TILE) {
    size_t height = size - place < CK_TILE ? size - place : CK_TILE;
    for (size_t lane = 0; lane < CK_STRIPE; lane += CK_TILE) {
      tile rows[CK_TILE], mixed[CK_TILE];
      for (size_t i = 0; i < CK_TILE; i++)
        memcpy(&rows[i], drawn + (lane + i) * length + place, sizeof *rows);
      interleave(rows, mixed);
      interleave(mixed, rows);
      interleave(rows, mixed);
      interleave(mixed, rows);
      for (size_t i = 0; i < height; i++)
        memcpy(table + (place + i) * width + lane, &rows[i], sizeof *rows);
    }
  }
}

// A stripe of lanes, held in registers while samples are added up.
typedef uint8_t bytes __attribute__((vector_size(CK_STRIPE)));
typedef uint16_t words __attribute__((vector_size(2 * CK_STRIPE)));
typedef float floats __attribute__((vector_size(4 * CK_STRIPE)));

// Four stripes at a time, for a fourth of the places to look up.
INLINED void sum_counts(size_t stripes, size_t samples, size_t steps, const uint8_t *counts,
                        size_t width, const ptrdiff_t *places, uint16_t *sums) {
  words total[4] = {{0}};
  for (size_t start = 0; start < samples; start += steps) {
    size_t end = start + steps < samples ? start + steps : samples;
    bytes part[4] = {{0}};
    for (size_t i = start; i < end; i++) {
      const uint8_t *count = counts + (size_t)places[i] * width;
      for (size_t stripe = 0; stripe < stripes; stripe++) {
        bytes own;
        memcpy(&own, count + stripe * CK_STRIPE, sizeof own);
        part[stripe] += own;
      }
    }
    for (size_t stripe = 0; stripe < stripes; stripe++)
      total[stripe] += __builtin_convertvector(part[stripe], words);
  }
  memcpy(sums, total, stripes * sizeof *total);
}

DISPATCHED void ck_sum_counts(size_t samples, size_t width, uint8_t most, const uint8_t *counts,
                              const ptrdiff_t *places, uint16_t *sums) {
  // So many counts can't overflow a byte.
  size_t steps = 255 / (most > 0 ? most : 1), lane = 0;
  for (; lane + 4 * CK_STRIPE <= width; lane += 4 * CK_STRIPE)
    sum_counts(4, samples, steps, counts + lane, width, places, sums + lane);
  for (; lane < width; lane += CK_STRIPE)
    sum_counts(1, samples, steps, counts + lane, width, places, sums + lane);
}

DISPATCHED void ck_sum_scaled_counts(size_t samples, size_t width, const uint8_t *counts,
                                     const ptrdiff_t *places, const float *factors, float *sums) {
  for (size_t lane = 0; lane < width; lane += CK_STRIPE) {
    floats total = {0};
    for (size_t i = 0; i < samples; i++) {
      bytes own;
      memcpy(&own, counts + (size_t)places[i] * width + lane, sizeof own);
      total += factors[i] * __builtin_convertvector(own, floats);
    }
    memcpy(sums + lane, &total, sizeof total);
  }
}

DISPATCHED uint8_t ck_greatest_u8(size_t count, const uint8_t *x) {
  uint8_t greatest = 0;
  for (size_t i = 0; i < count; i++) greatest = x[i] > greatest ? x[i] : greatest;
  return greatest;
}

typedef uint32_t numbers __attribute__((vector_size(4 * CK_STRIPE)));

// In whole numbers: twice the area is at most 2 (65535/2)² < 2^32.
DISPATCHED void ck_auroc_lanes(size_t samples, size_t width, const uint8_t *counts,
                               const ptrdiff_t *places, const uint8_t *positive,
                               const uint8_t *ends, double *values) {
  for (size_t start = 0; start < width; start += CK_STRIPE) {
    numbers below = {0}, above = {0}, area = {0}, tied[2] = {{0}};
    int gathers = 0;
    for (size_t i = 0; i < samples; i++) {
      bytes own;
      memcpy(&own, counts + (size_t)places[i] * width + start, sizeof own);
      numbers count = __builtin_convertvector(own, numbers);
      if (gathers || !ends[i]) {
        tied[positive[i] != 0] += count;
        gathers = !ends[i];
        if (gathers) continue;
        area += tied[1] * (2 * below + tied[0]);
        above += tied[1];
        below += tied[0];
        tied[0] = tied[1] = (numbers){0};
      } else if (positive[i]) {
        area += count * (2 * below);
        above += count;
      } else {
        below += count;
      }
    }
    for (size_t lane = 0; lane < CK_STRIPE; lane++) {
      double pairs = 2 * (double)above[lane] * below[lane];
      values[start + lane] = pairs > 0 ? area[lane] / pairs : NAN;
    }
  }
}

DISPATCHED void ck_add_u16(size_t count, const uint16_t *x, uint16_t *sums) {
  for (size_t i = 0; i < count; i++) sums[i] = (uint16_t)(sums[i] + x[i]);
}

DISPATCHED void ck_subtract_u16(size_t count, const uint16_t *restrict y, uint16_t *restrict x) {
  for (size_t i = 0; i < count; i++) x[i] = (uint16_t)(x[i] - y[i]);
}

DISPATCHED void ck_ratios_u16(size_t count, const uint16_t *parts, const uint16_t *wholes,
                              double *values) {
  for (size_t i = 0; i < count; i++) values[i] = (double)parts[i] / (double)wholes[i];
}

DISPATCHED void ck_add_ratios_u16(size_t count, const uint16_t *restrict parts,
                                  const uint16_t *restrict wholes, double *restrict sums,
                                  double *restrict present) {
  for (size_t i = 0; i < count; i++) {
    double whole = wholes[i], known = whole > 0 ? 1 : 0;
    sums[i] += known * parts[i] / (whole > 0 ? whole : 1);
    present[i] += known;
  }
}

DISPATCHED void ck_add_f1_u16(size_t count, const uint16_t *restrict parts,
                              const uint16_t *restrict first, const uint16_t *restrict second,
                              double *restrict sums, double *restrict present) {
  for (size_t i = 0; i < count; i++) {
    double whole = (double)first[i] + second[i], known = whole > 0 ? 1 : 0;
    sums[i] += known * 2 * parts[i] / (whole > 0 ? whole : 1);
    present[i] += known;
  }
}

DISPATCHED void ck_spread_ratios_u16(size_t count, const uint16_t *restrict parts,
                                     const uint16_t *restrict wholes, double *restrict least,
                                     double *restrict greatest, double *restrict present) {
  for (size_t i = 0; i < count; i++) {
    double whole = wholes[i], rate = parts[i] / (whole > 0 ? whole : 1);
    double low = whole > 0 ? rate : INFINITY, high = whole > 0 ? rate : -INFINITY;
    least[i] = low < least[i] ? low : least[i];
    greatest[i] = high > greatest[i] ? high : greatest[i];
    present[i] += whole > 0 ? 1 : 0;
  }
}

DISPATCHED void ck_add_differences_u16(size_t count, const uint16_t *restrict x,
                                       const uint16_t *restrict y, double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += fabs((double)x[i] - (double)y[i]);
}

DISPATCHED void ck_add_squares_u16(size_t count, const uint16_t *restrict x,
                                   double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += (double)x[i] * (double)x[i];
}

void ck_add_looked_up_u16(size_t count, const uint16_t *restrict x, const double *restrict table,
                          double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += table[x[i]];
}

DISPATCHED void ck_add_finite_f64(size_t count, const double *restrict x, double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += x[i] - x[i] == 0 ? x[i] : NAN;
}

DISPATCHED size_t ck_differences_f64(size_t count, double tolerance, const double *restrict x,
                                     const double *restrict y, double *restrict differences) {
  size_t missing = 0;
  for (size_t i = 0; i < count; i++) {
    double difference = x[i] - y[i];
    missing += difference != difference;
    differences[i] =
        fabs(difference) <= tolerance * (fabs(x[i]) + fabs(y[i])) ? 0 : difference;
  }
  return missing;
}

DISPATCHED void ck_subtract_f64(size_t count, const double *restrict y, double *restrict x) {
  for (size_t i = 0; i < count; i++) x[i] -= y[i];
}

DISPATCHED void ck_divide_f64(size_t count, const double *restrict divisors, double *restrict x) {
  for (size_t i = 0; i < count; i++) x[i] /= divisors[i];
}

DISPATCHED void ck_divide_all_f64(size_t count, double divisor, double *x) {
  for (size_t i = 0; i < count; i++) x[i] /= divisor;
}

DISPATCHED void ck_add_sizes_f32(size_t count, const float *restrict x, double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += (double)fabsf(x[i]);
}

DISPATCHED void ck_divide_u16(size_t count, const uint16_t *restrict divisors,
                              double *restrict x) {
  for (size_t i = 0; i < count; i++) x[i] /= (double)divisors[i];
}

DISPATCHED void ck_add_shifts_f64(size_t count, double centre, const double *restrict x,
                                  double *restrict sums, double *restrict squares) {
  for (size_t i = 0; i < count; i++) {
    double shift = x[i] - centre;
    sums[i] += shift;
    squares[i] += shift * shift;
  }
}

// Eight partial sums, so that it vectorises.
DISPATCHED size_t ck_sum_within_f64(size_t count, double repetitions, const double *totals,
                                    const double *squares, double *sum) {
  double sums[8] = {0};
  size_t defined = 0, whole = count - count % 8;
  for (size_t i = 0; i < whole; i += 8)
    for (int lane = 0; lane < 8; lane++) {
      double total = totals[i + lane], term = squares[i + lane] - total * total / repetitions;
      sums[lane] += total - total == 0 ? term : 0;
      defined += total - total == 0;
    }
  for (size_t i = whole; i < count; i++) {
    double total = totals[i], term = squares[i] - total * total / repetitions;
    sums[i - whole] += total - total == 0 ? term : 0;
    defined += total - total == 0;
  }
  for (int lane = 0; lane < 8; lane++) *sum += sums[lane];
  return defined;
}

DISPATCHED size_t ck_missing_f64(size_t count, const double *x) {
  size_t missing = 0;
  for (size_t i = 0; i < count; i++) missing += x[i] != x[i];
  return missing;
}

size_t ck_keep_numbers_f64(size_t count, double *x) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (x[i] == x[i]) x[kept++] = x[i];
  return kept;
}

DISPATCHED struct ck_moments ck_moments_f64(size_t count, const double *x) {
  struct ck_moments found = {0, 0, INFINITY, -INFINITY};
  if (count == 0) return found;
  double sum[8] = {0}, squares[8] = {0}, least[8], greatest[8], centre = x[0];
  for (int lane = 0; lane < 8; lane++) least[lane] = greatest[lane] = centre;
  size_t whole = count - count % 8;
  for (size_t i = 0; i < whole; i += 8)
    for (int lane = 0; lane < 8; lane++) {
      double value = x[i + lane], shift = value - centre;
      sum[lane] += shift;
      squares[lane] += shift * shift;
      least[lane] = value < least[lane] ? value : least[lane];
      greatest[lane] = value > greatest[lane] ? value : greatest[lane];
    }
  for (size_t i = whole; i < count; i++) {
    double value = x[i], shift = value - centre;
    int lane = (int)(i - whole);
    sum[lane] += shift;
    squares[lane] += shift * shift;
    least[lane] = value < least[lane] ? value : least[lane];
    greatest[lane] = value > greatest[lane] ? value : greatest[lane];
  }
  for (int lane = 0; lane < 8; lane++) {
    found.sum += sum[lane];
    found.squares += squares[lane];
    found.least = least[lane] < found.least ? least[lane] : found.least;
    found.greatest = greatest[lane] > found.greatest ? greatest[lane] : found.greatest;
  }
  return found;
}

void ck_ascending_order_f64(size_t count, const double *x, ptrdiff_t *order, ptrdiff_t *other,
                            uint64_t *keys) {
  // A byte at a time from the lowest, of bits that ascend as the numbers do; -0 is 0.
  size_t below[8][257] = {{0}};
  for (size_t i = 0; i < count; i++) {
    double value = x[i] + 0.0;
    memcpy(&keys[i], &value, sizeof value);
    keys[i] ^= keys[i] >> 63 ? UINT64_MAX : (uint64_t)1 << 63;
    for (int byte = 0; byte < 8; byte++) below[byte][(keys[i] >> 8 * byte & 255) + 1]++;
    order[i] = (ptrdiff_t)i;
  }
  for (int byte = 0; byte < 8; byte++) {
    if (count == 0 || below[byte][(keys[0] >> 8 * byte & 255) + 1] == count) continue;
    for (int value = 0; value < 256; value++) below[byte][value + 1] += below[byte][value];
    for (size_t i = 0; i < count; i++)
      other[below[byte][keys[order[i]] >> 8 * byte & 255]++] = order[i];
    memcpy(order, other, count * sizeof *order);
  }
}

// Hoare's selection: x[rank] of the sorted x.
static double selected(size_t count, double *x, size_t rank) {
  size_t low = 0, high = count - 1;
  while (low < high) {
    double pivot = x[low + (high - low) / 2];
    size_t i = low, j = high;
    for (;;) {
      while (x[i] < pivot) i++;
      while (x[j] > pivot) j--;
      if (i >= j) break;
      double swapped = x[i];
      x[i++] = x[j];
      x[j--] = swapped;
    }
    // x[low ... j] <= pivot <= x[j + 1 ... high], where the two met on the pivot too.
    if (i == j) {
      if (rank == i) return x[i];
      if (rank < i) high = i - 1; else low = i + 1;
    } else if (rank <= j) {
      high = j;
    } else {
      low = j + 1;
    }
  }
  return x[low];
}

#define BINS 1024

// Counted into bins of equal width first: only the bins of the ranks are looked into.
DISPATCHED void ck_order_statistics_f64(size_t count, const double *x, double least,
                                        double greatest, size_t number, const size_t *ranks,
                                        double *found, uint16_t *bins, double *kept) {
  double scale = BINS / (greatest - least);
  // Numbers that are all but equal share one bin.
  if (!(scale < INFINITY)) scale = 0;
  uint32_t filled[4][BINS] = {{0}};
  for (size_t i = 0; i < count; i++) {
    int bin = (int)((x[i] - least) * scale);
    bins[i] = (uint16_t)(bin < BINS - 1 ? bin : BINS - 1);
  }
  size_t whole = count - count % 4;
  for (size_t i = 0; i < whole; i += 4)
    for (int part = 0; part < 4; part++) filled[part][bins[i + part]]++;
  for (size_t i = whole; i < count; i++) filled[0][bins[i]]++;
  size_t below = 0, known = 0, bin = 0;
  int gathered = -1;
  for (size_t k = 0; k < number; k++) {
    if (ranks[k] < below) below = bin = 0;
    for (;;) {
      size_t here = (size_t)filled[0][bin] + filled[1][bin] + filled[2][bin] + filled[3][bin];
      if (below + here > ranks[k] || bin == BINS - 1) break;
      below += here;
      bin++;
    }
    if (gathered != (int)bin) {
      known = 0;
      uint16_t sought = (uint16_t)bin;
      for (size_t i = 0; i < count; i += 32) {
        size_t end = i + 32 < count ? i + 32 : count;
        unsigned any = 0;
        if (end - i == 32) {
          for (size_t j = 0; j < 32; j++) any |= bins[i + j] == sought;
          if (!any) continue;
        }
        for (size_t j = i; j < end; j++)
          if (bins[j] == sought) kept[known++] = x[j];
      }
      gathered = (int)bin;
    }
    found[k] = selected(known, kept, ranks[k] - below);
  }
}
