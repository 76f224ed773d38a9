import Rendering

extension ScoreTable.Cell {
  /// The cell as it is printed: numbers with their decimals, `-` where there is nothing to tell.
  package var text: String {
    switch self {
    case .number(let value, let decimals): value.isFinite ? value.decimals(decimals) : "-"
    case .count(let count): String(count)
    case .text(let text): text.terminalSafe
    case .none: "-"
    }
  }

  /// The cell with all its digits, for CSV; empty where there is nothing to tell.
  private var digits: String {
    switch self {
    case .number(let value, _): value.isFinite ? "\(value)" : ""
    case .count(let count): String(count)
    case .text(let text): text
    case .none: ""
    }
  }

  fileprivate var record: String { ScoreTable.quoted(digits) }

  /// The cell as JSON; null where there is nothing to tell.
  package var json: JSONValue {
    switch self {
    case .number(let value, _): .number(value)
    case .count(let count): .integer(count)
    case .text(let text): .string(text)
    case .none: .null
    }
  }
}

extension ScoreTable {
  /// The table for a terminal: the title, columns in line, a rule before the summaries, then the notes.
  package var text: String {
    let grid = [columns.map(\.terminalSafe)] + rows.map { [$0.name.terminalSafe] + $0.cells.map(\.text) }
    let widths = widths(grid)
    var lines = [title.terminalSafe]
    for (i, row) in grid.enumerated() {
      // The summaries stand below a rule where scenes stand above them.
      if i > 1, rows[i - 1].isSummary, !rows[i - 2].isSummary {
        lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
      }
      lines.append(aligned(row, widths).joined(separator: "  ").droppingTrailingBlanks)
    }
    return (lines + notes.map { "  * \($0.terminalSafe)" }).joined(separator: "\n") + "\n"
  }

  /// The table as GitHub-flavoured Markdown, aligned in its source too.
  package var markdown: String {
    func safe(_ text: String) -> String {
      text.terminalSafe.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
    let grid = [columns.map(safe)] + rows.map { [safe($0.name)] + $0.cells.map { safe($0.text) } }
    let widths = widths(grid).map { max($0, 3) }
    var lines = grid.map { "| " + aligned($0, widths).joined(separator: " | ") + " |" }
    let rule = widths.enumerated().map { i, width in
      String(repeating: "-", count: i == 0 ? width : width - 1) + (i == 0 ? "" : ":")
    }
    lines.insert("| " + rule.joined(separator: " | ") + " |", at: 1)
    let list = notes.isEmpty ? [] : [""] + notes.map { "- \(safe($0))" }
    return (["### \(safe(title))", ""] + lines + list).joined(separator: "\n") + "\n"
  }

  /// The table as CSV (RFC 4180): the head, then the rows, each led by the table's title; numbers with all their digits.
  package var csv: String { csvHead + csvRows }

  /// Several tables in one file: the head is written again, after an empty line, where the columns change.
  package static func csv(_ tables: [ScoreTable]) -> String {
    var out = ""
    for (i, table) in tables.enumerated() {
      if i == 0 {
        out += table.csv
      } else {
        out += table.columns == tables[i - 1].columns ? table.csvRows : "\r\n" + table.csv
      }
    }
    return out
  }

  /// The table as JSON: `title`, `columns`, `rows` with `name`, `summary` and `cells`, and `notes`.
  package var json: JSONValue {
    .members([
      "title": .string(title), "columns": .array(columns.map { .string($0) }),
      "rows": .array(
        rows.map { row in
          .members([
            "name": .string(row.name), "summary": .bool(row.isSummary), "cells": .array(row.cells.map(\.json)),
          ])
        }), "notes": .array(notes.map { .string($0) }),
    ])
  }

  private var csvHead: String {
    (["table"] + columns).map(ScoreTable.quoted).joined(separator: ",") + "\r\n"
  }

  private var csvRows: String {
    rows.map { row in
      ([ScoreTable.quoted(title), ScoreTable.quoted(row.name)] + row.cells.map(\.record)).joined(separator: ",")
        + "\r\n"
    }.joined()
  }

  private func widths(_ grid: [[String]]) -> [Int] {
    columns.indices.map { column in grid.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  }

  /// The first column to the left, the others to the right.
  private func aligned(_ row: [String], _ widths: [Int]) -> [String] {
    row.enumerated().map { i, text in
      let width = i < widths.count ? widths[i] : 0
      return i == 0 ? text.padded(width) : String(repeating: " ", count: max(0, width - text.count)) + text
    }
  }

  /// A field of RFC 4180: in quotes where it holds a comma, a quote or a line break.
  fileprivate static func quoted(_ field: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
    guard field.unicodeScalars.contains(where: special.contains) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension String {
  fileprivate var droppingTrailingBlanks: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
