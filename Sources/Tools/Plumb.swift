import ArgumentParser

/// The command `plumb`.
@main
struct Plumb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumb", abstract: "Aligns 3-D scans and says honestly how sure it is.", version: "0.1.0",
    subcommands: [SimulateCommand.self])
}
