import Geometry
import PointClouds

/// A list of pairs: a file of lines `source target [16 numbers | pose file] [id]`, relative to the list's folder.
///
/// Without ids the two names are the id. A cloud that is missing is no error here: its item names the line. Where
/// `overlap.csv` with columns `pair`, `overlap_src`, `overlap_tgt`, `diameter` lies beside the list, its row k belongs to the
/// k-th pair, from 0; the smaller overlap counts.
struct PairsList: FoundLayout {
  let layout = Layout.pairs
  let reason: String
  private let path: String
  private let folder: String
  private let allowsOutside: Bool
  /// Other lists in the folder, which are not read.
  private var others: [String] = []

  /// The list in a folder.
  init?(folder: String, _ dataset: String?, allowsOutside: Bool) {
    guard dataset == nil || dataset == "pairs" else { return nil }
    let names = ["pairs.txt", "pairs.csv", "pairs.tsv"].filter { FolderListing.isFile(folder + "/" + $0) }
    guard let name = names.first else { return nil }
    self.init(file: folder + "/" + name, allowsOutside: allowsOutside)
    others = Array(names.dropFirst())
  }

  /// A list.
  init(file: String, allowsOutside: Bool) {
    path = file
    let slash = file.lastIndex(of: "/")
    folder = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    reason = "the list '\(slash.map { String(file[file.index(after: $0)...]) } ?? file)'"
    self.allowsOutside = allowsOutside
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    let list = try PairsFile(path)
    guard !list.rows.isEmpty else {
      throw CloudFileError(.damaged, path, "no pair in the list (last line \(lastLine(list)))")
    }
    let details = try PairDetails(folder + "/overlap.csv")
    let place = ListedPath(folder: folder, allowsOutside: allowsOutside)
    var (items, lines): ([PairItem], [String: Int]) = ([], [:])
    for (k, row) in list.rows.enumerated() {
      let id = row.id ?? "\(row.source)~\(row.target)"
      let number = row.line.number
      if let line = lines.updateValue(number, forKey: id) {
        let what = row.id == nil ? "the pair \(row.source) \(row.target)" : "id \(id)"
        throw list.records.error(row.line, "\(what) is on line \(line) already")
      }
      let paths: (source: String, target: String)
      do throws(ListedPath.Refusal) {
        paths = (try place(row.source), try place(row.target))
      } catch {
        throw list.records.error(row.line, error.cause)
      }
      let detail = details?.rows[k]
      items.append(
        PairItem(
          id: id, list: "pairs", scene: "", numbers: (number, number), source: CloudReference(path: paths.source),
          target: CloudReference(path: paths.target), place: "\(name) line \(number)",
          names: (row.source, row.target), truth: try truth(row, list.records, place), overlap: detail?.overlap,
          diameter: detail?.diameter))
    }
    let without = items.count { $0.truth == nil }
    var notes = without == 0 ? [] : ["\(without) of \(items.count) pairs have no true pose"]
    if !others.isEmpty { notes.append("not read: \(others.joined(separator: ", "))") }
    return LayoutContents(work: .pairs(items), notes: notes)
  }

  private var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  private func lastLine(_ list: PairsFile) -> Int { list.records.lines.last?.number ?? 1 }

  private func truth(
    _ row: PairsFile.Row, _ records: TextRecords, _ place: ListedPath
  ) throws(CloudFileError) -> RigidTransform? {
    var numbers = row.numbers
    if let name = row.poseFile {
      let file: String
      do throws(ListedPath.Refusal) { file = try place(name) } catch { throw records.error(row.line, error.cause) }
      if name.lowercased().hasSuffix(".json") {
        throw records.error(row.line, "\(name): poses in JSON are not read in lists; write the 16 numbers")
      }
      let pose: TextRecords
      do throws(CloudFileError) { pose = try TextRecords(file, limit: 1 << 20, expected: "a pose") } catch {
        throw CloudFileError(error.kind, path, "line \(row.line.number): \(error.description)")
      }
      numbers = []
      for line in pose.lines { numbers! += try pose.finiteNumbers(line) }
    }
    guard let numbers else { return nil }
    do throws(NotARigidMotion) { return try RigidTransform(rowMajor: numbers) } catch {
      throw records.error(row.line, "\(row.poseFile.map { "\($0): " } ?? "the pose: ")\(error)")
    }
  }
}

/// What `overlap.csv` beside a pairs list says about its pairs.
private struct PairDetails {
  var rows: [Int: (overlap: Double?, diameter: Double?)] = [:]

  /// Reads the file; nil where there is none or none with a column `pair`.
  init?(_ path: String) throws(CloudFileError) {
    guard FolderListing.isFile(path) else { return nil }
    let records = try TextRecords(path, separator: ",", expected: "a table of overlaps")
    guard let head = records.lines.first, let pair = head.words.firstIndex(of: "pair") else { return nil }
    let diameter = head.words.firstIndex(of: "diameter")
    let overlaps = ["overlap", "overlap_src", "overlap_tgt"].compactMap { head.words.firstIndex(of: $0[...]) }
    for line in records.lines.dropFirst() {
      guard line.words.count == head.words.count else {
        throw records.error(line, "\(line.words.count) columns, \(head.words.count) as in the first line are expected")
      }
      var shares: [Double] = []
      for column in overlaps { shares.append(try records.finite(line, column)) }
      var size: Double?
      if let diameter { size = try records.finite(line, diameter) }
      if let value = size, let diameter, value <= 0 {
        throw records.error(line, diameter, "a diameter must be positive")
      }
      rows[try records.integer(line, pair)] = (shares.min(), size)
    }
  }
}
