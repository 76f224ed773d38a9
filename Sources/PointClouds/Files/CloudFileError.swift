/// Why a file could not be read or written: one line that names the file, the cause and what to try.
public struct CloudFileError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; a command turns it into an exit code.
  public enum Kind: Sendable {
    /// There is no such file (66).
    case missing
    /// A directory or socket where a file is expected (66).
    case notAFile
    /// Symbolic links that go in a circle (66).
    case tooManyLinks
    /// Reading or writing is not permitted (77).
    case permission
    /// The file has no byte (65).
    case empty
    /// The content contradicts itself or its format (65).
    case damaged
    /// The content is sound but no cloud can be made of it (65).
    case unusable
    /// The file was changed while it was read (65).
    case changed
    /// The output cannot be created where it was asked for (73).
    case cannotCreate
    /// The output exists and replacing it was not asked for (73).
    case wouldOverwrite
    /// The disk is full (74).
    case noSpace
    /// The system reports a failure of reading or writing (74).
    case io
    /// More memory would be needed than is allowed (75).
    case memoryLimit

    /// The exit status in numbers of sysexits.h: the one place where kinds become numbers.
    package var exitStatus: Int32 {
      switch self {
      case .empty, .damaged, .unusable, .changed: 65
      case .missing, .notAFile, .tooManyLinks: 66
      case .cannotCreate, .wouldOverwrite: 73
      case .noSpace, .io: 74
      case .memoryLimit: 75
      case .permission: 77
      }
    }
  }

  /// The kind of failure.
  public let kind: Kind
  /// The file, as it was named.
  public let path: String
  /// The whole message, free of control characters.
  public let description: String

  /// A failure at a file with its cause.
  public init(_ kind: Kind, _ path: String, _ cause: String) {
    self.kind = kind
    self.path = path
    description = CloudFileError.printable("\(path == "-" ? "standard input" : path): \(cause)")
  }

  /// The text with control characters written as escapes, so that a file name cannot steer a terminal.
  package static func printable(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      let code = scalar.value
      // C0 and C1 controls, and the marks that turn the direction of text.
      if code < 0x20 || (0x7F...0x9F).contains(code) || (0x202A...0x202E).contains(code)
        || (0x2066...0x2069).contains(code)
      {
        let digits = String(code, radix: 16, uppercase: true)
        out += "\\x" + (digits.count < 2 ? "0" : "") + digits
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// A piece of a file for a message: quoted, at most 40 characters, broken UTF-8 repaired.
  package static func quoted(_ bytes: some Sequence<UInt8>) -> String {
    let text = String(decoding: Array(bytes.prefix(161)), as: UTF8.self)
    return "\"" + (text.count > 40 ? text.prefix(40) + "…" : text[...]) + "\""
  }
}
