// The transportation problem: solved exactly by a network simplex, and with entropy by Sinkhorn's
// iterations.
#ifndef CTRANSPORT_H
#define CTRANSPORT_H

#include <stddef.h>
#include <stdint.h>

enum {
  CT_OPTIMAL = 0,    // no arc improves the plan
  CT_EXHAUSTED = 1,  // the pivots allowed were not enough
  CT_NO_MEMORY = 2,
};

// One arc of a basis: a row, a column, and what flows from one to the other.
typedef struct {
  int32_t row;
  int32_t column;
  int64_t flow;
} ct_arc;

// minimise Σ cost[i, j] x[i, j] with row sums `supplies`, column sums `demands` and x ≥ 0.
//
// The cost is rows × columns, row-major and finite. Supplies and demands are above 0, have one
// sum, and that sum times 2 (rows + columns) + 1 stays below 2^62. `basis` has room for
// rows + columns - 1 arcs, which form a tree; some of them may carry nothing. Where `warm` is
// set, it holds the basis of an earlier call with the same supplies and demands, in any order, and
// the search starts there. At most `limit` pivots are made, and counted in `pivots`.
int ct_transport(size_t rows, size_t columns, const double *cost, const int64_t *supplies,
                 const int64_t *demands, int warm, size_t limit, ct_arc *basis, size_t *pivots);

// One step on logarithms, with masses 1/rows and 1/columns. `kernel` holds the costs and is given
// the kernel; the column potentials follow from the row potentials, which are then renewed:
//   column_potential[j] = -log columns - log Σ_i exp(row_potential[i] + factor cost[i, j])
//   row_potential[i] = -log rows - log Σ_j exp(column_potential[j] + factor cost[i, j])
//   kernel[i, j] = exp(row_potential[i] + column_potential[j] + factor cost[i, j])
int ct_sinkhorn_logarithms(size_t rows, size_t columns, double factor, double *row_potential,
                           double *column_potential, double *kernel);

// One step on factors, with masses 1/rows and 1/columns, from column_sums = kernelᵀ old row factors:
//   column_factors = 1 / (columns column_sums),  row_factors = 1 / (rows kernel column_factors),
//   new_sums = kernelᵀ row_factors
// Returns 1, or 0 with the results in an unfinished state, where a factor leaves 1/limit ... limit.
int ct_sinkhorn_step(size_t rows, size_t columns, const double *kernel, double limit,
                     const double *column_sums, double *row_factors, double *column_factors,
                     double *new_sums);

// The value at a rank, from 0, of numbers that are not negative; NaN without memory.
double ct_select(size_t count, const double *values, size_t rank);

#endif
