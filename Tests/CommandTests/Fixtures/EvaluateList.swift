import Foundation

/// A list of tiny simulated pairs with their true poses.
struct EvaluateList {
  /// How many pairs the list has.
  static let count = 6

  /// The files of the pairs, simulated once: source, target and the numbers of the true pose.
  private static let pairs: [(source: [UInt8], target: [UInt8], truth: String)] = (try? simulated()) ?? []

  private static func simulated() throws -> [(source: [UInt8], target: [UInt8], truth: String)] {
    try TemporaryFolder.with { folder in
      try (1...count).map { seed in
        let outcome = try Command(
          arguments: ["simulate", "object", "--seed", "\(seed)", "--points", "700", "-o", folder("\(seed)")]
        ).run()
        guard outcome.exit == 0 else { throw RunnerError("\(outcome)") }
        let numbers = String(decoding: folder.bytes("\(seed)/object_truth.txt"), as: UTF8.self)
        return (
          folder.bytes("\(seed)/object_source.ply"), folder.bytes("\(seed)/object_target.ply"),
          numbers.split(separator: "\n").joined(separator: " ")
        )
      }
    }
  }

  /// Writes the clouds and a list of the pairs into a folder; the path of the list.
  /// - Parameter extra: lines that are put in front.
  @discardableResult
  static func write(_ folder: TemporaryFolder, extra: [String] = []) throws -> String {
    guard pairs.count == count else { throw RunnerError("plumb simulate failed") }
    var lines = extra
    for (k, pair) in pairs.enumerated() {
      try folder.write("\(k)_source.ply", pair.source)
      try folder.write("\(k)_target.ply", pair.target)
      lines.append("\(k)_source.ply \(k)_target.ply \(pair.truth)")
    }
    return try folder.write("pairs.txt", text: lines.joined(separator: "\n") + "\n")
  }

  /// A pose in 16 numbers.
  static let identity = "1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1"
}

/// Runs `plumb evaluate`.
func evaluate(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
  try Command(arguments: ["evaluate"] + arguments, environment: environment).run()
}
