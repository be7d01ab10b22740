public import ArgumentParser
public import Experiments

/// How hyperparameters are chosen.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How hyperparameters are chosen: none takes those stated; a validator's name (bench list validators) chooses without target labels, oracle with them; all compares them.",
      valueName: "rule"),
    completion: .list(SelectionRule.names))
  var select = "none"

  @Option(
    help: ArgumentHelp(
      "The settings tried of each method: grid (all), random (--budget of them), or halving (the better half on each further fold).",
      valueName: "how"))
  var search = SettingSearch.random

  @Option(
    help: ArgumentHelp("Settings tried of each method by random and halving.", valueName: "n"))
  var budget = 16

  @Option(help: ArgumentHelp("Inner folds that settings are judged on.", valueName: "n"))
  var folds = 3

  @Option(
    help: ArgumentHelp(
      "Values to try of a hyperparameter, in place of those it declares; may be given more than once.",
      valueName: "method.parameter=a,b,c"))
  var grid: [String] = []
}

extension SettingSearch: ExpressibleByArgument {}
