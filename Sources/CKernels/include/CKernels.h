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

#endif
