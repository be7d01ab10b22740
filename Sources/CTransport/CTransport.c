// A primal network simplex on the complete bipartite graph, whose arcs are never stored: beside the
// cost matrix it needs memory for the tree alone.
//
// Ties are broken before they arise (A. Orden, Management Science 2(3), 1956): with K = 2 nodes + 1,
// every supply a becomes K a + 1 and every demand d becomes K d - 1, but for the root's, which
// takes what is left over. A tree's flows are then K f + s with 0 < |s| < nodes for the plan f of
// the true masses. None is 0, so every pivot lowers the cost and no tree comes twice. Rounded to
// the nearest multiple of K they give f back.
//
// The tree is kept in preorder as a circular list (R. Ahuja, T. Magnanti, J. Orlin, "Network
// Flows", 1993, chapter 11). An arc enters by the best reduced cost in a block of rows, taken in
// turn.
#include "CTransport.h"

#include <math.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

#define LANES 32

// Nodes are rows, then columns. A node's arc is the one to its parent.
typedef struct {
  int32_t rows, columns, nodes, root;
  const double *cost;
  int32_t *parent;    // -1 for the root
  int32_t *next;      // in preorder; the last node's is the root
  int32_t *previous;  // the inverse of `next`
  int32_t *last;      // the last node, in preorder, of the subtree below
  int32_t *size;      // the nodes of that subtree, itself included
  int64_t *flow;      // on the node's arc
  double *potential;  // reduced cost of i, j: cost - potential[i] + potential[j]
} tree;

// min over j of cost[j] + potential[j]
DISPATCHED static double least_sum(size_t count, const double *cost, const double *potential) {
  double least[LANES];
  for (int lane = 0; lane < LANES; lane++) least[lane] = INFINITY;
  size_t whole = count - count % LANES;
  for (size_t j = 0; j < whole; j += LANES)
    for (int lane = 0; lane < LANES; lane++) {
      double sum = cost[j + lane] + potential[j + lane];
      least[lane] = sum < least[lane] ? sum : least[lane];
    }
  double result = INFINITY;
  for (int lane = 0; lane < LANES; lane++) result = least[lane] < result ? least[lane] : result;
  for (size_t j = whole; j < count; j++) {
    double sum = cost[j] + potential[j];
    result = sum < result ? sum : result;
  }
  return result;
}

// The first j where that minimum stands.
static size_t place_of(size_t count, const double *cost, const double *potential, double least) {
  size_t j = 0;
  while (j + 1 < count && cost[j] + potential[j] != least) j++;
  return j;
}

// least[j] = the column's lowest cost; returns the largest absolute cost.
DISPATCHED static double column_minima(size_t rows, size_t columns, const double *cost,
                                       double *least) {
  double largest = 0;
  for (size_t j = 0; j < columns; j++) least[j] = INFINITY;
  for (size_t i = 0; i < rows; i++) {
    const double *row = cost + i * columns;
    for (size_t j = 0; j < columns; j++) {
      least[j] = row[j] < least[j] ? row[j] : least[j];
      largest = fabs(row[j]) > largest ? fabs(row[j]) : largest;
    }
  }
  return largest;
}

// A first plan: each row in turn takes the columns that are cheapest beside their own lowest cost.
// No row and column are exhausted together but the last, so the arcs form a tree.
static void fill(const tree *t, int64_t *left, double *closed, ct_arc *basis) {
  size_t columns = t->columns;
  int32_t arcs = 0;
  for (size_t j = 0; j < columns; j++) closed[j] = -closed[j];
  for (int32_t i = 0; i < t->rows; i++) {
    const double *row = t->cost + (size_t)i * columns;
    while (left[i] > 0 && arcs < t->nodes - 1) {
      size_t j = place_of(columns, row, closed, least_sum(columns, row, closed));
      int64_t *demand = left + t->rows + j;
      int64_t amount = left[i] < *demand ? left[i] : *demand;
      left[i] -= amount;
      *demand -= amount;
      if (*demand == 0) closed[j] = INFINITY;
      basis[arcs++] = (ct_arc){i, (int32_t)j, amount};
    }
  }
}

