import LinearAlgebra

/// The cheapest assignment of samples to classes in which no class is empty.
///
/// ```
/// min over M:  Σ_jc D_jc M_jc   with Σ_c M_jc = 1, Σ_j M_jc ≥ 1, M ≥ 0     (1)
/// a → b costs min over the samples j of class a:  D_jb − D_ja             (2)
/// ```
///
/// (1) is a flow problem, whose vertices have M of 0 and 1. Without the lower bounds the cheapest
/// class of every sample solves it. For each empty class in turn, samples are then passed along the
/// cheapest path of (2) that begins in a class with a sample to spare (successive shortest paths):
/// after each the assignment is the cheapest among those that leave none of the classes treated
/// so far empty, so that no cycle of (2) has negative cost, and Bellman and Ford's paths are simple.
///
/// This is exact, needs no solver for linear programmes, and costs nothing where no class is empty,
/// which is the usual case.
///
/// - Complexity: O(n C), and O(n C + C³) for each empty class.
struct ClassAssignment {
  /// The class of each sample.
  private(set) var classes: [Int]
  private let costs: Matrix<Double>
  private var counts: [Int]

  /// The assignment at costs D, n × C; the cheapest classes where there are fewer samples than
  /// classes.
  init(costs: Matrix<Double>) {
    self.costs = costs
    classes = (0..<costs.rows).map { row in
      let entries = costs.row(row)
      var best = entries.startIndex
      for index in entries.indices where entries[index] < entries[best] { best = index }
      return best - entries.startIndex
    }
    counts = Array(repeating: 0, count: costs.columns)
    for label in classes { counts[label] += 1 }
    guard costs.rows >= costs.columns else { return }
    for label in counts.indices where counts[label] == 0 { fill(label) }
  }

  /// Σ_j of the costs.
  var total: Double {
    classes.enumerated().reduce(0) { $0 + costs[$1.offset, $1.element] }
  }

  /// Passes one sample to an empty class along the cheapest path.
  private mutating func fill(_ empty: Int) {
    let count = costs.columns
    // (2), and the sample that is passed on.
    var steps = Matrix<Double>(rows: count, columns: count, repeating: .infinity)
    var samples = [Int](repeating: 0, count: count * count)
    for (row, own) in classes.enumerated() {
      for other in 0..<count where other != own {
        let step = costs[row, other] - costs[row, own]  // (2)
        guard step < steps[own, other] else { continue }
        steps[own, other] = step
        samples[own * count + other] = row
      }
    }
    var lengths = counts.map { $0 > 1 ? 0 : Double.infinity }
    var previous = [Int?](repeating: nil, count: count)
    for _ in 0..<count {
      var isShorter = false
      for from in 0..<count where lengths[from].isFinite {
        for to in 0..<count where lengths[from] + steps[from, to] < lengths[to] {
          lengths[to] = lengths[from] + steps[from, to]
          previous[to] = from
          isShorter = true
        }
      }
      if !isShorter { break }
    }
    var path: [(sample: Int, to: Int)] = []
    var place = empty
    while let from = previous[place], path.count < count {
      path.append((samples[from * count + place], place))
      place = from
    }
    for step in path {
      counts[classes[step.sample]] -= 1
      counts[step.to] += 1
      classes[step.sample] = step.to
    }
  }
}
