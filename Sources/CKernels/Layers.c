#include "Layers.h"

#include "Elementary.h"

// Sums are kept in so many lanes, and loops over several widths take so many numbers at a time.
#define LANES 16
#define BLOCK 64

// Mixes the bits of a counter (Steele, Lea, Flood 2014, with Stafford's constants).
INLINED uint64_t mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

DISPATCHED void ck_dropout_f32(size_t count, uint64_t key, uint64_t first, float rate,
                               const float *x, float *y) {
  float factor = 1 / (1 - rate);
  EACH
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = mixed(key + (first + i) * 0x9e3779b97f4a7c15u);
    y[i] = (float)(uint32_t)(bits >> 40) * 0x1p-24f < rate ? 0 : factor * x[i];
  }
}

DISPATCHED void ck_relu6_f32(size_t count, const float *x, float *y) {
  EACH
  for (size_t i = 0; i < count; i++) {
    float value = x[i] > 0 ? x[i] : 0;
    y[i] = value < 6 ? value : 6;
  }
}

DISPATCHED void ck_relu6_slopes_f32(size_t count, const float *y, const float *dy, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = y[i] > 0 && y[i] < 6 ? dy[i] : 0;
}

DISPATCHED void ck_adaptive_means_f32(size_t height, size_t width, size_t channels, size_t down,
                                      size_t across, const float *restrict x, float *restrict y) {
  for (size_t i = 0; i < down; i++)
    for (size_t j = 0; j < across; j++, y += channels) {
      size_t top = i * height / down, bottom = ((i + 1) * height + down - 1) / down;
      size_t left = j * width / across, right = ((j + 1) * width + across - 1) / across;
      for (size_t c = 0; c < channels; c++) y[c] = 0;
      for (size_t row = top; row < bottom; row++)
        for (size_t column = left; column < right; column++) {
          const float *pixel = x + (row * width + column) * channels;
          for (size_t c = 0; c < channels; c++) y[c] += pixel[c];
        }
      float factor = 1 / (float)((bottom - top) * (right - left));
      for (size_t c = 0; c < channels; c++) y[c] *= factor;
    }
}

DISPATCHED void ck_adaptive_mean_slopes_f32(size_t height, size_t width, size_t channels,
                                            size_t down, size_t across, const float *restrict dy,
                                            float *restrict dx) {
  for (size_t i = 0; i < height * width * channels; i++) dx[i] = 0;
  for (size_t i = 0; i < down; i++)
    for (size_t j = 0; j < across; j++, dy += channels) {
      size_t top = i * height / down, bottom = ((i + 1) * height + down - 1) / down;
      size_t left = j * width / across, right = ((j + 1) * width + across - 1) / across;
      float factor = 1 / (float)((bottom - top) * (right - left));
      for (size_t row = top; row < bottom; row++)
        for (size_t column = left; column < right; column++) {
          float *pixel = dx + (row * width + column) * channels;
          for (size_t c = 0; c < channels; c++) pixel[c] += factor * dy[c];
        }
    }
}

DISPATCHED double ck_total_f32(size_t count, const float *x) {
  double lanes[LANES] = {0}, sum = 0;
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += x[i + l];
  for (size_t i = whole; i < count; i++) sum += x[i];
  for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

DISPATCHED double ck_squared_difference_f32(size_t count, const float *x, const float *z) {
  double lanes[LANES] = {0}, sum = 0;
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (size_t l = 0; l < LANES; l++) {
      double difference = (double)x[i + l] - z[i + l];
      lanes[l] += difference * difference;
    }
  for (size_t i = whole; i < count; i++) sum += ((double)x[i] - z[i]) * ((double)x[i] - z[i]);
  for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

DISPATCHED void ck_scaled_difference_f32(size_t count, float factor, const float *x, const float *z,
                                         float *y) {
  EACH
  for (size_t i = 0; i < count; i++) y[i] = factor * (x[i] - z[i]);
}

DISPATCHED void ck_cross_entropy_slopes_f32(size_t rows, size_t columns, float factor,
                                            const float *logs, const float *targets, float *dx) {
  for (size_t i = 0; i < rows; i++, logs += columns, targets += columns, dx += columns) {
    float mass = 0;
    for (size_t j = 0; j < columns; j++) mass += targets[j];
    EACH
    for (size_t j = 0; j < columns; j++) dx[j] = factor * (exp_f32(logs[j]) * mass - targets[j]);
  }
}

DISPATCHED void ck_entropies_f32(size_t rows, size_t columns, const float *logs, float *entropies) {
  for (size_t i = 0; i < rows; i++, logs += columns) {
    double lanes[LANES] = {0}, sum = 0;
    size_t whole = columns - columns % LANES;
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t l = 0; l < LANES; l++) lanes[l] += (double)(exp_f32(logs[j + l]) * logs[j + l]);
    for (size_t j = whole; j < columns; j++) sum += (double)(exp_f32(logs[j]) * logs[j]);
    for (size_t l = 0; l < LANES; l++) sum += lanes[l];
    entropies[i] = (float)-sum;
  }
}

DISPATCHED void ck_entropy_slopes_f32(size_t rows, size_t columns, float factor, const float *logs,
                                      const float *entropies, float *dx) {
  for (size_t i = 0; i < rows; i++, logs += columns, dx += columns)
    EACH
    for (size_t j = 0; j < columns; j++)
      dx[j] = -factor * exp_f32(logs[j]) * (logs[j] + entropies[i]);
}

DISPATCHED double ck_divergence_f32(size_t count, const float *logs, const float *targets) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double q = targets[i], logarithm = log_f64(q > 0 ? q : 1);
    sum += q > 0 ? q * (logarithm - logs[i]) : 0;
  }
  return sum;
}

DISPATCHED void ck_divergence_slopes_f32(size_t count, float factor, const float *logs,
                                         const float *targets, float *dq) {
  EACH
  for (size_t i = 0; i < count; i++) {
    double q = targets[i], logarithm = log_f64(q > 0 ? q : 1);
    dq[i] = q > 0 ? factor * (float)(logarithm + 1 - logs[i]) : 0;
  }
}

DISPATCHED double ck_logistic_loss_f32(size_t count, const float *x, const float *targets) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double value = x[i], magnitude = value < 0 ? -value : value;
    sum += (value > 0 ? value : 0) - value * targets[i] + log1p_f64(exp_f64(-magnitude));
  }
  return sum;
}

DISPATCHED void ck_logistic_loss_slopes_f32(size_t count, float factor, const float *x,
                                            const float *targets, float *dx) {
  EACH
  for (size_t i = 0; i < count; i++) dx[i] = factor * (1 / (1 + exp_f32(-x[i])) - targets[i]);
}

DISPATCHED double ck_gaussian_slopes_f32(size_t count, size_t widths, const float *inverse,
                                         float weight, float *d) {
  double total = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    float values[BLOCK] = {0}, slopes[BLOCK] = {0};
    for (size_t u = 0; u < widths; u++)
      for (size_t l = 0; l < length; l++) {
        float kernel = exp_f32(-inverse[u] * d[start + l]);
        values[l] += kernel;
        slopes[l] += inverse[u] * kernel;
      }
    for (size_t l = 0; l < length; l++) {
      total += values[l];
      d[start + l] = weight * slopes[l];
    }
  }
  return total;
}
