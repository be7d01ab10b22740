import Networks
import Testing

@Suite("Operations that compare queries with a support set")
struct EpisodeTests {
  @Test("Rows of unit length")
  func rowNormalization() {
    checkGradients(of: [.input([2, 3, 5])], large: [[9, 10, 101]]) { _, x, _ in
      x[0].rowsNormalized()
    } reference: {
      $0[0].rowsNormalized
    }
  }

  @Test("A row of zeros stays one and has no gradient")
  func zeros() {
    let run = EngineRun([(.input([2, 2]), [0, 0, 3, 4])], upstream: .constant(1)) { _, x, _ in
      x[0].rowsNormalized()
    }
    #expect(run.output == [0, 0, 0.6, 0.8])
    #expect(run.gradients[0][..<2] == [0, 0])
    // (1 − y Σ y) / 5 with Σ y = 1.4.
    #expect(distance(Array(run.gradients[0][2...]), [0.032, -0.024]) < 1e-6)
  }

  @Test("Cosines with learnt directions")
  func cosines() {
    checkGradients(of: [.input([4, 5]), .weight("weight", [3, 5])], large: [[900, 5]]) {
      _, x, scope in
      x[0].cosines(scope, 3)
    } reference: {
      $0[0].rowsNormalized.dense($0[1].rowsNormalized, nil)
    }
  }

  @Test("Products with the rows of another variable")
  func products() {
    checkGradients(of: [.input([4, 5]), .input([3, 5])], large: [[90, 101], [70, 101]]) {
      _, x, _ in
      x[0].products(withRowsOf: x[1])
    } reference: {
      $0[0].dense($0[1], nil)
    }
    checkGradients(of: [.input([4, 5])], large: [[90, 101]]) { _, x, _ in
      x[0].products(withRowsOf: x[0])
    } reference: {
      $0[0].dense($0[0], nil)
    }
  }

  @Test("Squared distances between rows")
  func squaredDistances() {
    checkGradients(of: [.input([4, 5]), .input([3, 5])], large: [[90, 101], [70, 101]]) {
      _, x, _ in
      x[0].squaredDistances(toRowsOf: x[1])
    } reference: { x in
      Reference([4, 3]) { place in
        zip(x[0].rows[place[0]], x[1].rows[place[1]]).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
      }
    }
  }

  @Test("Distances far from 0 keep their digits")
  func farDistances() {
    let run = EngineRun(
      [(.input([1, 2]), [4096, -4096]), (.input([2, 2]), [4096.5, -4096, 4096, -4094])],
      upstream: .constant(1)
    ) { _, x, _ in x[0].squaredDistances(toRowsOf: x[1]) }
    #expect(run.output == [0.25, 4])
    #expect(run.gradients == [[-1, -4], [1, 0, 0, 4]])
  }

  @Test("Means of groups of rows")
  func groupMeans() {
    let groups = [1, 0, 2, 1, 1, 0]
    checkGradients(of: [.input([6, 4])], large: []) { _, x, _ in
      x[0].means(ofGroups: groups)
    } reference: { x in
      Reference([3, 4]) { place in
        let members = groups.indices.filter { groups[$0] == place[0] }
        return members.reduce(0) { $0 + x[0][$1, place[1]] } / Double(members.count)
      }
    }
    // Enough for both threads, each of which gives its half the same bits.
    let many = (0..<90).map { $0 * $0 % 7 % 4 }
    let values = (0..<9090).map { Float($0 * $0 % 101) / 16 }
    let runs = (1...2).map { threads in
      EngineRun([(.input([90, 101]), values)], upstream: .drawn, threads: threads) { _, x, _ in
        x[0].means(ofGroups: many)
      }
    }
    #expect(runs[0] == runs[1])
  }

  @Test("The logarithm of a sum of exponentials")
  func logSumExp() {
    checkGradients(of: [.input([3, 2, 4])], large: [[9, 10, 101]]) { _, x, _ in
      x[0].logSumExp()
    } reference: { x in
      Reference([3, 2], x[0].rows.map { row in logarithm(row.reduce(0) { $0 + exponential($1) }) })
    }
    let extreme = EngineRun([(.input([2, 2]), [500, 500, -500, 300])], upstream: .constant(1)) {
      _, x, _ in x[0].logSumExp()
    }
    #expect(distance(extreme.output, [500.693147, 300]) < 1e-6)
    #expect(distance(extreme.gradients[0], [0.5, 0.5, 0, 1]) < 1e-5)
  }
}

extension Reference {
  fileprivate var rowsNormalized: Reference {
    mapRows { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
  }
}
