import ArgumentParser
import Rendering

/// The options of a command with the values that are in force, as a configuration file: what `--dump-config` prints.
struct ConfigurationDump {
  let text: String

  /// - Parameter arguments: the expanded arguments, the command's words first.
  init(_ command: CommandPath, arguments: [String]) {
    let catalog = OptionCatalog(command)
    let given = arguments.dropFirst(command.words.count).prefix { $0 != "--" }
    var lines = [
      "# plumb \(Plumb.version): options of `plumb \(command.words.joined(separator: " "))` as they are in force",
      "[\(catalog.command)]",
    ]
    for option in catalog.options {
      guard let name = option.longName else { continue }
      if option.isFlag {
        lines.append("\(name) = \(ConfigurationDump.isSet(option, in: given))")
      } else if let value = ConfigurationDump.value(option, in: given) ?? option.defaultValue {
        lines.append("\(name) = \(ConfigurationDump.literal(value))")
      } else {
        lines.append("# \(name) =")
      }
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func spellings(_ option: OptionCatalog.Option) -> [String] {
    (option.names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
  }

  private static func isSet(_ option: OptionCatalog.Option, in given: ArraySlice<String>) -> Bool {
    spellings(option).contains { given.contains($0) }
  }

  /// The last value that the arguments give the option.
  private static func value(_ option: OptionCatalog.Option, in given: ArraySlice<String>) -> String? {
    let names = spellings(option)
    var value: String?
    for (k, argument) in zip(given.indices, given) {
      for name in names {
        if argument == name, k + 1 < given.endIndex { value = given[k + 1] }
        if argument.hasPrefix("\(name)=") { value = String(argument.dropFirst(name.count + 1)) }
      }
    }
    return value
  }

  /// A number as it is, any other text as a TOML string.
  private static func literal(_ text: String) -> String {
    if let number = Double(text), number.isFinite, text.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }),
      text.first?.isNumber ?? false, !text.hasSuffix("."), text.first != "0" || text.count == 1 || text.hasPrefix("0.")
    {
      return text
    }
    return JSONValue.string(text).text
  }
}
