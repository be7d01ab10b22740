public import ArgumentParser
public import Experiments

extension ShotCounts: ExpressibleByArgument {
  /// One number of shots, or several separated by commas.
  public init?(argument: String) {
    self.init(argument)
  }
}
