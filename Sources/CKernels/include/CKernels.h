// Element-wise loops that the compiler vectorises, each compiled for several
// instruction sets and chosen by the processor when the program starts.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "Columns.h"
#include "Layers.h"
#include "Network.h"
#include "Team.h"

// x[i] = exp(x[i]), within 2 ulp; 0 below -708 (-87 in single precision), INFINITY above 709 (88).
void ck_exp_f64(size_t count, double *x);
void ck_exp_f32(size_t count, float *x);

// x[i] = exp(factor * x[i])
void ck_exp_scaled_f64(size_t count, double factor, double *x);
void ck_exp_scaled_f32(size_t count, float factor, float *x);

// log Σ exp(x[i]) without overflow; -INFINITY where every x[i] is.
double ck_log_sum_exp_f64(size_t count, const double *x);

// products[i, j] = max(0, row_norms[i] + column_norms[j] - 2 products[i, j])
void ck_squared_distances_f64(size_t rows, size_t columns, const double *row_norms,
                              const double *column_norms, double *products);
void ck_squared_distances_f32(size_t rows, size_t columns, const float *row_norms,
                              const float *column_norms, float *products);

// The columns of which ck_block_minima_f64 takes one minimum.
#define CK_BLOCK_WIDTH 64

// minima[b] = min of offsets[j] - 2 products[j] over the columns j of block b; the last block may be
// shorter.
void ck_block_minima_f64(size_t columns, const double *offsets, const double *products,
                         double *minima);
void ck_block_minima_f32(size_t columns, const float *offsets, const float *products,
                         float *minima);

// result[i, j] = factor (x[i, j] - centre[j]) in single precision, and the squared norms of its rows
// before they are rounded.
void ck_rounded_f32(size_t rows, size_t columns, const double *x, const double *centre,
                    double factor, float *result, double *squared_norms);

// How many numbers are needed for products with that many points, or classes.
size_t ck_few_products_scratch(size_t columns, size_t count);

// nearest[i] = the point c with the lowest offsets[c] - 2 x[i]ᵀ points[c], x rows × columns, points
// count × columns; -1 where another is within slack * (squares[i] + largest), or where that is not
// finite.
void ck_nearest_of_few_f64(size_t rows, size_t columns, size_t count, const double *x,
                           const double *points, const double *offsets, const double *squares,
                           double largest, double slack, double *scratch, ptrdiff_t *nearest);

// sums[groups[i]] += x[i], in the order of the rows; x rows × columns.
void ck_add_rows_to_groups_f64(size_t rows, size_t columns, const double *x,
                               const ptrdiff_t *groups, double *sums);

// distances[i] = Σ_j (x[i, j] - point[j])², each added up in the order of the columns and without
// fused operations.
void ck_plain_squared_distances_f64(size_t rows, size_t columns, const double *x,
                                    const double *point, double *distances);

// sums[groups[i]] += x[i] * y[i], entry by entry, in the order of the rows; all rows × columns.
void ck_add_products_to_groups_f64(size_t rows, size_t columns, const double *x, const double *y,
                                   const ptrdiff_t *groups, double *sums);

// Σ v log v of v = x[i] + length (y[i] - x[i]), none of them negative; 0 log 0 is 0.
double ck_entropy_towards_f64(size_t count, const double *x, const double *y, double length);

// Σ (y[i] - x[i]) log x[i] over the x[i] above 0, none of them negative.
double ck_entropy_slope_f64(size_t count, const double *x, const double *y);

// words[2 i], words[2 i + 1] = the lower and the upper half of the Philox 4x32-10 block of the
// counter high · 2^64 + first + i under the key, 2 count words.
void ck_philox_words(size_t count, uint64_t key, uint64_t high, uint64_t first, uint64_t *words);

// Lanes come in stripes of so many: the width of every table below is a multiple of it.
#define CK_STRIPE 64

// drawn[place] = how often it comes in `size` draws of place = size h / 2^32 of the upper, then the
// lower 32 bits h of a word.
void ck_count_draws(size_t size, const uint64_t *words, uint8_t *drawn);

// Bytes are transposed in tiles of so many rows and columns.
#define CK_TILE 16

// table[place, lane] = drawn[lane, place] of a stripe of lanes, whose rows are padded to a multiple
// of CK_TILE; the table's rows have that width.
void ck_transpose_stripe(size_t size, const uint8_t *drawn, size_t width, uint8_t *table);

// The greatest of x, 0 of none.
uint8_t ck_greatest_u8(size_t count, const uint8_t *x);

// Below, a table holds rows of `width` lanes, a lane for each resample. Sample i has the row
// places[i] of `counts`.

// sums[lane] = Σ counts[places[i]], none of the counts above `most`.
void ck_sum_counts(size_t samples, size_t width, uint8_t most, const uint8_t *counts,
                   const ptrdiff_t *places, uint16_t *sums);

// sums[lane] = Σ factors[i] counts[places[i]], in the order of the samples.
void ck_sum_scaled_counts(size_t samples, size_t width, const uint8_t *counts,
                          const ptrdiff_t *places, const float *factors, float *sums);

// values[lane] = the area under the ROC curve, samples in ascending order of their scores; not a
// number without positives or negatives. ends[i]: whether sample i is the last of its score. At most
// 65,535 draws.
void ck_auroc_lanes(size_t samples, size_t width, const uint8_t *counts, const ptrdiff_t *places,
                    const uint8_t *positive, const uint8_t *ends, double *values);

