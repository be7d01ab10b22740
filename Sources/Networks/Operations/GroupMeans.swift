import CKernels

/// The means of the rows of each group, which was fixed when it was recorded.
///
/// ```
/// m_g = Σ_{i in g} x_i / n_g,   ∂L/∂x_i = ∂L/∂m_(g_i) / n_(g_i)           (1)
/// ```
final class GroupMeans: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let groups: [Int]
  /// 1 / n of each group.
  private let shares: [Float]
  private let columns: Int

  init(_ input: Variable, groups: [Int]) {
    precondition(
      input.shape.count == 2 && input.shape[0] == groups.count, "There is a group for each row.")
    var counts = Array(repeating: 0, count: (groups.max() ?? -1) + 1)
    for group in groups { counts[group] += 1 }
    precondition(counts.allSatisfy { $0 > 0 }, "A group whose mean is taken has a row.")
    operands = [Operand(input.node)]
    self.groups = groups
    shares = counts.map { 1 / Float($0) }
    columns = input.shape[1]
    output = Variable.output([counts.count, columns], of: operands)
  }

  func forward(_ team: Team) {
    output.value.update(repeating: 0)
    // Halves of the columns: every mean is added up in the same order.
    team.split(columns, width: groups.count) { range in
      for (row, group) in groups.enumerated() {
        ck_add_scaled_f32(
          range.count, shares[group], operands[0].value.from(row * columns + range.lowerBound),
          output.value.from(group * columns + range.lowerBound))
      }
    }
  }

  func backward(_ team: Team) {
    team.split(groups.count, width: columns) { range in
      for row in range {
        ck_scaled_f32(
          columns, shares[groups[row]], output.gradient.from(groups[row], width: columns),
          operands[0].gradient.from(row, width: columns))
      }
    }
  }
}

extension Variable {
  /// The means of the rows, [rows, features], of each group: [groups, features].
  ///
  /// `groups` has the group of each row, from 0 on without a gap.
  public func means(ofGroups groups: [Int]) -> Variable {
    tape.record(GroupMeans(self, groups: groups))
  }
}
