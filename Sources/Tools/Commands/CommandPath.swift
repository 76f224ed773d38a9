import ArgumentParser

/// A command that does something, with the words that call it: `register`, or `train descriptor` inside of a group.
struct CommandPath: Sendable {
  /// The words after `plumb`.
  let words: [String]
  /// The command.
  let command: any ParsableCommand.Type

  /// What a section of a configuration file is called for it: `train.descriptor`.
  var section: String { words.joined(separator: ".") }

  /// All commands below the given ones, in their order.
  static func all(_ commands: [any ParsableCommand.Type], under words: [String] = []) -> [CommandPath] {
    commands.flatMap { command -> [CommandPath] in
      let own = words + [command._commandName]
      let inner = command.configuration.subcommands
      return inner.isEmpty ? [CommandPath(words: own, command: command)] : all(inner, under: own)
    }
  }

  /// The command that the arguments call, if any.
  static func called(by arguments: [String], among commands: [any ParsableCommand.Type]) -> CommandPath? {
    all(commands).first { arguments.starts(with: $0.words) }
  }
}
