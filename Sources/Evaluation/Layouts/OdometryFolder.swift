import Geometry
import PointClouds
import Tracking

/// KITTI odometry: `sequences/NN/{velodyne/NNNNNN.bin, calib.txt}`, `poses/NN.txt` (A. Geiger et al., CVPR 2012).
///
/// In every pair (i, j) scan j is the source and scan i the target. Pairs come from `pairs/NN.txt` where that is given.
/// Otherwise they are chosen by distance (see ``OdometryPairs``); of such a pair the earlier scan is the source, as in the
/// published code, so its numbers are written (later, earlier), the order that GeoTransformer uses. The truth is
/// `inv(V_i) V_j` with the scanner's poses `V = inv(Tr) P Tr`, or what `icp/DRIVE_T_U.npy` makes of it.
struct OdometryFolder: FoundLayout {
  let layout = Layout.odometry
  let reason: String
  /// The folder that holds `sequences` and `poses`.
  let base: String
  /// The sequences with poses.
  private let all: [String]
  /// The sequences with a list of pairs.
  private let listed: [String]

  /// The sequences that papers test on.
  private static let tested = ["08", "09", "10"]

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "kitti-odometry" else { return nil }
    for base in [path, path + "/dataset"] {
      let isWithSequences = FolderListing.ifThere(base + "/sequences")?.folders.contains(where: Self.isNumber) ?? false
      guard isWithSequences || dataset != nil else { continue }
      let poses = Self.numbered(base + "/poses")
      if poses.isEmpty { continue }
      self.base = base
      (all, listed) = (poses, Self.numbered(base + "/pairs").filter(poses.contains))
      reason = (isWithSequences ? "'sequences/NN' and " : "") + "'poses/NN.txt'"
      return
    }
    return nil
  }

  private static func isNumber(_ name: String) -> Bool { name.count == 2 && Int(name) != nil }

  /// The two-digit names of the text files in a folder.
  private static func numbered(_ folder: String) -> [String] {
    (FolderListing.ifThere(folder)?.files ?? []).filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
      .filter(isNumber)
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    let available = listed.isEmpty ? all : listed
    let isTest = listed.isEmpty && Self.tested.allSatisfy(available.contains)
    let chosen = settings.sequences ?? (isTest ? Self.tested : available)
    if let absent = chosen.first(where: { !available.contains($0) }) {
      throw CloudFileError(
        .missing, "\(base)/poses/\(absent).txt", "no such sequence (found \(available.joined(separator: ", ")))")
    }
    var (items, notes): ([PairItem], [String]) = ([], [])
    if chosen.count < all.count {
      notes.append("sequences \(chosen.joined(separator: ", ")) of \(all.joined(separator: ", "))")
    }
    for sequence in chosen {
      let file = try OdometrySequence(base: base, sequence: sequence)
      if !file.isCalibrated { notes.append("sequence \(sequence): no calib.txt, the scanner's usual place is assumed") }
      let pairs = listed.isEmpty ? file.pairsByDistance : try file.pairs(in: "\(base)/pairs/\(sequence).txt")
      var refined = 0
      for (i, j) in pairs where !(isTest && OdometryPairs.isLeftOut(sequence, j, i)) {
        let (truth, isRefined) =
          try listed.isEmpty ? file.refinedTruth(i, j, settings.odometryTruth) : (file.truth(i, j), false)
        refined += isRefined ? 1 : 0
        items.append(
          PairItem(
            id: "\(sequence)/\(i)-\(j)", list: "KITTI", scene: sequence, numbers: (i, j), source: file.cloud(j),
            target: file.cloud(i), truth: truth))
      }
      if refined > 0, refined < pairs.count {
        notes.append(
          "sequence \(sequence): only \(refined) of \(pairs.count) pairs have a refined truth icp/\(sequence)_….npy")
      } else if refined > 0 {
        notes.append(
          "sequence \(sequence): truth refined by ICP, composed as \(settings.odometryTruth == .published ? "M·reg (published)" : "reg·M (exact)")"
        )
      }
    }
    if isTest, settings.sequences == nil {
      notes.append("\(items.count) pairs of the 10 m protocol (555 are published)")
    }
    return LayoutContents(work: .pairs(items), notes: notes)
  }
}
