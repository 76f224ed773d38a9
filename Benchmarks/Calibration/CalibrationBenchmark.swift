import Geometry
import PointClouds
import Registration
import Simulation

/// Whether the covariance of `register --covariance` is as large as the errors of the poses that it belongs to.
///
/// Both scans of a pair are simulated with their sensor's noise from their own places, registered from scratch, and the pose
/// is held against the truth. Poses that are wrong altogether (3 degrees, 2 voxels) have no place in a Gaussian and are
/// counted apart.
struct CalibrationBenchmark {
  private let pairs: Int
  private let seed: Int
  private let only: String
  private let variationalEvery: Int

  init(_ arguments: Arguments) {
    pairs = arguments.integer("pairs", 30)
    seed = arguments.integer("seed", 5001)
    only = arguments.text("only", "")
    variationalEvery = max(1, arguments.integer("variational-every", 1))
  }

  func run() {
    print(
      "| family | pairs | wrong | no number | Laplace: NEES/6 | median | within 95 % | variational: NEES/6 | median | within 95 % |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    var all = (count: 0, wrong: 0, open: 0, laplace: CalibrationTally(), variational: CalibrationTally())
    for (k, family) in CalibrationFamily.all.enumerated() where only.isEmpty || family.name.hasPrefix(only) {
      let found = measure(family, seed: seed + 1000 * k)
      row(family.name, pairs, found)
      all.count += pairs
      (all.wrong, all.open) = (all.wrong + found.wrong, all.open + found.open)
      (all.laplace, all.variational) = (all.laplace + found.laplace, all.variational + found.variational)
    }
    row("all", all.count, (all.wrong, all.open, all.laplace, all.variational))
    // Covariances that rest on fewer say themselves that they are not calibrated.
    let patches = PoseCovariance.calibratedPatches
    let rest = (all.laplace.resting(on: patches), all.variational.resting(on: patches))
    row("all that rest on \(Int(patches)) patches", rest.0.values.count, (0, 0, rest.0, rest.1))
  }

  private typealias Found = (wrong: Int, open: Int, laplace: CalibrationTally, variational: CalibrationTally)

  private func row(_ name: String, _ pairs: Int, _ found: Found) {
    let cells = [name, "\(pairs)", "\(found.wrong)", "\(found.open)"] + found.laplace.cells + found.variational.cells
    print("| \(cells.joined(separator: " | ")) |")
  }

  private func measure(_ family: CalibrationFamily, seed: Int) -> Found {
    var found: Found = (0, 0, CalibrationTally(), CalibrationTally())
    for k in 0..<pairs {
      let pair = SimulatedPair(family.kind, seed: UInt64(seed + k), settings: family.settings)
      do throws(RegistrationError) {
        let scans = (try PreparedScan(pair.source, name: "source"), try PreparedScan(pair.target, name: "target"))
        var settings = Registrar.Settings()
        settings.covariance = .laplace
        let result = try Registrar(settings: settings)(source: scans.0, target: scans.1)
        guard isRight(result, pair) else {
          found.wrong += 1
          continue
        }
        guard found.laplace.add(result, truth: pair.targetFromSource) else {
          found.open += 1
          continue
        }
        guard k % variationalEvery == 0 else { continue }
        settings.covariance = .variational
        let other = try Registrar(settings: settings)(source: scans.0, target: scans.1)
        _ = found.variational.add(other, truth: pair.targetFromSource)
      } catch {
        fail("\(family.name), seed \(seed + k): \(error)")
      }
    }
    return found
  }

  private func isRight(_ result: RegistrationResult, _ pair: SimulatedPair) -> Bool {
    let (found, truth) = (result.targetFromSource, pair.targetFromSource)
    let center = pair.source.boundingBox.center
    return (truth.rotation.inverse * found.rotation).angleDegrees < 3
      && (truth(center) - found(center)).length < 2 * result.voxel
  }
}
