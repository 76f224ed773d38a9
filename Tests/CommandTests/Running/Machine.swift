import Foundation

/// What the machine that runs the tests allows.
enum Machine {
  /// Whether a test can run the command without the rights of root: by setpriv, and the binary can be reached.
  static let canDropRights: Bool = {
    guard getuid() == 0 else {
      print("SKIPPED: rows 3 and 72 about permissions need root to become another user")
      return false
    }
    let outcome = try? Command(arguments: ["--version"], asNobody: true).run()
    if outcome?.exit != 0 {
      print("SKIPPED: rows 3 and 72 about permissions: setpriv is absent or nobody may not run \(Binary.path)")
    }
    return outcome?.exit == 0
  }()

  /// Runs a system command without a shell; whether it succeeded.
  static func succeeds(_ path: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// Writes both clouds of a pair into a folder and returns their paths.
func writePair(_ folder: TemporaryFolder, _ pair: Pair = .small) throws -> [String] {
  [try folder.write("source.ply", pair.sourceFile), try folder.write("target.ply", pair.targetFile)]
}

/// Registers two clouds given as points in binary PLY files and returns the outcome with its parsed result.
func register(
  _ source: [SIMD3<Double>], _ target: [SIMD3<Double>], scalar: String = "float", options: [String] = []
) throws -> (outcome: Outcome, report: RegisterReport?) {
  try TemporaryFolder.with { folder in
    var (a, b) = (PLY(source), PLY(target))
    (a.scalar, b.scalar) = (scalar, scalar)
    let files = [try folder.write("source.ply", a.bytes), try folder.write("target.ply", b.bytes)]
    let outcome = try Command(arguments: ["register"] + files + ["--json"] + options).run()
    return (outcome, RegisterReport(outcome.output))
  }
}