// Hangs the basis from the root. `first` (nodes), `link` (2 nodes) and `stack` (nodes) are scratch.
static void grow(tree *t, const ct_arc *basis, int32_t *first, int32_t *link, int32_t *stack) {
  for (int32_t x = 0; x < t->nodes; x++) {
    first[x] = -1;
    t->parent[x] = -2;
    t->last[x] = -1;
    t->size[x] = 1;
  }
  for (int32_t a = 0; a < t->nodes - 1; a++) {
    int32_t i = basis[a].row, j = t->rows + basis[a].column;
    link[2 * a] = first[i];
    first[i] = 2 * a;
    link[2 * a + 1] = first[j];
    first[j] = 2 * a + 1;
  }
  int32_t top = 0, before = t->root;
  t->parent[t->root] = -1;
  t->flow[t->root] = 0;
  stack[top++] = t->root;
  while (top > 0) {
    int32_t x = stack[--top];
    t->next[before] = x;
    t->previous[x] = before;
    before = x;
    for (int32_t e = first[x]; e >= 0; e = link[e]) {
      const ct_arc *arc = basis + e / 2;
      int32_t y = e % 2 ? arc->row : t->rows + arc->column;
      if (t->parent[y] != -2) continue;
      t->parent[y] = x;
      t->flow[y] = arc->flow;
      stack[top++] = y;
    }
  }
  t->next[before] = t->root;
  t->previous[t->root] = before;
  for (int32_t x = before; x != t->root; x = t->previous[x]) {
    if (t->last[x] < 0) t->last[x] = x;
    int32_t p = t->parent[x];
    t->size[p] += t->size[x];
    if (t->last[p] < 0) t->last[p] = t->last[x];
  }
}

// The potentials for which every arc of the tree has the reduced cost 0.
static void refresh(tree *t) {
  t->potential[t->root] = 0;
  for (int32_t x = t->next[t->root]; x != t->root; x = t->next[x]) {
    int32_t p = t->parent[x];
    if (x < t->rows)
      t->potential[x] = t->potential[p] + t->cost[(size_t)x * t->columns + (p - t->rows)];
    else
      t->potential[x] = t->potential[p] - t->cost[(size_t)p * t->columns + (x - t->rows)];
  }
}

// Hangs the subtree of `out` from `to` by its node `in`, turning the path between them over.
static void hang(tree *t, int32_t out, int32_t in, int32_t to, int32_t join, int64_t flow) {
  int32_t *parent = t->parent, *next = t->next, *previous = t->previous, *last = t->last,
          *size = t->size;
  int32_t moved = size[out], tail = last[out], before = previous[out], after = next[tail];
  next[before] = after;
  for (int32_t x = parent[out]; x != -1 && last[x] == tail; x = parent[x]) last[x] = before;
  for (int32_t x = parent[out]; x != join; x = parent[x]) size[x] -= moved;
  for (int32_t x = to; x != join; x = parent[x]) size[x] += moved;

  // Each node p of the path keeps what was below it, less the part that held its child x on the
  // path, and comes after that part. `end` is the last node of the new order so far.
  int32_t x = in, p = parent[in], x_first = in, x_last = last[in], end = last[in];
  int32_t old_size = size[in], old_last = last[in];
  int64_t carried = t->flow[in];
  parent[in] = to;
  t->flow[in] = flow;
  while (x != out) {
    int32_t left = previous[x_first], right = next[x_last], p_last = last[p], p_size = size[p];
    next[left] = right;
    previous[right] = left;
    next[end] = p;
    x_first = p;
    x_last = p_last == old_last ? left : p_last;
    old_last = p_last;
    last[p] = end;  // the node before p, until previous[p] is no longer needed
    end = x_last;
    size[p] = p_size - old_size;
    old_size = p_size;
    int64_t p_flow = t->flow[p];
    t->flow[p] = carried;
    carried = p_flow;
    int32_t above = parent[p];
    parent[p] = x;
    x = p;
    p = above;
  }
  previous[after] = before;
  for (x = out; x != in; x = parent[x]) {
    previous[x] = last[x];
    last[x] = end;
    if (parent[x] != in) size[parent[x]] += size[x];
  }
  last[in] = end;
  size[in] = moved;

  int32_t follower = next[to];
  next[to] = in;
  previous[in] = to;
  next[end] = follower;
  previous[follower] = end;
  for (x = to; x != -1 && last[x] == to; x = parent[x]) last[x] = end;
}

