import Registration

/// One row of the ablation: the settings of a registration with a name.
struct AblationVariant {
  let name: String
  let settings: Registrar.Settings

  /// The pipeline without the tree, with consensus in place of transport, with the default tree, and the paper's tree in full,
  /// then with one part less in every row.
  static let all: [AblationVariant] = {
    func paper(_ name: String, _ change: (inout TransportTree.Settings) -> Void = { _ in }) -> AblationVariant {
      var settings = Registrar.Settings()
      (settings.tree, settings.transportTree.depth) = (.paper, 2)
      change(&settings.transportTree)
      return AblationVariant(name: name, settings: settings)
    }
    return [
      AblationVariant(name: "no tree, cliques alone", settings: with(.off)),
      AblationVariant(name: "consensus tree", settings: with(.consensus)),
      AblationVariant(name: "paper: one level (default)", settings: Registrar.Settings()),
      paper("paper: full tree, consensus overlap scores"),
      paper("plain Sinkhorn distance") { $0.distance = .plain },
      paper("no filtering") { $0.filters = false },
      paper("no overlap-aware marginals") { $0.weighsByOverlap = false },
      paper("neither") { ($0.filters, $0.weighsByOverlap) = (false, false) },
      paper("descriptor-only overlap scores") { ($0.overlap, $0.affinity) = (.descriptors, .descriptors) },
      paper("descriptors as the affinity") { $0.affinity = .descriptors },
      paper("depth 0 (no tree, all coarse matches)") { $0.depth = 0 },
    ]
  }()

  /// The rows of which recall without free space is measured too.
  static let withoutFreeSpace: [AblationVariant] = all.prefix(3).map {
    var settings = $0.settings
    settings.ranksByFreeSpace = false
    return AblationVariant(name: $0.name, settings: settings)
  }

  /// Where the default stands: times are relative to its own.
  static let standard = 2

  private static func with(_ tree: Registrar.Settings.Tree) -> Registrar.Settings {
    var settings = Registrar.Settings()
    settings.tree = tree
    return settings
  }
}
