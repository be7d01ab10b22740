import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct KernelLandmarksTests {
  private static let samples = {
    var stream = RandomStream(RandomKey(seed: 5))
    return Matrix(rows: 80, columns: 4, elements: (0..<320).map { _ in stream.normal() })
  }()

  /// With every sample a landmark the features' products are the kernel.
  @Test func allSamplesGiveTheKernel() throws {
    let kernel = KernelFunction.rbf(gamma: 0.25)
    let map = try KernelLandmarks(
      kernel, among: Self.samples, count: 80, key: RandomKey(seed: 0))
    let features = map.features(of: Self.samples)
    let difference = (features.outerGram - kernel.matrix(Self.samples)).frobeniusNorm
    #expect(difference < 1e-8)
  }

  /// More landmarks come nearer to the kernel, and the kernel is met at the landmarks.
  @Test func moreLandmarksComeNearer() throws {
    let kernel = KernelFunction.rbf(gamma: 0.25)
    let exact = kernel.matrix(Self.samples)
    let errors = try [10, 40, 70].map { count in
      let map = try KernelLandmarks(
        kernel, among: Self.samples, count: count, key: RandomKey(seed: 0))
      let atLandmarks = map.features(of: map.landmarks)
      let own = (atLandmarks.outerGram - kernel.matrix(map.landmarks)).frobeniusNorm
      #expect(own < 1e-8)
      return (map.features(of: Self.samples).outerGram - exact).frobeniusNorm
    }
    #expect(errors[0] > errors[1] && errors[1] > errors[2])
  }

  /// Repeated samples make the landmarks' kernel singular.
  @Test func repeatedSamplesAreFine() throws {
    let doubled = Self.samples.appending(rows: Self.samples)
    let map = try KernelLandmarks(
      .rbf(gamma: 0.25), among: doubled, count: 160, key: RandomKey(seed: 0))
    #expect(map.features(of: doubled).isFinite)
  }

  /// Nearly all samples as landmarks give nearly the methods' own predictions.
  @Test(arguments: ["tca", "jda", "bda", "tjm", "meda", "kmm"])
  func methodsComeNearThemselves(_ id: String) throws {
    let entry = try #require(MethodRegistry.entry(id))
    let gaussian: [String: String] =
      switch id {
      case "tca", "jda", "bda": ["form": "rbf-kernel"]
      case "tjm": ["kernel": "rbf"]
      default: [:]
      }
    let problem = Problem.twoClasses
    let count = problem.source.count + problem.target.count - 1
    func probabilities(_ settings: [String: String]) throws -> Matrix<Double> {
      let settled = try entry.settled(gaussian.merging(settings) { $1 })
      guard case .transductive(let fit) = settled.fit else { fatalError("\(id) is transductive.") }
      return try fit(problem.source, problem.target, RandomKey(seed: 1))
        .probabilities(of: problem.queries)
    }
    let exact = try probabilities([:])
    let near = try probabilities(["landmarks": "\(count)"])
    let far = try probabilities(["landmarks": "3"])
    #expect(near != exact)
    #expect((near - exact).elements.allSatisfy { abs($0) < 0.05 })
    #expect((far - exact).frobeniusNorm > (near - exact).frobeniusNorm)
  }
}