// Brings the arc of row i and column node j into the tree.
static void pivot(tree *t, int32_t i, int32_t j, double reduced) {
  // Along the cycle, flow shrinks on the arcs of rows above i and of columns above j.
  int32_t u = i, v = j, out = -1;
  int on_row_side = 0;
  int64_t delta = INT64_MAX;
  while (u != v) {
    if (t->size[u] < t->size[v]) {
      if (u < t->rows && t->flow[u] < delta) {
        delta = t->flow[u];
        out = u;
        on_row_side = 1;
      }
      u = t->parent[u];
    } else {
      if (v >= t->rows && t->flow[v] < delta) {
        delta = t->flow[v];
        out = v;
        on_row_side = 0;
      }
      v = t->parent[v];
    }
  }
  int32_t join = u;
  for (u = i; u != join; u = t->parent[u]) t->flow[u] += u < t->rows ? -delta : delta;
  for (v = j; v != join; v = t->parent[v]) t->flow[v] += v < t->rows ? delta : -delta;
  int32_t in = on_row_side ? i : j;
  hang(t, out, in, on_row_side ? j : i, join, delta);

  // Only differences count, so the smaller of the two parts is shifted.
  double shift = on_row_side ? reduced : -reduced;
  int32_t end = t->last[in], stop = t->next[end];
  if (2 * t->size[in] <= t->nodes) {
    for (int32_t x = in; x != stop; x = t->next[x]) t->potential[x] += shift;
  } else {
    for (int32_t x = stop; x != in; x = t->next[x]) t->potential[x] -= shift;
  }
}

static int improve(tree *t, double tolerance, size_t limit, size_t *pivots) {
  size_t rows = t->rows, columns = t->columns;
  const double *column_potential = t->potential + rows;
  size_t block = (size_t)(sqrt((double)rows * columns) / columns) + 1;
  size_t i = 0, clean = 0;
  int is_fresh = 1;
  *pivots = 0;
  refresh(t);
  for (;;) {
    double best = -tolerance, best_sum = 0;
    size_t best_row = 0;
    for (size_t scanned = 1; clean < rows; scanned++) {
      double sum = least_sum(columns, t->cost + i * columns, column_potential);
      double reduced = sum - t->potential[i];
      if (reduced < best) {
        best = reduced;
        best_sum = sum;
        best_row = i;
      }
      i = i + 1 == rows ? 0 : i + 1;
      clean++;
      if (scanned >= block && best < -tolerance) break;
    }
    if (best < -tolerance) {
      if (*pivots == limit) return CT_EXHAUSTED;
      size_t j = place_of(columns, t->cost + best_row * columns, column_potential, best_sum);
      pivot(t, (int32_t)best_row, (int32_t)(rows + j), best);
      ++*pivots;
      is_fresh = 0;
    } else if (is_fresh) {
      return CT_OPTIMAL;
    } else {
      // Rounding gathers in the potentials: they are made anew before they may end the search.
      refresh(t);
      is_fresh = 1;
    }
    clean = 0;
  }
}

int ct_transport(size_t rows, size_t columns, const double *cost, const int64_t *supplies,
                 const int64_t *demands, int warm, size_t limit, ct_arc *basis, size_t *pivots) {
  size_t nodes = rows + columns;
  int64_t scale = 2 * (int64_t)nodes + 1;
  int32_t *numbers = malloc(9 * nodes * sizeof *numbers);
  int64_t *flows = malloc(2 * nodes * sizeof *flows);
  double *potentials = malloc(nodes * sizeof *potentials);
  int status = CT_NO_MEMORY;
  *pivots = 0;
  if (numbers && flows && potentials) {
    tree t = {.rows = (int32_t)rows,
              .columns = (int32_t)columns,
              .nodes = (int32_t)nodes,
              .root = (int32_t)nodes - 1,
              .cost = cost,
              .parent = numbers,
              .next = numbers + nodes,
              .previous = numbers + 2 * nodes,
              .last = numbers + 3 * nodes,
              .size = numbers + 4 * nodes,
              .flow = flows,
              .potential = potentials};
    double largest = column_minima(rows, columns, cost, potentials + rows);
    if (!warm) {
      int64_t *left = flows + nodes;
      for (size_t i = 0; i < rows; i++) left[i] = supplies[i] * scale + 1;
      for (size_t j = 0; j < columns; j++) left[rows + j] = demands[j] * scale - 1;
      left[t.root] += (int64_t)nodes;
      fill(&t, left, potentials + rows, basis);
    }
    grow(&t, basis, numbers + 5 * nodes, numbers + 6 * nodes, numbers + 8 * nodes);
    status = improve(&t, 1e-13 * largest, limit, pivots);
    size_t arcs = 0;
    for (int32_t x = 0; x < t.nodes; x++) {
      int32_t p = t.parent[x];
      if (x == t.root) continue;
      basis[arcs++] = x < t.rows ? (ct_arc){x, p - t.rows, t.flow[x]}
                                 : (ct_arc){p, x - t.rows, t.flow[x]};
    }
  }
  free(numbers);
  free(flows);
  free(potentials);
  return status;
}
