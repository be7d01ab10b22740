import ArgumentParser
import Domains
import Learners
import LinearAlgebra
import Methods
import Parameters
import Testing

@testable import Bench

struct ErrorMessagesTests {
  @Test(arguments: [
    (
      RequestError.unknown(.method, name: "corl", known: ["coral", "tca"]),
      "Unknown method 'corl': did you mean 'coral' (there are: coral, tca)?"
    ),
    (
      .unknown(.family, name: "xyz", known: ["alignment", "few-shot"]),
      "Unknown family 'xyz' (there are: alignment, few-shot)."
    ),
    (
      .unknown(.experiment, name: "jda-2014", known: ["jda-2013"]),
      "Unknown experiment 'jda-2014': did you mean 'jda-2013' (there are: jda-2013)?"
    ),
    (.unknown(.dataset, name: "x", known: []), "Unknown data set 'x': there is none at all."),
    (
      .parameter(method: "coral", .unknown(name: "rdge", known: ["ridge", "learner"])),
      "Unknown parameter of 'coral': 'rdge': did you mean 'ridge' (there are: ridge, learner)?"
    ),
    (
      .parameter(method: "source-model", .unknown(name: "k", known: [])),
      "The method 'source-model' has no parameter 'k', nor any other."
    ),
    (
      .parameter(
        method: "coral",
        .outOfRange(name: "ridge", value: "-1.0", range: "a number from 0.0 to 1000000.0")),
      "coral.ridge takes a number from 0.0 to 1000000.0, so -1.0 is out of its range."
    ),
    (
      .parameter(
        method: "tca",
        .malformed(name: "components", text: "ten", expected: "a whole number from 1 to 500")),
      "tca.components takes a whole number from 1 to 500, not 'ten'."
    ),
    (
      .malformed(option: "--holdout", text: "2", expected: "a fraction between 0 and 1"),
      "--holdout takes a fraction between 0 and 1, not '2'."
    ),
    (
      .notInductive(method: "tca", setting: .transductive),
      "Episodes are for inductive methods, and 'tca' is transductive."
    ),
    (
      .notFetchable(dataset: "usps", file: "usps/usps.h5", access: "Ask the\nauthors."),
      "The card of 'usps' gives no address to download usps/usps.h5 from; it says: Ask the authors."
    ),
  ])
  func requests(error: RequestError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test func longListsAreCutToTheNearest() {
    let known = (10..<40).map { "pair-\($0)" }
    let sentence = ErrorMessages.sentence(.unknown(.pair, name: "pair-39x", known: known))
    #expect(
      sentence.hasPrefix("Unknown pair 'pair-39x': did you mean 'pair-39' (there are: pair-39,"))
    #expect(sentence.hasSuffix(" and 18 more, all with 'bench list pairs')?"))
  }

  @Test(arguments: [
    (DomainError.missing(path: "a/b.mat"), "There is no file or folder a/b.mat."),
    (
      .malformed(path: "a.csv", place: "line 3, column 5", expected: "a number", found: "'x'"),
      "Can't read a.csv: at line 3, column 5, expected a number, found 'x'."
    ),
    (
      .wrongChecksum(path: "a.npz", expected: "00ff", found: "ff00"),
      "Won't use a.npz: its card states the SHA-256 00ff, but it has ff00."
    ),
    (
      .badCard(path: "my.md", key: "domains.amazon.file", expected: "a path", found: "a list"),
      "The card my.md is wrong at 'domains.amazon.file': expected a path, found a list."
    ),
    (
      .unknownDataset(name: "digts", known: ["digits", "moons"]),
      "Unknown data set 'digts': did you mean 'digits' (there are: digits, moons)?"
    ),
    (
      .unknownPair(name: "digits:a->b", known: ["digits:synthetic->scanned"]),
      "Unknown pair 'digits:a->b' (there are: digits:synthetic->scanned)."
    ),
    (
      .unusable(path: "a.csv", place: "line 7", reason: "a feature is not a number"),
      "Can't use a.csv: at line 7, a feature is not a number."
    ),
    (
      .download(url: "https://example.org/a", reason: "the server answered 404"),
      "Can't download https://example.org/a: the server answered 404."
    ),
    (
      .unwritable(path: "out", reason: "permission denied"), "Can't write out: permission denied."
    ),
  ])
  func data(error: DomainError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test(arguments: [
    (
      MethodError.notApplicable(reason: "it needs two classes"),
      "The method isn't defined for this task: it needs two classes."
    ),
    (
      .linearAlgebra(.notPositiveDefinite(routine: "dpotrf", order: 7), step: "whitening"),
      "The step 'whitening' failed: the matrix is not positive definite, as LAPACK's dpotrf found at its"
        + " leading minor of order 7."
    ),
    (
      .learner(.noSamples), "The learner has no sample to learn from."
    ),
    (
      .notConverged(step: "Sinkhorn", iterations: 1),
      "The step 'Sinkhorn' did not converge within 1 iteration."
    ),
  ])
  func methods(error: MethodError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test(arguments: [
    (
      LearnerError.weightsUnsupported(learner: "1-nn"),
      "The learner '1-nn' can't weigh its samples."
    ),
    (
      .unusableWeights,
      "The samples' weights are unusable: all are zero, or one is negative or not a number."
    ),
    (.notFinite, "The learner was given a feature that is infinite or not a number."),
    (
      .notConverged(learner: "logistic-regression", iterations: 1_000),
      "The learner 'logistic-regression' did not converge within 1000 iterations."
    ),
    (
      .linearAlgebra(.singular(routine: "dgesv", pivot: 3)),
      "The learner failed: the matrix is singular, as LAPACK's dgesv found its pivot 3 to be exactly zero."
    ),
  ])
  func learners(error: LearnerError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test(arguments: [
    (
      LinearAlgebraError.notConverged(routine: "dsyevd", info: 4),
      "LAPACK's dsyevd did not converge, with 4 elements of the reduced matrix left."
    ),
    (
      .notFinite(routine: "dgesdd"),
      "The matrix given to LAPACK's dgesdd has an entry that is infinite or not a number."
    ),
    (
      .illegalArgument(routine: "dgelsd", info: -5),
      "LAPACK's dgelsd refused its argument 5, with info = -5."
    ),
    (
      .illegalArgument(routine: "dgesdd", info: -1_010),
      "There was no memory for the work space of LAPACK's dgesdd."
    ),
  ])
  func linearAlgebra(error: LinearAlgebraError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test func parsingErrorsBecomeOneLine() {
    let error = #expect(throws: (any Error).self) {
      _ = try BenchCommand.parseAsRoot(["list", "methods", "--fromat", "csv"])
    }
    #expect(
      error.map(ErrorMessages.sentence)
        == "Unknown option '--fromat'. Did you mean '--format'?")
  }
}
