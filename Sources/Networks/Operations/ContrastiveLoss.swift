/// The contrastive loss of the squared distances between samples of two domains.
///
/// S. Motiian, M. Piccirilli, D. A. Adjeroh, G. Doretto. "Unified Deep Supervised Domain Adaptation
/// and Generalization." ICCV 2017.
///
/// ```
/// L = mean of ½ D_ij over pairs of one class
///     + mean of ½ max(0, m − √D_ij)² over pairs of two classes                  (1)
/// ∂L/∂D_ij = 1 / (2 n₊),   −max(0, m − √D_ij) / (2 n₋ √D_ij)                     (2)
/// ```
///
/// n₊ and n₋ are the numbers of pairs of either kind; a kind without a pair counts as 0. Two samples
/// of two classes at one place don't know where to go: their gradient is 0.
final class ContrastiveLoss: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let classes: Indices
  private let margin: Float
  private let rows: Int
  private let columns: Int
  private var counts = (same: 0, other: 0)

  init(_ distances: Variable, classes: Indices, margin: Float) {
    precondition(
      distances.shape.count == 2 && classes.count == distances.shape[0] + distances.shape[1],
      "There is a class for each row and each column of distances.")
    operands = [Operand(distances.node)]
    output = Variable.output([], of: operands)
    self.classes = classes
    self.margin = margin
    rows = distances.shape[0]
    columns = distances.shape[1]
  }

  private func isOneClass(_ row: Int, _ column: Int) -> Bool {
    classes.values[row] == classes.values[rows + column]
  }

  func forward(_ team: Team) {
    let distances = operands[0].value
    var sums = (same: 0.0, other: 0.0)
    counts = (0, 0)
    for row in 0..<rows {
      for column in 0..<columns {
        let distance = distances[row * columns + column]
        if isOneClass(row, column) {
          counts.same += 1
          sums.same += Double(distance)
        } else {
          counts.other += 1
          let gap = Double(max(0, margin - distance.squareRoot()))
          sums.other += gap * gap
        }
      }
    }
    output.value[0] = Float(
      sums.same / Double(max(1, 2 * counts.same)) + sums.other / Double(max(1, 2 * counts.other)))
  }

  func backward(_ team: Team) {
    let (distances, gradient) = (operands[0].value, operands[0].gradient)
    let upstream = output.gradient[0]
    let same = upstream / Float(max(1, 2 * counts.same))
    let other = upstream / Float(max(1, 2 * counts.other))
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * columns + column
        let length = distances[place].squareRoot()
        if isOneClass(row, column) {
          gradient[place] = same  // (2)
        } else {
          gradient[place] = length > 0 ? -other * max(0, margin - length) / length : 0
        }
      }
    }
  }
}

extension Variable {
  /// The contrastive loss of squared distances, samples × samples: those of one class are drawn
  /// together, those of two pushed `margin` apart.
  ///
  /// `classes` are those of the rows, then those of the columns.
  public func contrastiveLoss(classes: Indices, margin: Float) -> Variable {
    tape.record(ContrastiveLoss(self, classes: classes, margin: margin))
  }
}
