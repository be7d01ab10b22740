// Loops of the networks in single precision. Matrices are row-major; `rows` and `columns` are those
// of x. Where a result may be written over x, the comment says "in place".
#ifndef NETWORK_H
#define NETWORK_H

#include <stddef.h>
#include <stdint.h>

// y[i] = x[i] + z[i], in place; the other is y[i] = factor x[i], in place.
void ck_sum_f32(size_t count, const float *x, const float *z, float *y);
void ck_scaled_f32(size_t count, float factor, const float *x, float *y);
// y[i] += factor x[i]
void ck_add_scaled_f32(size_t count, float factor, const float *x, float *y);
// y[i] = x[i] z[i]; y[i] += x[i] z[i]
void ck_products_f32(size_t count, const float *x, const float *z, float *y);
// x[i, j] += row[j]
void ck_add_row_f32(size_t rows, size_t columns, const float *row, float *x);
// x[i, j] = row[j]
void ck_fill_rows_f32(size_t rows, size_t columns, const float *row, float *x);
// y[i] = exp x[i], in place
void ck_exp_into_f32(size_t count, const float *x, float *y);
// sums[j] = Σ_i x[i, j], and sums[j] += Σ_i x[i, j]
void ck_column_sums_f32(size_t rows, size_t columns, const float *x, float *sums);
void ck_add_column_sums_f32(size_t rows, size_t columns, const float *x, float *sums);
// Σ x[i] y[i], in double precision
double ck_inner_f32(size_t count, const float *x, const float *y);
// Whether every x[i] is finite.
int ck_all_finite_f32(size_t count, const float *x);

// Activations y = f(x), in place, and the slopes dx = f'(x) dy in place of dy.
void ck_relu_f32(size_t count, const float *x, float *y);
void ck_relu_slopes_f32(size_t count, const float *y, const float *dy, float *dx);
void ck_log1p_f32(size_t count, const float *x, float *y);
void ck_log1p_slopes_f32(size_t count, const float *x, const float *dy, float *dx);
void ck_tanh_f32(size_t count, const float *x, float *y);
void ck_tanh_slopes_f32(size_t count, const float *y, const float *dy, float *dx);
void ck_sigmoid_f32(size_t count, const float *x, float *y);
void ck_sigmoid_slopes_f32(size_t count, const float *y, const float *dy, float *dx);
// x Φ(x), Φ the normal distribution's, and its approximation by a hyperbolic tangent.
void ck_gelu_f32(size_t count, const float *x, float *y);
void ck_gelu_slopes_f32(size_t count, const float *x, const float *dy, float *dx);
void ck_gelu_tanh_f32(size_t count, const float *x, float *y);
void ck_gelu_tanh_slopes_f32(size_t count, const float *x, const float *dy, float *dx);

// Rows to probabilities, exp(x - max) / Σ, and to their logarithms; in place.
void ck_softmax_f32(size_t rows, size_t columns, const float *x, float *y);
void ck_softmax_slopes_f32(size_t rows, size_t columns, const float *y, const float *dy, float *dx);
void ck_log_softmax_f32(size_t rows, size_t columns, const float *x, float *y);
void ck_log_softmax_slopes_f32(size_t rows, size_t columns, const float *y, const float *dy,
                               float *dx);

// sums[j] = Σ_i (x[i, j] - origin[j]) and squares[j] of the squares, added up in double precision.
void ck_shifted_moments_f32(size_t rows, size_t columns, const float *x, const float *origin,
                            double *sums, double *squares);
// y[i, j] = factors[j] x[i, j] + offsets[j] (+ more[i, j], where that is given), in place; none below 0
// where `rectified`.
void ck_affine_f32(size_t rows, size_t columns, const float *x, const float *factors,
                   const float *offsets, const float *more, int rectified, float *y);
// sums[j] = Σ_i dy[i, j], products[j] = Σ_i dy[i, j] (x[i, j] - centre[j]), in double precision; where
// factors are given, dy counts as 0 where factors[j] x[i, j] + offsets[j] is not above 0.
void ck_affine_sums_f32(size_t rows, size_t columns, const float *x, const float *centre,
                        const float *factors, const float *offsets, const float *dy, double *sums,
                        double *products);
// dx[i, j] = a[j] dy[i, j] + b[j] x[i, j] + c[j], in place of dy; dy as above.
void ck_affine_slopes_f32(size_t rows, size_t columns, const float *x, const float *factors,
                          const float *offsets, const float *dy, const float *a, const float *b,
                          const float *c, float *dx);

// Each row less its mean, over its deviation, times factors plus offsets; stores mean and 1/deviation.
void ck_layer_norm_f32(size_t rows, size_t columns, float epsilon, const float *x,
                       const float *factors, const float *offsets, float *y, float *means,
                       float *scales);
// dx of the same; adds to the slopes of factors and offsets in `sums`, 2 × columns.
void ck_layer_norm_slopes_f32(size_t rows, size_t columns, const float *x, const float *factors,
                              const float *means, const float *scales, const float *dy, float *dx,
                              float *sums);

// Momentum: v = momentum v + (g + decay w); w -= rate (nesterov ? g + decay w + momentum v : v).
void ck_sgd_f32(size_t count, float rate, float momentum, int nesterov, float decay, float factor,
                const float *gradient, float *velocity, float *weights);
// Adam with its bias corrections in `rate` and `root`; `decay` is added to the gradient, `shrinkage`
// is what is taken from each weight before.
void ck_adam_f32(size_t count, float rate, float root, float beta1, float beta2, float epsilon,
                 float decay, float shrinkage, float factor, const float *gradient, float *mean,
                 float *square, float *weights);

#endif
