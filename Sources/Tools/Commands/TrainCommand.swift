import ArgumentParser

/// `plumb train`: fits what Plumb knows to simulated scans.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Fits Plumb's tables and networks to simulated scans.",
    subcommands: [TrainDescriptorCommand.self, TrainTrackerCommand.self])
}
