/// One HTML file that needs no other file and no network; it may be mailed, archived and printed.
///
/// A content security policy forbids every connection and every script but the viewer's, which is named by its SHA-256:
/// even a text that escaped the escaping could not run.
package struct HTMLPage: Sendable {
  private let title: String
  private var sections: [Markup] = []

  /// An empty page with the title of its tab.
  package init(title: String) { self.title = title }

  /// Adds a piece.
  package mutating func add(_ piece: Markup) { sections.append(piece) }

  /// Adds a section under a heading, unless it is empty.
  package mutating func add(section heading: String, _ pieces: [Markup]) {
    let pieces = pieces.filter { $0 != .empty }
    if pieces.isEmpty { return }
    sections.append(.element("section", [:], .sequence([.element("h2", [:], .text(heading))] + pieces)))
  }

  /// The file.
  package var html: String {
    let policy =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '\(ViewerScript.digest)'; "
      + "base-uri 'none'; form-action 'none'"
    let head = [
      Markup.void("meta", ["charset": "utf-8"]),
      .void("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .void("meta", ["name": "generator", "content": "plumb"]),
      .element("title", [:], .text(title)),
      .element("style", [:], Markup(trusted: "\n" + PageStyle.text)),
    ]
    let page = Markup.element(
      "html", ["lang": "en"],
      .sequence([
        .element("head", [:], .sequence(head)),
        .element("body", [:], .sequence(sections + [.element("script", [:], Markup(trusted: ViewerScript.text))])),
      ]))
    return "<!DOCTYPE html>\n" + page.html + "\n"
  }
}

/// The look of all pages, from `Assets/page.css`.
enum PageStyle {
  static let text = String(decoding: PackageResources.page_css, as: UTF8.self)
}

/// The point viewer of ``CloudView``, from `Assets/drawing.js` and `Assets/viewer.js`.
package enum ViewerScript {
  /// The script.
  package static let text = String(decoding: PackageResources.drawing_js + PackageResources.viewer_js, as: UTF8.self)
  /// Its SHA-256 as a content security policy writes it. A test holds it to the script.
  package static let digest = "sha256-TCnBpghu9aDldiB5B6RL6y/BzntpqihuoV3TSKdybx8="
}
