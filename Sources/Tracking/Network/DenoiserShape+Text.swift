import Networks

/// Shapes as the notes of weight files hold them: `channels=64 blocks=4 … remembers=1`.
extension DenoiserShape {
  /// A value of a shape in its text.
  private struct Field: Sendable {
    let name: String
    let text: @Sendable (DenoiserShape) -> String
    /// Sets the value; false where the text says none.
    let read: @Sendable (inout DenoiserShape, String) -> Bool

    static func number(_ name: String, _ place: WritableKeyPath<DenoiserShape, Int> & Sendable) -> Field {
      Field(name: name, text: { "\($0[keyPath: place])" }) { shape, text in
        guard let value = Int(text) else { return false }
        shape[keyPath: place] = value
        return true
      }
    }

    static func choice(_ name: String, _ place: WritableKeyPath<DenoiserShape, Bool> & Sendable) -> Field {
      Field(name: name, text: { $0[keyPath: place] ? "1" : "0" }) { shape, text in
        guard text == "0" || text == "1" else { return false }
        shape[keyPath: place] = text == "1"
        return true
      }
    }

    static func name<Value: RawRepresentable<String> & Sendable>(
      _ name: String, _ place: WritableKeyPath<DenoiserShape, Value> & Sendable
    ) -> Field {
      Field(name: name, text: { $0[keyPath: place].rawValue }) { shape, text in
        guard let value = Value(rawValue: text) else { return false }
        shape[keyPath: place] = value
        return true
      }
    }
  }

  /// The values of every text.
  private static let fields: [Field] = [
    .number("channels", \.channels), .number("blocks", \.blocks), .number("heads", \.heads),
    .number("refinements", \.refinements), .number("pointChannels", \.pointChannels),
    .number("searchTokens", \.searchTokens), .number("templateTokens", \.templateTokens),
    .number("searchPoints", \.searchPoints), .number("templatePoints", \.templatePoints),
    .choice("subtractsNoise", \.subtractsNoise), .choice("attendsInBlocks", \.attendsInBlocks),
    .choice("remembers", \.remembers), .choice("sharesNoise", \.sharesNoise),
  ]
  /// Values that stand in a text only where they are not those of ``tiny``: they are younger than the first weights.
  private static let laterFields: [Field] = [
    .name("kernel", \.kernel), .name("denoising", \.denoising),
  ]

  /// All values.
  public var text: String {
    let later = Self.laterFields.filter { $0.text(self) != $0.text(.tiny) }
    return (Self.fields + later).map { "\($0.name)=\($0.text(self))" }.joined(separator: " ")
  }

  /// A shape from its text; nil where a value is missing, unknown, given twice or out of range.
  public init?(text: String) {
    self = .tiny
    var left = Self.fields + Self.laterFields
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=")
      guard parts.count == 2, let place = left.firstIndex(where: { $0.name == parts[0] }) else { return nil }
      guard left.remove(at: place).read(&self, String(parts[1])) else { return nil }
    }
    guard left.allSatisfy({ field in Self.laterFields.contains { $0.name == field.name } }), isBuildable else {
      return nil
    }
  }
}
