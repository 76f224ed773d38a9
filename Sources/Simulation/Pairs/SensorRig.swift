import Geometry
import LinearAlgebra

/// The sensor of a kind of pair, and how its frames become a cloud.
struct SensorRig {
  private enum Sensor {
    case camera(DepthCamera, Fragment?)
    case lidar(SpinningLidar)
  }
  private var sensor: Sensor

  init(_ kind: SimulatedPair.Kind, exact: Bool) {
    var camera = kind == .object ? DepthCamera.objectScanner : DepthCamera()
    var lidar = SpinningLidar()
    lidar.azimuthStepDegrees = 0.4
    if exact {
      camera.noise = nil
      lidar.rangeSigma = 0
    }
    switch kind {
    case .room: sensor = .camera(camera, Fragment())
    case .street: sensor = .lidar(lidar)
    case .object: sensor = .camera(camera, nil)
    }
  }

  /// The same field of view with a few of the rays, to estimate overlap.
  var coarse: SensorRig {
    var rig = self
    switch sensor {
    case .camera(var camera, var fragment):
      camera.width /= 5
      camera.height /= 5
      fragment?.voxel *= 3
      fragment?.minimumPoints = 1
      rig.sensor = .camera(camera, fragment)
    case .lidar(var lidar):
      lidar.azimuthStepDegrees *= 3
      rig.sensor = .lidar(lidar)
    }
    return rig
  }

  /// The cloud in the frame of the first pose.
  func cloud(_ scene: Scene, _ poses: [RigidTransform], seed: UInt64) -> PointCloud {
    var rng = SeededGenerator(seed: seed)
    let seeds = poses.map { _ in rng.next() }
    switch sensor {
    case .camera(let camera, let fragment):
      let scans = zip(poses, seeds).map { camera.scan(scene, worldFromSensor: $0, seed: $1) }
      if let fragment { return fragment(scans) }
      return scans[0].cloud
    case .lidar(let lidar): return lidar.scan(scene, worldFromSensor: poses[0], seed: seeds[0]).cloud
    }
  }
}
