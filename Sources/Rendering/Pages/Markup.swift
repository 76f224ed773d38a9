/// A piece of HTML that is safe to put into a page: every text in it has been escaped on the way in.
package struct Markup: Sendable, Equatable {
  /// The HTML.
  package let html: String

  /// Nothing.
  package static let empty = Markup(trusted: "")

  /// HTML that the program itself holds; never with text from outside.
  init(trusted html: String) { self.html = html }

  /// Words, escaped: control characters become visible as on a terminal, so that no name can forge a line or a tag.
  package static func text(_ text: String) -> Markup { Markup(trusted: escaped(text)) }

  /// Lines of words, escaped; the breaks between the lines stay.
  package static func lines(_ lines: [String]) -> Markup {
    Markup(trusted: lines.map(escaped).joined(separator: "\n"))
  }

  /// An element with its attributes and what it holds; names of elements and attributes are the program's own.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: Markup...
  ) -> Markup {
    element(name, attributes, content)
  }

  /// An element that holds a list of pieces.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup]
  ) -> Markup {
    Markup(trusted: opening(name, attributes) + content.map(\.html).joined() + "</\(name)>")
  }

  /// An element without an end, such as `img`.
  package static func void(_ name: String, _ attributes: KeyValuePairs<String, String>) -> Markup {
    Markup(trusted: opening(name, attributes))
  }

  /// Pieces one after the other, a line each.
  package static func sequence(_ pieces: [Markup]) -> Markup {
    Markup(trusted: pieces.map(\.html).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  /// An embedded picture; `alternative` says in words what it shows.
  package static func picture(png: [UInt8], alternative: String, width: Int, height: Int) -> Markup {
    // Base64 needs no escaping, and a page holds megabytes of it.
    Markup(
      trusted: "<img src=\"data:image/png;base64," + Base64.text(png)
        + "\" alt=\"\(escaped(alternative))\" width=\"\(width)\" height=\"\(height)\">")
  }

  private static func opening(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
    let written = attributes.filter { $0.key != "class" || !$0.value.isEmpty }
    return "<" + name + written.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined() + ">"
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.terminalSafe.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

/// Bytes as text (RFC 4648, section 4).
package enum Base64 {
  /// The text, padded to a multiple of four letters.
  package static func text(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let rest = min(3, bytes.count - start)
      var word = UInt32(bytes[start]) << 16
      if rest > 1 { word |= UInt32(bytes[start + 1]) << 8 }
      if rest > 2 { word |= UInt32(bytes[start + 2]) }
      for k in 0..<4 { out.append(k <= rest ? letters[Int(word >> UInt32(18 - 6 * k) & 63)] : UInt8(ascii: "=")) }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
