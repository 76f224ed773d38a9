import Networks

/// Shapes as the notes of weight files hold them: `channels=64 blocks=4 … remembers=1`.
extension DenoiserShape {
  private static let numbers: [(name: String, place: WritableKeyPath<DenoiserShape, Int> & Sendable)] = [
    ("channels", \.channels), ("blocks", \.blocks), ("heads", \.heads), ("refinements", \.refinements),
    ("pointChannels", \.pointChannels), ("searchTokens", \.searchTokens), ("templateTokens", \.templateTokens),
    ("searchPoints", \.searchPoints), ("templatePoints", \.templatePoints),
  ]
  private static let switches: [(name: String, place: WritableKeyPath<DenoiserShape, Bool> & Sendable)] = [
    ("subtractsNoise", \.subtractsNoise), ("attendsInBlocks", \.attendsInBlocks), ("remembers", \.remembers),
    ("sharesNoise", \.sharesNoise),
  ]

  /// All values; the kernel only where it is not softmax.
  public var text: String {
    (Self.numbers.map { "\($0.name)=\(self[keyPath: $0.place])" }
      + Self.switches.map { "\($0.name)=\(self[keyPath: $0.place] ? 1 : 0)" }
      + (kernel == .softmax ? [] : ["kernel=\(kernel.rawValue)"])).joined(separator: " ")
  }

  /// A shape from its text; nil where a value is missing, unknown or out of range.
  public init?(text: String) {
    self = .tiny
    var left = Set(Self.numbers.map(\.name) + Self.switches.map(\.name))
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=")
      if parts.count == 2, parts[0] == "kernel", kernel == .softmax,
        let kernel = AttentionKernel(rawValue: "\(parts[1])")
      {
        self.kernel = kernel
        continue
      }
      guard parts.count == 2, let value = Int(parts[1]), left.remove(String(parts[0])) != nil else { return nil }
      if let number = Self.numbers.first(where: { $0.name == parts[0] }) {
        self[keyPath: number.place] = value
      } else if let choice = Self.switches.first(where: { $0.name == parts[0] }), 0...1 ~= value {
        self[keyPath: choice.place] = value == 1
      } else {
        return nil
      }
    }
    guard left.isEmpty, isBuildable else { return nil }
  }
}
