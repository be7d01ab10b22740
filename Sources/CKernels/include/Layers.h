// Loops of single layers and losses of the networks, in single precision; sums of losses are added up
// in double. Matrices are row-major.
#ifndef LAYERS_H
#define LAYERS_H

#include <stddef.h>
#include <stdint.h>

// y[i] = x[i] / (1 - rate) with probability 1 - rate, else 0, in place: which of them are kept is a
// function of key and first + i alone.
void ck_dropout_f32(size_t count, uint64_t key, uint64_t first, float rate, const float *x, float *y);

// y = min(max(0, x), 6) and its slopes from y, in place.
void ck_relu6_f32(size_t count, const float *x, float *y);
void ck_relu6_slopes_f32(size_t count, const float *y, const float *dy, float *dx);

// Means of down × across bins of an image, [height, width, channels]: bin b of n of an axis reaches
// from floor(b length / n) to ceil((b + 1) length / n).
void ck_adaptive_means_f32(size_t height, size_t width, size_t channels, size_t down, size_t across,
                           const float *x, float *y);
void ck_adaptive_mean_slopes_f32(size_t height, size_t width, size_t channels, size_t down,
                                 size_t across, const float *dy, float *dx);

// Σ x[i], and Σ (x[i] - z[i])²
double ck_total_f32(size_t count, const float *x);
double ck_squared_difference_f32(size_t count, const float *x, const float *z);
// y[i] = factor (x[i] - z[i]), in place of either
void ck_scaled_difference_f32(size_t count, float factor, const float *x, const float *z, float *y);

// Rows of log-probabilities `logs` and of target masses q: dx = factor (exp(logs) Σ q - q)
void ck_cross_entropy_slopes_f32(size_t rows, size_t columns, float factor, const float *logs,
                                 const float *targets, float *dx);
// entropies[i] = -Σ_j p log p, p = exp(logs[i, j]), and dx = -factor p (log p + entropies[i])
void ck_entropies_f32(size_t rows, size_t columns, const float *logs, float *entropies);
void ck_entropy_slopes_f32(size_t rows, size_t columns, float factor, const float *logs,
                           const float *entropies, float *dx);
// Σ q (log q - logs), and the slopes factor (log q + 1 - logs); both 0 where q is.
double ck_divergence_f32(size_t count, const float *logs, const float *targets);
void ck_divergence_slopes_f32(size_t count, float factor, const float *logs, const float *targets,
                              float *dq);
// Σ log(1 + exp(x)) - x t, and dx = factor (sigmoid(x) - t)
double ck_logistic_loss_f32(size_t count, const float *x, const float *targets);
void ck_logistic_loss_slopes_f32(size_t count, float factor, const float *x, const float *targets,
                                 float *dx);

// Returns Σ_i Σ_u exp(-d[i] / h_u), and puts weight Σ_u exp(-d[i] / h_u) / h_u in d's place; the
// inverse of each h_u is given.
double ck_gaussian_slopes_f32(size_t count, size_t widths, const float *inverse, float weight,
                              float *d);

#endif
