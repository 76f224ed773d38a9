import ArgumentParser
import PointClouds
import Rendering
import TOMLKit

/// Options from a TOML file: `voxel = 0.05`, for one command alone under `[register]` or `[train.descriptor]`. The command
/// line has the last word.
struct ConfigurationFile {
  private let path: String
  private let entries: [(key: String, value: any TOMLValueConvertible)]
  private let commands: [String: [(key: String, value: any TOMLValueConvertible)]]

  /// The arguments with those of the file that `--config` names put before them, right after the command's name.
  static func expanded(_ arguments: [String], commands: [any ParsableCommand.Type]) throws -> [String] {
    guard let path = path(in: arguments), let command = CommandPath.called(by: arguments, among: commands) else {
      return arguments
    }
    let all = CommandPath.all(commands)
    let file = try ConfigurationFile(path, commands: all.map(\.section))
    let own = try file.arguments(for: OptionCatalog(command), of: all)
    return command.words + own + arguments.dropFirst(command.words.count)
  }

  /// The file that the arguments name, if any.
  private static func path(in arguments: [String]) -> String? {
    let options = arguments.prefix { $0 != "--" }
    if let k = options.firstIndex(of: "--config"), k + 1 < options.endIndex { return options[k + 1] }
    return options.first { $0.hasPrefix("--config=") }.map { String($0.dropFirst("--config=".count)) }
  }

  private init(_ path: String, commands names: [String]) throws {
    self.path = path
    let bytes = try SmallFile.read(path, expected: "a configuration")
    // The parser would take a NUL for the end of the text.
    if let k = bytes.firstIndex(of: 0) {
      let line = bytes[..<k].count { $0 == 10 } + 1
      throw CommandFailure(.damagedInput, "\(path): line \(line): holds a NUL byte, a text is expected")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let place = "line \(error.source.begin.line), column \(error.source.begin.column)"
      throw CommandFailure(.damagedInput, "\(path): \(place): \(error.description)")
    }
    var entries: [(key: String, value: any TOMLValueConvertible)] = []
    var sections: [String: [(key: String, value: any TOMLValueConvertible)]] = [:]
    func take(_ key: String, _ section: TOMLTable) throws {
      guard names.contains(where: { $0 == key || $0.hasPrefix(key + ".") }) else {
        throw CommandFailure(
          .usage,
          "\(path): unknown section [\(key)]; sections are named after commands: \(names.joined(separator: ", "))")
      }
      for (inner, value) in section {
        if let table = value.table {
          try take("\(key).\(inner)", table)
        } else if names.contains(key) {
          sections[key, default: []].append((inner, value))
        } else {
          throw CommandFailure(
            .usage,
            "\(path): [\(key)] is a group of commands, \(inner) belongs under one of them: "
              + names.filter { $0.hasPrefix(key + ".") }.joined(separator: ", "))
        }
      }
    }
    for (key, value) in table {
      if let section = value.table { try take(key, section) } else { entries.append((key, value)) }
    }
    self.entries = entries.sorted { $0.key < $1.key }
    self.commands = sections.mapValues { $0.sorted { $0.key < $1.key } }
  }

  /// The entries for one command as arguments. Entries outside the sections may belong to another command.
  private func arguments(for catalog: OptionCatalog, of commands: [CommandPath]) throws -> [String] {
    let catalogs = commands.map { OptionCatalog($0) }
    var arguments: [String] = []
    for (key, value) in entries {
      if let option = catalog[key] {
        arguments += try argument(option, key, value)
      } else if !catalogs.contains(where: { $0[key] != nil }) {
        throw unknown(key, catalog)
      }
    }
    for other in catalogs {
      for (key, value) in self.commands[other.command] ?? [] {
        guard let option = other[key] else { throw unknown(key, other) }
        let own = try argument(option, key, value)
        if other.command == catalog.command { arguments += own }
      }
    }
    return arguments
  }

  private func unknown(_ key: String, _ catalog: OptionCatalog) -> CommandFailure {
    let hint = catalog.suggestion(for: key).map { ", did you mean \($0)" } ?? ""
    return CommandFailure(.usage, "\(path): unknown key \(key)\(hint)")
  }

  private func argument(
    _ option: OptionCatalog.Option, _ key: String, _ value: any TOMLValueConvertible
  ) throws -> [String] {
    let name = "--\(option.longName ?? key)"
    if option.isFlag {
      guard let isOn = value.bool else {
        throw CommandFailure(.usage, "\(path): \(key) has the type \(value.type), true or false is expected")
      }
      return isOn ? [name] : []
    }
    if let text = value.string { return ["\(name)=\(text)"] }
    if let number = value.int { return ["\(name)=\(number)"] }
    if let number = value.double { return ["\(name)=\(JSONValue.number(number).text)"] }
    throw CommandFailure(.usage, "\(path): \(key) has the type \(value.type), a text or a number is expected")
  }
}
