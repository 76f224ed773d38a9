import Registration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One line of evidence: `list;related;right;verdict;` and the numbers of a ``PoseEvidence``.
struct EvidenceRow: CustomStringConvertible {
  let list: String
  /// Whether the two scans are of one place.
  let isRelated: Bool
  let isRight: Bool
  let verdict: Verdict
  let evidence: PoseEvidence

  /// The names of the columns.
  static let header =
    "list;related;right;verdict;score;margin;inliers;matches;violation;residual;regions;off_planes;deviation"

  /// The line, without its end.
  var description: String {
    let e = evidence
    return
      "\(list);\(isRelated ? 1 : 0);\(isRight ? 1 : 0);\(verdict.rawValue);\(e.score);\(e.margin.map { "\($0)" } ?? "");"
      + "\(e.inliers);\(e.matches);\(e.violation);\(e.residual);\(e.regions);\(e.offPlanes);\(e.deviation)"
  }

  /// The rows of a file.
  static func read(_ path: String) -> [EvidenceRow] {
    guard let file = fopen(path, "r") else { fail("\(path): cannot be opened") }
    defer { fclose(file) }
    var (rows, number): ([EvidenceRow], Int) = ([], 0)
    while let line = readLine(from: file) {
      number += 1
      if line == header { continue }
      guard let row = EvidenceRow(line) else { fail("\(path) line \(number): not a line of `Benchmarks evidence`") }
      rows.append(row)
    }
    return rows
  }

  private static func readLine(from file: UnsafeMutablePointer<FILE>) -> String? {
    var (text, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    defer { free(text) }
    let length = getline(&text, &capacity, file)
    guard length > 0, let text else { return nil }
    if text[length - 1] == 10 { text[length - 1] = 0 }
    return String(cString: text)
  }
}

extension EvidenceRow {
  /// The row of a line; nil where it is none.
  init?(_ line: String) {
    let parts = line.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == 13, let verdict = Verdict(rawValue: String(parts[3])), let score = Double(parts[4]),
      let inliers = Int(parts[6]), let matches = Int(parts[7]), let violation = Double(parts[8]),
      let residual = Double(parts[9]), let regions = Int(parts[10]), let offPlanes = Double(parts[11]),
      let deviation = Double(parts[12]),
      parts[5].isEmpty || Double(parts[5]) != nil
    else { return nil }
    self.init(
      list: String(parts[0]), isRelated: parts[1] == "1", isRight: parts[2] == "1", verdict: verdict,
      evidence: PoseEvidence(
        score: score, margin: Double(parts[5]), inliers: inliers, matches: matches, violation: violation,
        residual: residual, regions: regions, offPlanes: offPlanes, deviation: deviation))
  }
}
