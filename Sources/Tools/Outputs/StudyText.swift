import Rendering
import Studies

/// Studies in words, as a table, as JSON and as diagrams.
enum StudyText {
  /// Says the rows of a study.
  static func say(_ report: StudyReport, seconds: Double) {
    Console.say("study", "\(report.name)  \(report.paper)")
    let expectations = report.rows.map { text($0.expectation) }
    let values = report.rows.map { $0.value.isNaN ? "-" : $0.value.significant(4) }
    let widths = (
      id: report.rows.map(\.id.count).max() ?? 0, value: values.map(\.count).max() ?? 0,
      expectation: expectations.map(\.count).max() ?? 0
    )
    let lines = report.rows.indices.map { k in
      let row = report.rows[k]
      return "\(row.outcome.rawValue.padded(4))  \(row.id.padded(widths.id))  \(values[k].padded(widths.value))  "
        + "\(expectations[k].padded(widths.expectation))  \(row.check)"
    }
    Console.text(lines.joined(separator: "\n"))
    Console.say("time", "\(seconds.decimals(1)) s")
    Console.blank()
  }

  /// Says how all rows came out.
  static func say(summaryOf reports: [StudyReport], seconds: Double) {
    let rows = reports.flatMap(\.rows)
    func count(_ outcome: StudyRow.Outcome) -> Int { rows.count { $0.outcome == outcome } }
    let failures = count(.fail)
    Console.say(
      "RESULT",
      "\(count(.pass)) rows as expected, \(failures) not, \(count(.printed)) shown, \(count(.skipped)) skipped   "
        + "seed \(reports.first?.seed ?? 0)   \(seconds.decimals(1)) s", tone: failures == 0 ? .good : .bad)
  }

  /// What is expected, in words.
  static func text(_ expectation: StudyRow.Expectation) -> String {
    switch expectation {
    case .atMost(let limit): "at most \(limit.significant(4))"
    case .atLeast(let limit): "at least \(limit.significant(4))"
    case .within(let range): "\(range.lowerBound.significant(4)) to \(range.upperBound.significant(4))"
    case .near(let number, let tolerance): "\(number.significant(6)) within \(tolerance.significant(2))"
    case .printed: "-"
    case .skipped(let reason): reason
    }
  }

  /// The rows as comma-separated values.
  static func csv(_ reports: [StudyReport]) -> String {
    let header = "study,row,check,value,expected,outcome,seed,quick\n"
    return header
      + reports.flatMap { report in
        report.rows.map { row in
          let fields = [
            report.name, row.id, row.check, row.value.isNaN ? "" : "\(row.value)", text(row.expectation),
            row.outcome.rawValue, "\(report.seed)", "\(report.isQuick)",
          ]
          return fields.map(quoted).joined(separator: ",") + "\n"
        }
      }.joined()
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// The diagrams of studies.
  static func sheet(_ reports: [StudyReport]) -> ChartSheet {
    ChartSheet(
      reports.flatMap(\.figures).map { figure in
        LineChart(
          title: figure.title, xLabel: figure.xLabel, yLabel: figure.yLabel,
          lines: figure.series.map { LineChart.Line(name: $0.name, points: $0.points) })
      })
  }

  /// Rows and the data of the diagrams.
  static func json(_ reports: [StudyReport], version: String) -> JSONValue {
    .members([
      "schema": "plumb.study/1", "version": .string(version), "studies": .array(reports.map(json)),
    ])
  }

  private static func json(_ report: StudyReport) -> JSONValue {
    .members([
      "name": .string(report.name), "paper": .string(report.paper), "seed": .unsigned(report.seed),
      "quick": .bool(report.isQuick), "failures": .integer(report.failures),
      "rows": .array(
        report.rows.map { row in
          .members([
            "row": .string(row.id), "check": .string(row.check), "value": .number(row.value),
            "expected": .string(text(row.expectation)), "outcome": .string(row.outcome.rawValue),
          ])
        }),
      "figures": .array(
        report.figures.map { figure in
          .members([
            "title": .string(figure.title), "x": .string(figure.xLabel), "y": .string(figure.yLabel),
            "series": .array(
              figure.series.map { series in
                .members([
                  "name": .string(series.name),
                  "points": .array(series.points.map { .array([.number($0.x), .number($0.y)]) }),
                ])
              }),
          ])
        }),
    ])
  }
}
