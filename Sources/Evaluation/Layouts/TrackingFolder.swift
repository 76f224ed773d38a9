import Geometry
import PointClouds
import Tracking

/// KITTI tracking: `label_02/NNNN.txt`, `calib/NNNN.txt`, `velodyne/NNNN/NNNNNN.bin` (A. Geiger et al., CVPR 2012).
///
/// One item is all rows of one object, by frame; frames on both sides of a gap are simply adjacent. The papers test on
/// sequences 0019 and 0020 and on the classes Car, Pedestrian, Van and Cyclist. Labels are enough to score results; without
/// calibration and scans the boxes stand in the camera's axes turned upright, which changes no score.
struct TrackingFolder: FoundLayout {
  let layout = Layout.tracking
  let reason: String
  /// The folder that holds `label_02`.
  let base: String
  private let all: [String]

  /// The sequences that papers test on.
  private static let tested = ["0019", "0020"]
  /// The classes of the papers with the number of their labelled frames in the tested sequences.
  private static let published: KeyValuePairs = ["Car": 6424, "Pedestrian": 6088, "Van": 1248, "Cyclist": 308]

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "kitti-tracking" else { return nil }
    for base in [path, path + "/training"] {
      let names = (FolderListing.ifThere(base + "/label_02")?.files ?? []).filter { $0.hasSuffix(".txt") }
        .map { String($0.dropLast(4)) }.filter { $0.count == 4 && Int($0) != nil }
      if names.isEmpty { continue }
      (self.base, all) = (base, names)
      reason = base == path ? "'label_02/NNNN.txt'" : "'training/label_02/NNNN.txt'"
      return
    }
    return nil
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    let isTest = Self.tested.allSatisfy(all.contains)
    let chosen = settings.sequences ?? (isTest ? Self.tested : all)
    if let absent = chosen.first(where: { !all.contains($0) }) {
      throw CloudFileError(
        .missing, "\(base)/label_02/\(absent).txt", "no such sequence (found \(all.joined(separator: ", ")))")
    }
    var (items, notes): ([TrackletItem], [String]) = ([], [])
    if chosen.count < all.count { notes.append("sequences \(chosen.joined(separator: ", ")) of \(all.count)") }
    for sequence in chosen { items += try tracklets(sequence, settings.isRectified, &notes) }
    if isTest, chosen == Self.tested {
      for (category, expected) in Self.published {
        let tracklets = items.filter { $0.category == category }
        let frames = tracklets.reduce(0) { $0 + $1.frames.count }
        notes.append("\(category): \(frames) frames of \(tracklets.count) objects (\(expected) frames are published)")
      }
    }
    return LayoutContents(work: .tracklets(items), notes: notes)
  }

  /// The objects of one sequence, by their numbers.
  private func tracklets(
    _ sequence: String, _ isRectified: Bool, _ notes: inout [String]
  ) throws(CloudFileError) -> [TrackletItem] {
    let file = "\(base)/label_02/\(sequence).txt"
    let folder = "\(base)/velodyne/\(sequence)"
    let scans = FolderListing.ifThere(folder).map { Set($0.files) }
    let calibration = try TrackingFolder.calibration(base, sequence, isNeeded: scans != nil)
    if calibration == nil { notes.append("sequence \(sequence): no calib, boxes stand in the camera's axes") }
    if scans == nil { notes.append("sequence \(sequence): no scans, results can be scored, nothing can be tracked") }
    var objects: [Int: [KITTILabel]] = [:]
    var others: [String: Int] = [:]
    for label in try TrackingFolder.labels(file) {
      if Self.published.contains(where: { $0.key == label.category }) {
        objects[label.track, default: []].append(label)
      } else {
        others[label.category, default: 0] += 1
      }
    }
    if !others.isEmpty {
      let words = others.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
      notes.append("sequence \(sequence): labels of other classes left out: \(words.joined(separator: ", "))")
    }
    var (items, missing): ([TrackletItem], Set<Int>) = ([], [])
    for (track, rows) in objects.sorted(by: { $0.key < $1.key }) {
      let sorted = rows.sorted { $0.frame < $1.frame }
      for (a, b) in zip(sorted, sorted.dropFirst()) where a.frame == b.frame {
        throw CloudFileError(.damaged, file, "object \(track) is labelled twice in frame \(a.frame)")
      }
      if let other = sorted.first(where: { $0.category != sorted[0].category }) {
        throw CloudFileError(
          .damaged, file, "object \(track) is a \(sorted[0].category) and, in frame \(other.frame), a \(other.category)"
        )
      }
      let frames = sorted.map { label in
        let name = TrackingFolder.scanName(label.frame)
        let isThere = scans?.contains(name) ?? false
        if !isThere { missing.insert(label.frame) }
        return TrackletItem.Frame(
          number: label.frame, cloud: isThere ? CloudReference(path: folder + "/" + name) : nil,
          box: (calibration ?? KITTICalibration.upright).box(of: label, isRectified: isRectified))
      }
      items.append(
        TrackletItem(
          id: "\(sequence)/\(track)", sequence: sequence, track: track, category: sorted[0].category, frames: frames))
    }
    if scans != nil, !missing.isEmpty {
      notes.append("sequence \(sequence): no scan of \(missing.count) labelled frames, empty clouds stand in")
    }
    return items
  }

  /// The rows of a label file; none where it is empty.
  static func labels(_ path: String) throws(CloudFileError) -> [KITTILabel] {
    do throws(CloudFileError) { return try KITTILabel.read(path) } catch {
      if error.kind == .empty { return [] }
      throw error
    }
  }

  /// The calibration of a sequence; nil where there is none and none is needed.
  static func calibration(
    _ base: String, _ sequence: String, isNeeded: Bool
  ) throws(CloudFileError) -> KITTICalibration? {
    let file = "\(base)/calib/\(sequence).txt"
    if !isNeeded, !FolderListing.isFile(file) { return nil }
    return try KITTICalibration(file)
  }

  private static func scanName(_ frame: Int) -> String {
    let digits = String(frame)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".bin"
  }
}
