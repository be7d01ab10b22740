#include "CGolden.h"

static inline double ratio(uint64_t value) {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  value ^= value >> 31;
  return ((double)(int64_t)(value >> 40) - 8388608.0) / 8388608.0;
}

void golden_fill(
    uint64_t name, ptrdiff_t count, double offset, double factor, double shift, float *numbers) {
  for (ptrdiff_t i = 0; i < count; i++)
    numbers[i] = (float)(offset + factor * (ratio(name + (uint64_t)i) + shift));
}

double golden_product(uint64_t name, ptrdiff_t count, const float *numbers) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)numbers[i] * ratio(name + (uint64_t)i);
  return sum;
}

double golden_squares(ptrdiff_t count, const float *numbers) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)numbers[i] * (double)numbers[i];
  return sum;
}
