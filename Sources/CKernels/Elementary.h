// What several files of loops share: the instruction sets they are compiled for, and elementary
// functions that vectorise.
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

// Inlined, so that they are compiled for the instructions of their caller.
#define INLINED static inline __attribute__((always_inline))

// Before a loop whose steps don't depend on each other, also where the result takes the place of an
// operand: without it such a loop runs one number at a time, for pointers that may overlap.
#if defined(__clang__)
#define EACH _Pragma("clang loop vectorize(assume_safety)")
#else
#define EACH
#endif

// exp(x) = 2ⁿ exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2, ln 2 in two parts
// (Cody and Waite 1980). The Taylor polynomial's remainder is below half an ulp:
// r¹⁴ / 14! < 5e-18 in double, r⁸ / 8! < 6e-9 in single precision.
INLINED double exp_f64(double x) {
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

INLINED float exp_f32(float x) {
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

// log(1 + x) of a number from 0 to 1, as 2 artanh(x / (2 + x)). The series' remainder is below 1e-17 of
// it.
INLINED double log1p_f64(double x) {
  double s = x / (2 + x), z = s * s;
  double p = 2.0 / 35;
  for (int odd = 33; odd > 1; odd -= 2) p = p * z + 2.0 / odd;
  return 2 * s + s * z * p;
}

#endif
