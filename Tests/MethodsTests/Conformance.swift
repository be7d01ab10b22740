import Domains
import Learners
import LinearAlgebra
import Methods
import Parameters
import Randomness
import Testing

/// What holds of every method there is.
@Suite struct Conformance {
  static let ids = MethodRegistry.all.map(\.card.id)

  private func entry(_ id: String) throws -> MethodEntry {
    try #require(MethodRegistry.entry(id))
  }

  @Test func idsDiffer() {
    #expect(Set(Self.ids).count == Self.ids.count)
  }

  @Test(arguments: ids) func cardIsComplete(_ id: String) throws {
    let card = try entry(id).card
    #expect(id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    #expect(card.paper.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    #expect(
      !card.title.isEmpty && card.title.first?.isUppercase != false || card.title.hasPrefix("k"))
  }

  @Test(arguments: ids) func parametersAreInRange(_ id: String) throws {
    for parameter in try entry(id).parameters {
      #expect(parameter.name.wholeMatch(of: /[a-z]+([A-Z][a-z]+)*/) != nil)
      #expect(parameter.help.hasSuffix("."))
      for value in [parameter.initial] + parameter.grid {
        let settled = try entry(id).settled([parameter.name: value.description])
        #expect(settled.assignments.contains(Assignment(parameter.name, value)))
      }
      if case .choice = parameter.initial { continue }
      #expect(throws: ParameterError.self) {
        try entry(id).settled([parameter.name: "-1e300"])
      }
    }
  }

  /// The names that a method fixes of its reference are parameters of that reference.
  @Test(arguments: ids) func referenceTakesTheAssignments(_ id: String) throws {
    let method = try entry(id)
    guard let reference = method.reference else {
      #expect(method.referenceAssignments.isEmpty)
      return
    }
    let names = method.parameters.map(\.name)
    for assignment in method.referenceAssignments {
      #expect(!names.contains(assignment.name))
      _ = try entry(reference).settled([assignment.name: assignment.value.description])
    }
  }

  @Test(arguments: ids, Problem.all) func answersAreSound(_ id: String, _ problem: Problem) throws {
    let fitted = try FittedMethod(entry(id), to: problem)
    expectSound(fitted.answer(problem.queries), problem.queries.rows, problem.classCount)
  }

  @Test(arguments: ids) func everyGridValueGivesSoundAnswers(_ id: String) throws {
    let problem = Problem.twoClasses
    for parameter in try entry(id).parameters {
      for value in parameter.grid {
        do {
          let fitted = try FittedMethod(
            entry(id), [parameter.name: value.description], to: problem)
          expectSound(fitted.answer(problem.queries), problem.queries.rows, problem.classCount)
        } catch MethodError.notApplicable(let reason) {
          // Weights may be all that a method has to give, and the learner may have no use for them.
          let learner = LearnerChoice(rawValue: value.description)
          #expect(parameter.name == "learner" && learner?.usesWeights == false && !reason.isEmpty)
        }
      }
    }
  }

  private func expectSound(_ answer: Answer, _ count: Int, _ classCount: Int) {
    switch answer {
    case .clusters(let clusters):
      #expect(clusters.count == count)
      #expect(clusters.allSatisfy { (0..<classCount).contains($0) })
    case .probabilities(let probabilities):
      #expect(probabilities.rows == count && probabilities.columns == classCount)
      #expect(probabilities.isFinite && probabilities.elements.allSatisfy { $0 >= 0 })
      #expect(probabilities.rowSums.allSatisfy { abs($0 - 1) < 1e-9 })
    }
  }

  @Test(arguments: ids) func sameKeySameBits(_ id: String) throws {
    for problem in Problem.all.prefix(3) {
      let answers = try (0..<2).map { _ in
        try FittedMethod(entry(id), to: problem).answer(problem.queries)
      }
      #expect(answers[0] == answers[1])
    }
  }

  @Test(arguments: ids) func permutedQueriesPermuteAnswers(_ id: String) throws {
    for problem in Problem.all.prefix(3) {
      let fitted = try FittedMethod(entry(id), to: problem)
      var stream = RandomStream(RandomKey(seed: 3))
      let order = stream.permutation(problem.queries.rows)
      let permuted = fitted.answer(problem.queries.selecting(rows: order))
      switch (fitted.answer(problem.queries), permuted) {
      case (.clusters(let plain), .clusters(let permuted)):
        #expect(order.map { plain[$0] } == permuted)
      case (.probabilities(let plain), .probabilities(let permuted)):
        let difference = plain.selecting(rows: order) - permuted
        #expect(difference.elements.allSatisfy { abs($0) < 1e-9 })
      default:
        Issue.record("the kinds of answers differ")
      }
    }
  }

  /// A single query gets the answer it gets among others.
  @Test(arguments: ids) func answersDoNotDependOnOtherQueries(_ id: String) throws {
    let problem = Problem.twoClasses
    let fitted = try FittedMethod(entry(id), to: problem)
    let last = problem.queries.rows - 1
    switch (
      fitted.answer(problem.queries), fitted.answer(problem.queries.selecting(rows: [last]))
    ) {
    case (.clusters(let all), .clusters(let alone)):
      #expect(all[last] == alone[0])
    case (.probabilities(let all), .probabilities(let alone)):
      #expect(zip(all.row(last), alone.elements).allSatisfy { abs($0 - $1) < 1e-9 })
    default:
      Issue.record("the kinds of answers differ")
    }
  }

  /// Methods that need labelled target samples say so where there are none.
  @Test func withoutShotsInductiveMethodsDoNotApply() throws {
    let problem = Problem.twoClasses
    let none = problem.shots.selecting(rows: [])
    for method in MethodRegistry.all where method.setting == .inductive && method.card.id != "joint"
    {
      guard case .inductive(let fit) = try method.settled().fit else { continue }
      do {
        _ = try fit(problem.source, none, problem.target, RandomKey(seed: 0))
        Issue.record("\(method.card.id) fitted without shots")
      } catch .notApplicable(let reason) {
        #expect(!reason.isEmpty)
      } catch {
        Issue.record("\(method.card.id): \(error)")
      }
    }
  }

  /// What a method may see is the type of its protocol; families have theirs.
  @Test func familiesBelongToTheirSettings() {
    for method in MethodRegistry.all {
      switch method.card.family {
      case .alignment: #expect(method.setting == .transductive)
      case .fineTuning, .featureExtraction, .fewShot: #expect(method.setting == .inductive)
      case .clustering: #expect(method.setting == .unsupervised)
      case .reference: break
      case .external: Issue.record("No program is registered.")
      }
    }
  }
}

extension MethodEntry {
  /// The id of the no-transfer reference of this method's setting; nil for references.
  fileprivate var reference: String? {
    switch (card.family, setting) {
    case (.reference, _), (_, .oracle): nil
    case (_, .transductive): "source-only"
    case (_, .inductive): "target-only"
    case (_, .unsupervised): "target-clustering"
    }
  }
}
