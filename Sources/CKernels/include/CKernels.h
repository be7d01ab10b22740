// Element-wise loops that the compiler vectorises, each compiled for several
// instruction sets and chosen by the processor when the program starts.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

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

// nearest[i] = the point c with the lowest offsets[c] - 2 x[i]ᵀ points[c], x rows × columns, points
// count × columns; -1 where another is within slack * (squares[i] + largest), or where that is not
// finite.
void ck_nearest_of_few_f64(size_t rows, size_t columns, size_t count, const double *x,
                           const double *points, const double *offsets, const double *squares,
                           double largest, double slack, ptrdiff_t *nearest);

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

#endif
