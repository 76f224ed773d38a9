extension TransportTree {
  /// The parts of the paper's tree, each of which can be taken out; the defaults are the paper's, with one level in place of two.
  package struct Settings: Sendable, Equatable {
    /// Where the overlap scores s come from.
    package enum Overlap: String, Sendable, CaseIterable {
      /// The agreement of the patch, see ``PatchHypothesis``.
      case consensus
      /// Descriptors alone.
      case descriptors
    }

    /// What the transport compares children by: S = -C.
    package enum Affinity: String, Sendable, CaseIterable {
      /// The overlap scores: in the paper, too, s and C come from the same features.
      case overlap
      /// How far below the background the distance of the descriptors is, as ``FineMatcher`` has it.
      case descriptors

      /// How much one unit counts.
      var contrast: Float { self == .descriptors ? 5 : 6 }
      /// z: where the dustbin stands. A deviation better than unrelated descriptors, or a third of full overlap.
      package var dustbin: Float { self == .descriptors ? 5 : 2 }
    }

    /// How the children of two nodes are compared.
    package enum Distance: String, Sendable, CaseIterable {
      /// Sinkhorn distance of the children that overlap, with a dustbin (Eq. 6).
      case overlapAware
      /// Sinkhorn distance of all children, the same mass for each, without a dustbin.
      case plain
    }

    /// Where the overlap scores come from.
    package var overlap = Overlap.consensus
    /// What the transport compares.
    package var affinity = Affinity.overlap
    /// How the children of two nodes are compared.
    package var distance = Distance.overlapAware
    /// Whether the dynamic top-k filter is applied; the plain distance knows none.
    package var filters = true
    /// Whether mass follows overlap (Eq. 5), or is the same for all that the filter leaves.
    package var weighsByOverlap = true
    /// How many levels below the superpoints are walked, 0 to 2; 0 keeps all coarse matches. The paper walks two; the second
    /// takes a quarter to a third of the tree's time and no pair has become right by it (docs/benchmarks.md).
    package var depth = 1
    /// q of the filter.
    package var candidates = 16
    /// How many entries of a row, and of a column, are walked on.
    package var mutual = 3
    /// The most pairs of nodes of one coarse match at a level, those with most mass; the paper has no bound.
    package var nodeLimit = 16
    /// C: how many coarse matches are judged.
    package var coarse = 256
    /// The share of the coarse matches that stays.
    package var keptShare: Float = 0.5
    /// How many stay in any case.
    package var keptLeast = 64
    /// The most poses that are handed on.
    package var poses = 64

    /// The defaults.
    package init() {}
  }
}
