import PointClouds
import Rendering
import Testing

@Suite struct MarkupTests {
  @Test(
    "texts from outside cannot become tags, attributes, lines or escape sequences",
    arguments: [
      "<script>alert(1)</script>", "\" onload=\"alert(1)", "' onload='x", "&lt;", "</script>", "<!--", "a\nb",
      "red\u{1B}[31m",
      "\u{202E}gnp.exe", "\u{0}", "näme-点云",
    ])
  func escaping(text: String) {
    let piece = Markup.element("td", ["title": text], .text(text)).html
    let inside = piece.dropFirst("<td title=\"".count).dropLast("</td>".count)
    let parts = inside.split(separator: "\">", maxSplits: 1, omittingEmptySubsequences: false)
    #expect(parts.count == 2 && parts[0] == parts[1], "the same escaping in both places: \(piece)")
    for letter in ["<", ">", "\"", "'", "\n", "\u{1B}", "\u{202E}", "\u{0}"] {
      #expect(!parts[0].contains(letter), "\(piece)")
    }
    // Every ampersand begins an escape.
    let escapes = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
    let rest = parts[0].split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    #expect(rest.allSatisfy { part in escapes.contains { ("&" + part).hasPrefix($0) } }, "\(piece)")
  }

  @Test("plain words stay as they are")
  func plain() { #expect(Markup.text("näme-点云 3 m²").html == "näme-点云 3 m²") }

  @Test(
    "Base64 has the vectors of RFC 4648",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")])
  func base64(bytes: String, text: String) {
    #expect(Base64.text(Array(bytes.utf8)) == text)
    #expect(Base64.text([0xFB, 0xFF, 0xBF]) == "+/+/")
  }
}

@Suite struct HTMLPageTests {
  private func page(_ name: String) -> String {
    var page = HTMLPage(title: name)
    page.add(section: name, [.element("p", [:], .text(name))])
    page.add(section: "empty", [.empty])
    return page.html
  }

  @Test("a page names nothing outside itself and forbids every connection")
  func selfContained() {
    let html = page("a")
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("<meta charset=\"utf-8\">"))
    #expect(html.contains("default-src &#39;none&#39;"))
    for word in ["http:", "https:", "@import", "url(", " href=", "fetch(", "XMLHttpRequest", "WebSocket"] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(!html.contains("<h2>empty</h2>"), "a section without content has no heading")
  }

  @Test("the policy names the very script that the page carries")
  func digest() throws {
    let hash = SHA256()
    Array(ViewerScript.text.utf8).withUnsafeBytes { hash.update($0) }
    let digits = Array(hash.finish())
    let bytes = try stride(from: 0, to: digits.count, by: 2).map { k in
      try #require(UInt8(String(digits[k...k + 1]), radix: 16))
    }
    #expect(
      ViewerScript.digest == "sha256-" + Base64.text(bytes), "a script of Assets has changed: set the digest anew")
    #expect(page("a").contains(">" + ViewerScript.text + "</script>"))
    #expect(!ViewerScript.text.contains("</script"))
  }

  @Test("the same page has the same bytes; a hostile title stays a text")
  func stable() {
    #expect(page("x") == page("x"))
    let html = page("</title><script>alert(1)</script>")
    #expect(!html.contains("<script>alert") && html.contains("&lt;/title&gt;"))
  }
}
