import Geometry
import PointClouds

/// The ground truth of one scene in the form of 3DMatch: gt.log, and gt.info and gt_overlap.log where they are given.
struct MatchTruth {
  /// One pair of the log.
  struct Pair {
    var first: Int
    var second: Int
    /// From the second cloud to the first.
    var firstFromSecond: RigidTransform
    var information: InformationMatrix?
    var overlap: Double?
  }

  /// The pairs, in the order of the log.
  var pairs: [Pair] = []
  /// Whether there is a gt.info.
  var hasInformation = false

  /// Reads the files of a folder.
  /// - Throws: ``CloudFileError`` that names file and line; a pair that is there twice or is no rigid motion is an error.
  init(_ folder: String) throws(CloudFileError) {
    let log = try MatchLog(folder + "/gt.log")
    let information = try MatchTruth.information(folder + "/gt.info")
    let overlaps = try MatchTruth.overlaps(folder + "/gt_overlap.log")
    hasInformation = information != nil
    var seen: [PairNumbers: Int] = [:]
    for entry in log.entries {
      let numbers = PairNumbers(first: entry.first, second: entry.second)
      if let line = seen.updateValue(entry.line.number, forKey: numbers) {
        throw log.records.error(entry.line, "pair \(entry.first) \(entry.second) is on line \(line) already")
      }
      do throws(NotARigidMotion) {
        pairs.append(
          Pair(
            first: entry.first, second: entry.second, firstFromSecond: try RigidTransform(rowMajor: entry.matrix),
            information: information?[numbers], overlap: overlaps[numbers]))
      } catch {
        throw log.records.error(entry.line, "the matrix of pair \(entry.first) \(entry.second): \(error)")
      }
    }
  }

  /// The information matrices of gt.info; nil without the file.
  private static func information(_ path: String) throws(CloudFileError) -> [PairNumbers: InformationMatrix]? {
    guard FolderListing.isFile(path) else { return nil }
    let records = try TextRecords(lenient: path, expected: "a list of information matrices")
    var matrices: [PairNumbers: InformationMatrix] = [:]
    for block in try MatchLog.blocks(of: records, rows: 6, columns: 6) {
      guard block.numbers.allSatisfy(\.isFinite), block.numbers[0] > 0 else {
        throw records.error(
          block.line, "the matrix of pair \(block.first) \(block.second) is not finite or counts no correspondence")
      }
      matrices[PairNumbers(first: block.first, second: block.second)] = InformationMatrix(block.numbers)
    }
    return matrices
  }

  /// The overlaps of gt_overlap.log, rows `i,j,overlap`; none without the file.
  private static func overlaps(_ path: String) throws(CloudFileError) -> [PairNumbers: Double] {
    guard FolderListing.isFile(path) else { return [:] }
    let bytes: [UInt8]
    do throws(CloudFileError) {
      bytes = try SmallFile.read(path, limit: 64 << 20, expected: "a list of overlaps")
    } catch {
      if error.kind == .empty { return [:] }
      throw error
    }
    let records = TextRecords(text: String(decoding: bytes, as: UTF8.self), path: path, separator: ",")
    var overlaps: [PairNumbers: Double] = [:]
    for line in records.lines {
      guard line.words.count == 3 else {
        throw records.error(line, "\(line.words.count) values, i,j,overlap are expected")
      }
      let numbers = PairNumbers(first: try records.integer(line, 0), second: try records.integer(line, 1))
      overlaps[numbers] = try records.finite(line, 2)
    }
    return overlaps
  }
}

/// The numbers of two clouds in their scene.
struct PairNumbers: Hashable {
  var first: Int
  var second: Int
}
