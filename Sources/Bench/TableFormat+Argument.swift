public import ArgumentParser
public import Experiments

/// The values of `--format`.
extension TableFormat: ExpressibleByArgument {}