// sums[i] += x[i]
void ck_add_u16(size_t count, const uint16_t *x, uint16_t *sums);

// x[i] -= y[i]
void ck_subtract_u16(size_t count, const uint16_t *y, uint16_t *x);

// values[i] = parts[i] / wholes[i]
void ck_ratios_u16(size_t count, const uint16_t *parts, const uint16_t *wholes, double *values);

// sums[i] += parts[i] / wholes[i] and present[i] += 1 where wholes[i] > 0.
void ck_add_ratios_u16(size_t count, const uint16_t *parts, const uint16_t *wholes, double *sums,
                       double *present);

// sums[i] += 2 parts[i] / (first[i] + second[i]) and present[i] += 1 where that is defined.
void ck_add_f1_u16(size_t count, const uint16_t *parts, const uint16_t *first,
                   const uint16_t *second, double *sums, double *present);

// least, greatest and present take in parts[i] / wholes[i] where wholes[i] > 0.
void ck_spread_ratios_u16(size_t count, const uint16_t *parts, const uint16_t *wholes,
                          double *least, double *greatest, double *present);

// sums[i] += |x[i] - y[i]|
void ck_add_differences_u16(size_t count, const uint16_t *x, const uint16_t *y, double *sums);

// sums[i] += x[i]²
void ck_add_squares_u16(size_t count, const uint16_t *x, double *sums);

// sums[i] += table[x[i]]
void ck_add_looked_up_u16(size_t count, const uint16_t *x, const double *table, double *sums);

// sums[i] += x[i]; not a number where x[i] is infinite or none.
void ck_add_finite_f64(size_t count, const double *x, double *sums);

// differences[i] = x[i] - y[i]; 0 where that is at most `tolerance` (|x[i]| + |y[i]|). Returns how
// many are not numbers.
size_t ck_differences_f64(size_t count, double tolerance, const double *x, const double *y,
                          double *differences);

// x[i] -= y[i]
void ck_subtract_f64(size_t count, const double *y, double *x);

// x[i] /= divisors[i], x[i] /= divisor
void ck_divide_f64(size_t count, const double *divisors, double *x);
void ck_divide_all_f64(size_t count, double divisor, double *x);
void ck_divide_u16(size_t count, const uint16_t *divisors, double *x);

// sums[i] += |x[i]|
void ck_add_sizes_f32(size_t count, const float *x, double *sums);

// sums[i] += x[i] - centre, squares[i] += (x[i] - centre)²
void ck_add_shifts_f64(size_t count, double centre, const double *x, double *sums, double *squares);

// order = the places of x from its least number to its greatest, those of equal ones in their order;
// `other` and `keys` have room for `count` entries.
void ck_ascending_order_f64(size_t count, const double *x, ptrdiff_t *order, ptrdiff_t *other,
                            uint64_t *keys);

// sum += Σ (squares[i] - totals[i]² / repetitions) over the totals that are finite; returns how many
// these are.
size_t ck_sum_within_f64(size_t count, double repetitions, const double *totals,
                         const double *squares, double *sum);

// How many of x are not numbers.
size_t ck_missing_f64(size_t count, const double *x);

// Moves the numbers among x to the front, in their order, and returns how many they are.
size_t ck_keep_numbers_f64(size_t count, double *x);

// What ck_moments_f64 finds of numbers: Σ (x - x[0]), Σ (x - x[0])², the least and the greatest.
struct ck_moments {
  double sum, squares, least, greatest;
};

struct ck_moments ck_moments_f64(size_t count, const double *x);

// found[k] = the number of rank ranks[k] of x, counted from 0 and from the least. `kept` and `bins`
// have room for `count` entries.
void ck_order_statistics_f64(size_t count, const double *x, double least, double greatest,
                             size_t number, const size_t *ranks, double *found, uint16_t *bins,
                             double *kept);

// Σ_i shares[i] (log Σ_c exp s_ic - s_iy), s = x weightsᵀ + offsets, y = labels[i], x rows × columns,
// weights classes × columns; stores its slopes in the weights and offsets.
double ck_class_losses_f64(size_t rows, size_t columns, size_t classes, const double *x,
                           const double *weights, const double *offsets, const ptrdiff_t *labels,
                           const double *shares, double *slopes, double *offset_slopes,
                           double *scratch);

// The same of two classes with the logits 0 and s = xᵀ weights + offset.
double ck_pair_losses_f64(size_t rows, size_t columns, const double *x, const double *weights,
                          double offset, const ptrdiff_t *labels, const double *shares,
                          double *slopes, double *offset_slope);

// Of each point p, which holds an offset behind its columns: products u = x p + offset, count × rows, and
// slopes xᵀ(κ ∘ u) with Σ κ u behind them, count × (columns + 1); the rows are read once. The scratch has
// room for `ck_curved_products_scratch` numbers.
void ck_curved_products_f64(size_t rows, size_t columns, size_t count, const double *x,
                            const double *points, const double *curvatures, double *products,
                            double *slopes, double *scratch);
size_t ck_curved_products_scratch(size_t columns, size_t count);

// sums[j] = Σ_i weights[i] (x[i, j] - centre[j])²
void ck_weighted_squares_f64(size_t rows, size_t columns, const double *x, const double *centre,
                             const double *weights, double *sums);

// result[i, j] = (x[i, j] - centre[j]) factors[j]
void ck_standardize_f64(size_t rows, size_t columns, const double *x, const double *centre,
                        const double *factors, double *result);

#endif
