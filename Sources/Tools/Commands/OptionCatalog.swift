import ArgumentParser
import Foundation

/// The options of one command as the argument parser knows them: what a configuration file may name.
struct OptionCatalog: Sendable {
  /// One option or flag.
  struct Option: Decodable, Sendable {
    /// A spelling of the option.
    struct Name: Decodable, Sendable {
      let kind: String
      let name: String
    }
    let kind: String
    let names: [Name]?
    let defaultValue: String?

    /// The name after two dashes.
    var longName: String? { names?.first { $0.kind == "long" }?.name }
    /// Whether it stands without a value.
    var isFlag: Bool { kind == "flag" }
  }

  /// The command's words joined by dots, as sections of configuration files are called.
  let command: String
  /// Its options, in the order of the help; arguments by position, help and version are left out.
  let options: [Option]

  /// The catalog of a command.
  init(_ path: CommandPath) {
    struct Tool: Decodable {
      struct Command: Decodable { let arguments: [Option]? }
      let command: Command
    }
    command = path.section
    let tool = try? JSONDecoder().decode(Tool.self, from: Data(path.command._dumpHelp().utf8))
    let reserved: Set = ["help", "version", "config", "dump-config"]
    options = (tool?.command.arguments ?? []).filter { option in
      option.kind != "positional" && option.longName.map { !reserved.contains($0) } ?? false
    }
  }

  /// The option of a name, with dashes or underscores between its words.
  subscript(name: String) -> Option? {
    let wanted = name.replacing("_", with: "-")
    return options.first { $0.longName == wanted }
  }

  /// The known name nearest to a wrong one, when it is near.
  func suggestion(for name: String) -> String? {
    let best = options.compactMap(\.longName).map { (OptionCatalog.editDistance(name, $0), $0) }.min { $0 < $1 }
    return best.flatMap { $0.0 <= max(2, name.count / 3) ? $0.1 : nil }
  }

  /// The least number of letters to insert, delete or replace that turns one word into the other (Levenshtein 1966).
  static func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (k, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[k + 1]
        row[k + 1] = min(replaced, row[k] + 1, row[k + 1] + 1)
      }
    }
    return row[b.count]
  }
}
