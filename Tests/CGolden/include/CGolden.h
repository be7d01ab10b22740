#ifndef CGOLDEN_H
#define CGOLDEN_H

#include <stddef.h>
#include <stdint.h>

/// The formula of Scripts/golden/networks_backbones.py, in C for tests without optimisation:
/// r(N, i) = ((splitmix64(fnv1a64(N) + i) >> 40) - 2^23) / 2^23, from the hash of N.
/// Number i becomes offset + factor (r(N, i) + shift).
void golden_fill(
    uint64_t name, ptrdiff_t count, double offset, double factor, double shift, float *numbers);

/// The sum of the numbers' products with r(N, i).
double golden_product(uint64_t name, ptrdiff_t count, const float *numbers);

/// The sum of the numbers' squares.
double golden_squares(ptrdiff_t count, const float *numbers);

#endif
