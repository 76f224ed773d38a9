import Evaluation
import Testing

@Suite struct ScoreTableTextTests {
  private let table = ScoreTable(
    title: "3DMatch, \"A\"", columns: ["scene", "pairs", "RR %", "note"],
    rows: [
      .init(name: "kitchen", cells: [.count(449), .number(93.75, decimals: 1), .text("a|b, c")]),
      .init(name: "x\u{1B}[31m", cells: [.count(1), .number(100 * 2.0 / 3, decimals: 1), .none]),
      .init(name: "all", cells: [.count(450), .number(.nan, decimals: 1), .text("two\nlines")], isSummary: true),
    ], notes: ["one thing"])

  @Test("text: aligned, a rule before the summary, control characters escaped")
  func text() {
    #expect(
      table.text == """
        3DMatch, "A"
        scene      pairs  RR %          note
        kitchen      449  93.8        a|b, c
        x\\x1B[31m      1  66.7             -
        ---------  -----  ----  ------------
        all          450     -  two\\x0Alines
          * one thing

        """)
  }

  @Test("Markdown: a pipe in a cell is escaped, columns stay in line")
  func markdown() {
    let lines = table.markdown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "### 3DMatch, \"A\"" && lines[1].isEmpty)
    #expect(Set(lines[2...6].map(\.count)).count == 1)
    #expect(lines[3].hasSuffix("-: |") && lines[4].contains("a\\|b, c"))
    #expect(lines.suffix(2) == ["- one thing", ""])
  }

  @Test("CSV: quotes, commas and line breaks in quotes, numbers with all digits, nothing for nothing")
  func csv() {
    #expect(
      table.csv
        == "table,scene,pairs,RR %,note\r\n" + "\"3DMatch, \"\"A\"\"\",kitchen,449,93.75,\"a|b, c\"\r\n"
        + "\"3DMatch, \"\"A\"\"\",x\u{1B}[31m,1,66.66666666666667,\r\n"
        + "\"3DMatch, \"\"A\"\"\",all,450,,\"two\nlines\"\r\n")
    let other = ScoreTable(title: "t", columns: ["x"], rows: [.init(name: "1", cells: [])])
    #expect(ScoreTable.csv([other, other]) == "table,x\r\nt,1\r\nt,1\r\n")
    #expect(ScoreTable.csv([other, table]) == "table,x\r\nt,1\r\n\r\n" + table.csv)
    #expect(ScoreTable.csv([]).isEmpty)
  }

  @Test("JSON: all digits, null for nothing")
  func json() {
    #expect(
      table.json.text
        == #"{"title":"3DMatch, \"A\"","columns":["scene","pairs","RR %","note"],"rows":["#
        + #"{"name":"kitchen","summary":false,"cells":[449,93.75,"a|b, c"]},"#
        + #"{"name":"x\u001b[31m","summary":false,"cells":[1,66.66666666666667,null]},"#
        + #"{"name":"all","summary":true,"cells":[450,null,"two\nlines"]}],"notes":["one thing"]}"#)
  }

  @Test("a table without rows prints its head")
  func empty() {
    let empty = ScoreTable(title: "t", columns: ["scene", "pairs"], rows: [])
    #expect(empty.text == "t\nscene  pairs\n" && empty.csv == "table,scene,pairs\r\n")
    #expect(empty.markdown == "### t\n\n| scene | pairs |\n| ----- | ----: |\n")
  }
}
