import Geometry
import Solvers

extension Registrar {
  /// What a user may decide; the defaults need no tuning.
  public struct Settings: Sendable, Equatable {
    /// Where the search for the pose begins.
    public enum Method: String, Sendable, CaseIterable {
      /// Local where an initial pose is given, global otherwise.
      case auto
      /// From scratch; an initial pose is ignored.
      case global
      /// From the initial pose (the identity unless given) by refinement alone.
      case local
    }

    /// How much work is spent.
    public enum Quality: String, Sendable, CaseIterable {
      /// Half the points, a third of the hypotheses.
      case fast
      /// The measured compromise.
      case normal
      /// Twice the points, three times the hypotheses.
      case best

      /// Voxels that a cloud should fill.
      var voxels: Double {
        switch self {
        case .fast: 3000
        case .normal: 6000
        case .best: 12000
        }
      }

      /// Cliques grown and poses checked.
      var effort: (cliques: Int, poses: Int) {
        switch self {
        case .fast: (100, 32)
        case .normal: (300, 64)
        case .best: (900, 300)
        }
      }
    }

    /// What the surroundings of keypoints are compared by.
    public enum Descriptor: String, Sendable, CaseIterable {
      /// Histograms as they are: nothing in them was fitted to data.
      case fixed
      /// Histograms reduced by the map that comes with Plumb, see ``DescriptorMap/shipped``.
      case mapped
    }

    /// Whether coarse matches are judged by the trees below them, see `SinkhornTree` and `TransportTree`.
    public enum Tree: String, Sendable, CaseIterable {
      /// The patches of coarse matches bring hypotheses, ordered by the overlap in their trees.
      case consensus
      /// The tree of the paper with optimal transport: the coarse matches that it keeps are matched finely and bring
      /// hypotheses.
      case paper
      /// Hypotheses come from the matches of all keypoints alone.
      case off
    }

    /// Whether colour or intensity helps where both clouds have it.
    public enum ColorUse: String, Sendable, CaseIterable {
      /// Shape alone decides.
      case off
      /// Used where both clouds have it.
      case auto
      /// Used; a cloud without it is an error.
      case on
    }

    /// Whether the source may be scaled.
    public enum Scale: Sendable, Equatable {
      /// Both clouds are as large as they say.
      case off
      /// The scale is estimated, within a range.
      case estimate(ClosedRange<Double>)
      /// The source is converted by the ratio of two units where that fits the target, see ``UnitRatio``.
      case units

      /// The range of scales unless another is given: a millimetre to a metre, and back.
      public static let defaultRange = 1e-3...1e3
    }

    /// Where the search begins.
    public var method = Method.auto
    /// How much work is spent.
    public var quality = Quality.normal
    /// What keypoints are compared by.
    public var descriptor = Descriptor.mapped
    /// Whether the tree brings hypotheses.
    public var tree = Tree.paper
    /// Edge of the working voxel, metres; chosen from both clouds when nil.
    public var voxel: Double?
    /// An initial guess of the pose that maps source to target, in true coordinates.
    public var initial: RigidTransform?
    /// Largest distance of corresponding points in the refinement, metres; 3 voxels, then 1.5 when nil.
    public var maximumCorrespondence: Double?
    /// The motions that may be found.
    public var motion = MotionModel.rigid
    /// Whether the source may be scaled.
    public var scale = Scale.off
    /// Whether colour or intensity helps.
    public var color = ColorUse.off
    /// Largest rotation of the pose, degrees; none when nil.
    public var maximumRotation: Double?
    /// Largest distance that the pose moves the mean of the source's points, metres; none when nil.
    public var maximumDisplacement: Double?
    /// Least share of a cloud that meets the other, of the cloud where it is larger; not asked for when nil.
    public var minimumOverlap: Double?
    /// Whether the result says how far the pose may err.
    public var covariance = Covariance.off
    /// Seed of everything random: the samples of ``Covariance/variational``. It is part of every result's name.
    public var seed: UInt64 = 1

    /// The parts of the paper's tree, for ``Tree/paper``.
    package var transportTree = TransportTree.Settings()
    /// Whether free space counts in the ranking of hypotheses; the verdict looks at it in any case.
    package var ranksByFreeSpace = true

    /// The defaults.
    public init() {}

    /// How many numbers describe the motions that may be found.
    public var degreesOfFreedom: Int {
      if case .estimate = scale { motion.rawValue + 1 } else { motion.rawValue }
    }

    /// Whether the registration starts from a given pose.
    var startsLocally: Bool { method == .local || method == .auto && initial != nil }
  }
}
