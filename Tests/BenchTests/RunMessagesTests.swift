import Experiments
import Learners
import Methods
import Parameters
import Testing

@testable import Bench

/// The sentences for plans, stores, cells and workers.
struct RunMessagesTests {
  @Test(arguments: [
    (PlanError.unknownProtocol("x"), "Unknown protocol 'x' (there are: holdout, transductive)."),
    (
      .unknownSelection("enthropy"),
      "Unknown selection 'enthropy': did you mean 'entropy' (there are: entropy, none, diversity, infomax, snd, bnm, iwv, dev, mixval, circular, mmd, oracle and 3 more, all with 'bench list validators')?"
    ),
    (
      .parameter(method: "jda", .malformed(name: "rounds", text: "x", expected: "a number")),
      "jda.rounds takes a number, not 'x'."
    ),
    (
      .outOfRange(name: "shots", value: "0", range: "a whole number from 1 to 10"),
      "--shots takes a whole number from 1 to 10, so 0 is out of its range."
    ),
    (.repeatedPair("a:b->c"), "The plan names the pair a:b->c twice."),
    (.nothingToRun("pairs"), "The plan names no pairs, so there is nothing to run."),
    (
      .at(path: "a/plan.yml", line: 1, .missingKey("pairs")),
      "a/plan.yml:1: The key 'pairs' is missing."
    ),
    (
      .at(path: "p", line: 3, .unknownKey("repetitons", known: ["repetitions", "seed"])),
      "p:3: Unknown key 'repetitons': did you mean 'repetitions' (there are: repetitions, seed)?"
    ),
    (
      .at(path: "p", line: 2, .unexpected(key: "seed", expected: "a number", found: "a list")),
      "p:2: 'seed': expected a number, found a list."
    ),
    (
      .at(path: "p", line: 2, .outOfRange(name: "shots", value: "0", range: "a number from 1")),
      "p:2: shots takes a number from 1, so 0 is out of its range."
    ),
    (.at(path: "p", line: 9, .notYAML("a tab")), "p:9: This is no YAML: a tab."),
    (
      .at(path: "p", line: 4, .program(.takenName("coral"))),
      "p:4: The name 'coral' is that of a method of bench; NAME=COMMAND gives the program another."
    ),
    (
      .program(.noFile(command: "x y")),
      "No word of the command 'x y' is a file, so a changed program couldn't be told."
    ),
    (
      .program(.badName("a b")),
      "A program's name is of letters, digits, '-', '_' and '.' and begins with a letter, not 'a b'; NAME=COMMAND gives it one."
    ),
    (
      .program(.unknownSetting("induktive")),
      "Unknown setting 'induktive': did you mean 'inductive' (there are: transductive, inductive, unsupervised)?"
    ),
  ])
  func plans(error: PlanError, sentence: String) {
    #expect(ErrorMessages.sentence(for: error) == sentence)
  }

  @Test(arguments: [
    (
      CellFailure.tooFewShots(className: "mug", available: 1, asked: 5),
      "The class 'mug' has 1 sample in the target part that methods see, fewer than the 5 shots asked for."
    ),
    (
      .noOracle,
      "The transductive protocol tests on the whole target, so no labelled part is left for an oracle."
    ),
    (.emptyPart("the target's test part"), "There are no samples in the target's test part."),
    (.notFinite, "A predicted probability is not a number."),
    (.method(.learner(.noSamples)), ErrorMessages.sentence(for: MethodError.learner(.noSamples))),
  ])
  func cells(failure: CellFailure, sentence: String) {
    #expect(ErrorMessages.sentence(for: failure) == sentence)
  }

  @Test(arguments: [
    (WorkerFailure.ended(status: 9, bySignal: true), "The worker was ended by signal 9."),
    (.ended(status: 2, bySignal: false), "The worker ended with exit code 2."),
    (.timedOut(seconds: 1.5), "The cell ran longer than 1.5 s (--timeout)."),
    (.outOfMemory(mebibytes: 900.5), "The worker held 900 MiB, more than --memory allows."),
    (.malformedAnswer, "The worker's answer could not be read."),
    (.notStarted(reason: "no such file"), "The worker could not be started: no such file."),
  ])
  func workers(failure: WorkerFailure, sentence: String) {
    #expect(ErrorMessages.sentence(for: failure) == sentence)
  }

  @Test func stores() {
    #expect(
      ErrorMessages.sentence(for: StoreError.database(path: "a.sqlite", reason: "disk full"))
        == "Can't use the results in a.sqlite: disk full.")
    #expect(
      ErrorMessages.sentence(for: StoreError.otherSchema(path: "a.sqlite", found: 6, own: 5))
        == "Won't use a.sqlite: its schema is 6, and this bench reads schemas up to 5; the version that wrote it reads both."
    )
  }
}
