/// The published protocols for pairs of clouds, by name. Their figures are never mixed in a table.
public enum PairProtocol: String, CaseIterable, Sendable {
  /// Registration recall of 3DMatch, "protocol A" (Predator, GeoTransformer): information-matrix RMSE of at most 0.2 m over
  /// pairs that do not follow each other, mean over the scenes.
  case match3DA = "3dmatch-a"
  /// "Protocol B" (DGR, PointDSC, SC²-PCR, MAC): 15 degrees and 30 cm over all pairs, mean over the pairs.
  case match3DB = "3dmatch-b"
  /// KITTI odometry: 5 degrees and 2 m.
  case kitti2m = "kitti-5deg-2m"
  /// KITTI odometry: 5 degrees and 60 cm.
  case kitti60cm = "kitti-5deg-60cm"
  /// ETH: 2 degrees and 0.3 m over all pairs.
  case eth = "eth"
  /// ModelNet as RPMNet reports it: mean errors, no recall.
  case rpmnet = "rpmnet"
  /// Objects of known size: 5 degrees and 5 % of the diameter, taken at the source's centroid.
  case objects = "objects"
  /// Any pairs with a true pose: the bounds of the published protocols side by side, 15 degrees and 30 cm first.
  case generic = "generic"

  /// The protocol in words.
  public var title: String {
    switch self {
    case .match3DA: "protocol A"
    case .match3DB: "protocol B"
    case .kitti2m, .kitti60cm: "odometry pairs"
    case .eth: "laser scans"
    case .rpmnet: "RPMNet metrics"
    case .objects: "objects of known size"
    case .generic: "pose errors"
    }
  }

  /// The criteria, the one that decides first; none for ``rpmnet``.
  public var criteria: [PairCriterion] {
    let kitti = [(5.0, 2.0), (5, 0.6), (1.5, 0.6), (1, 0.3)].map { degrees, metres in
      PairCriterion.pose(degrees: degrees, metres: metres, isStrict: true)
    }
    return switch self {
    case .match3DA: [.rmse(0.2)]
    case .match3DB: [.pose(degrees: 15, metres: 0.3, isStrict: false)]
    case .kitti2m: kitti
    case .kitti60cm: [kitti[1], kitti[0], kitti[2], kitti[3]]
    case .eth: [.pose(degrees: 2, metres: 0.3, isStrict: true)]
    case .rpmnet: []
    case .objects: [(5.0, 0.05), (10, 0.10), (2, 0.02)].map { .object(degrees: $0, diameterShare: $1) }
    case .generic: [.pose(degrees: 15, metres: 0.3, isStrict: false), kitti[0], kitti[1], kitti[3]]
    }
  }

  /// Whether the protocol can judge a benchmark of this layout.
  public func fits(_ layout: Layout) -> Bool {
    switch self {
    case .match3DA, .match3DB: layout == .match3D
    case .kitti2m, .kitti60cm: layout == .odometry
    case .eth: layout == .eth
    case .rpmnet: layout == .modelNet
    case .objects: layout == .pairs
    case .generic: [.match3D, .odometry, .eth, .modelNet, .pairs].contains(layout)
    }
  }

  /// The protocol of a benchmark unless another is asked for; nil for layouts without pairs. Pairs lists that state the
  /// diameter of every object are judged as objects.
  public static func standard(for layout: Layout, _ items: [PairItem]) -> PairProtocol? {
    switch layout {
    case .match3D: items.contains { $0.information != nil } ? .match3DA : .match3DB
    case .odometry: .kitti2m
    case .eth: .eth
    case .modelNet: .rpmnet
    case .pairs: !items.isEmpty && items.allSatisfy { $0.diameter != nil } ? .objects : .generic
    case .tracking, .sequence, .trajectory: nil
    }
  }

  /// Whether pairs of fragments that follow each other are left out.
  var leavesOutConsecutive: Bool { self == .match3DA }

  /// Whether the mean over the scenes is a figure of the protocol.
  var hasSceneMean: Bool { self == .match3DA || self == .eth }

  /// Whether inlier ratio and feature-matching recall, which count matches within 10 cm, are figures of the protocol.
  var countsMatches: Bool { self == .match3DA || self == .match3DB || self == .eth }

  /// What the scenes of a benchmark are called.
  var sceneWord: String { self == .kitti2m || self == .kitti60cm ? "sequence" : "scene" }

  /// Decimals of RRE in degrees and of RTE.
  var decimals: (rotation: Int, translation: Int) {
    self == .match3DA || self == .match3DB ? (2, 3) : (3, 4)
  }
}

/// An estimate for a pair that the list does not hold.
public struct ExtraEstimate: Sendable, Equatable {
  /// The list that was scored.
  public var list: String
  /// The scene.
  public var scene: String
  /// The number of the first cloud.
  public var first: Int
  /// The number of the second cloud.
  public var second: Int

  /// An estimate with its place.
  public init(list: String, scene: String, first: Int, second: Int) {
    self.list = list
    self.scene = scene
    self.first = first
    self.second = second
  }
}
