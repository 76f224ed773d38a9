import Geometry

/// A benchmark that was read: what there is to do and what is true. No cloud is opened for it.
public struct Benchmark: Sendable {
  /// How it lies on the disk.
  public var layout: Layout
  /// The folder or file, as it was named.
  public var root: String
  /// Why this layout was recognised, for people: `'*/gt.log' beside 'cloud_bin_*.ply'`.
  public var reason: String
  /// What is to be done, in the order of the benchmark.
  public var work: Work
  /// What is worth knowing and no error, such as frames that the benchmark lacks.
  public var notes: [String]

  /// The items of a benchmark: all of one kind.
  public enum Work: Sendable {
    /// Pairs of clouds with their true pose.
    case pairs([PairItem])
    /// Objects to be followed through a sequence.
    case tracklets([TrackletItem])
  }

  /// A benchmark with its items.
  public init(layout: Layout, root: String, reason: String, work: Work, notes: [String] = []) {
    self.layout = layout
    self.root = root
    self.reason = reason
    self.work = work
    self.notes = notes
  }

  /// How many items there are.
  public var count: Int {
    switch work {
    case .pairs(let items): items.count
    case .tracklets(let items): items.count
    }
  }
}

/// Where the points of one cloud come from.
public struct CloudReference: Hashable, Sendable {
  /// The file.
  public var path: String
  /// Which part of the file, and what is done to it; nil for the whole file as it is.
  public var part: Part?

  /// A cloud that is cut from a model of an HDF5 file (ModelNet).
  public struct Part: Hashable, Sendable {
    /// The model's row in the file.
    public var row: Int
    /// Seed of everything that is drawn for the pair.
    public var seed: UInt32
    /// Which of the two clouds of the pair this is.
    public var isSource: Bool
    /// The share of the points that the crop keeps: 0.7 for ModelNet, 0.5 for ModelLoNet.
    public var keptShare: Double

    /// A part of a file.
    public init(row: Int, seed: UInt32, isSource: Bool, keptShare: Double) {
      self.row = row
      self.seed = seed
      self.isSource = isSource
      self.keptShare = keptShare
    }
  }

  /// A cloud of a file.
  public init(path: String, part: Part? = nil) {
    self.path = path
    self.part = part
  }
}

/// One pair of a benchmark.
public struct PairItem: Sendable {
  /// Unique and stable in the benchmark, fit for a file name once `/` is replaced: `3DLoMatch/hotel_1/0-11`.
  public var id: String
  /// The table that the pair belongs to, never mixed with another: `3DMatch`, `3DLoMatch`, `KITTI`, `pairs`.
  public var list: String
  /// The scene or sequence; an empty text where there is none.
  public var scene: String
  /// The numbers of the two clouds in their scene, (i, j) as the ground truth writes them; the line for pairs lists.
  public var numbers: (first: Int, second: Int)
  /// The cloud that is moved. In logs of 3DMatch that is the second of the two, j.
  public var source: CloudReference
  /// The cloud that stands still.
  public var target: CloudReference
  /// Where the pair is written down, for messages: `pairs.txt line 17`; nil where the folder itself tells.
  public var place: String?
  /// The names under which a pairs list knows source and target; nil elsewhere.
  public var names: (source: String, target: String)?
  /// The true pose, source to target; nil where the benchmark has none.
  public var truth: RigidTransform?
  /// The information matrix of gt.info; nil where there is none.
  public var information: InformationMatrix?
  /// The share of the common surface, from the benchmark; nil where it is not given.
  public var overlap: Double?
  /// The diameter of the object, metres, for errors relative to it; nil where it is not given.
  public var diameter: Double?
  /// Whether the two fragments follow each other; some protocols leave such pairs out.
  public var isConsecutive: Bool { numbers.second - numbers.first == 1 }

  /// A pair with what is known of it.
  public init(
    id: String, list: String, scene: String, numbers: (first: Int, second: Int), source: CloudReference,
    target: CloudReference, place: String? = nil, names: (source: String, target: String)? = nil,
    truth: RigidTransform? = nil,
    information: InformationMatrix? = nil, overlap: Double? = nil, diameter: Double? = nil
  ) {
    self.id = id
    self.list = list
    self.scene = scene
    self.numbers = numbers
    self.source = source
    self.target = target
    self.place = place
    self.names = names
    self.truth = truth
    self.information = information
    self.overlap = overlap
    self.diameter = diameter
  }
}

/// The 6x6 information matrix of gt.info: Λ = Σ GᵀG over true correspondences, G = [I | -[p]x], in the order
/// [translation; rotation], p in the frame of the target (the first fragment).
public struct InformationMatrix: Sendable, Equatable {
  /// The 36 entries, row by row.
  public var entries: [Double]

  /// A matrix of 36 entries, row by row; a precondition holds their number.
  public init(_ entries: [Double]) {
    precondition(entries.count == 36, "\(entries.count) entries, 36 expected")
    self.entries = entries
  }

  /// The entry at a row and a column, from 0.
  public subscript(row: Int, column: Int) -> Double { entries[6 * row + column] }
}

/// One object that is followed through a sequence from its first box.
public struct TrackletItem: Sendable {
  /// Unique and stable in the benchmark: `0019/12`.
  public var id: String
  /// The sequence.
  public var sequence: String
  /// The object's number in the sequence.
  public var track: Int
  /// The object's class: Car, Pedestrian, Van, Cyclist, …
  public var category: String
  /// The frames in which it is labelled, ascending, with the true boxes in the scanner's frame.
  public var frames: [Frame]

  /// One labelled frame.
  public struct Frame: Sendable {
    /// The frame's number.
    public var number: Int
    /// The scan; nil where the benchmark lacks the file (an empty cloud stands in).
    public var cloud: CloudReference?
    /// The true box.
    public var box: Box3

    /// A frame with its scan and its box.
    public init(number: Int, cloud: CloudReference?, box: Box3) {
      self.number = number
      self.cloud = cloud
      self.box = box
    }
  }

  /// An object with its frames.
  public init(id: String, sequence: String, track: Int, category: String, frames: [Frame]) {
    self.id = id
    self.sequence = sequence
    self.track = track
    self.category = category
    self.frames = frames
  }
}
