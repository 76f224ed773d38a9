// swift-tools-version: 6.1
import PackageDescription

// An arrow between modules is one line here, and every arrow points down (see README, "Map").
let package = Package(
  name: "Plumb",
  products: [
    .library(name: "Geometry", targets: ["Geometry"]),
    .library(name: "PointClouds", targets: ["PointClouds"]),
    .library(name: "Registration", targets: ["Registration"]),
    .executable(name: "plumb", targets: ["Tools"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // System libraries and the C++ that stands behind a C header.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPCLSystem", pkgConfig: "pcl_common", providers: [.apt(["libpcl-dev"])]),
    .target(
      name: "CPCL", dependencies: ["CPCLSystem"],
      linkerSettings: [.linkedLibrary("pcl_io"), .linkedLibrary("lz4")]),

    .target(name: "CWeights", exclude: ["include/tracker-s.safetensors", "include/tracker-t.safetensors"]),

    // 0: values and the two things every floor needs.
    .target(name: "Geometry"),
    .target(name: "Parallelism"),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"]),

    // 1: clouds, optimizers, simulated worlds, pictures.
    .target(name: "PointClouds", dependencies: ["Geometry", "Parallelism", "CPCL", "CCrypto"]),
    .target(name: "Solvers", dependencies: ["Geometry", "LinearAlgebra", "Parallelism"]),
    .target(name: "Networks", dependencies: ["LinearAlgebra", "Parallelism"]),
    .target(name: "Simulation", dependencies: ["Geometry", "LinearAlgebra", "Parallelism"]),
    .target(
      name: "Rendering", dependencies: ["Geometry", "CPNG"],
      resources: ["page.css", "drawing.js", "viewer.js"].map { .embedInCode("Pages/Assets/\($0)") }),

    // 2: two clouds in, one pose out; a sequence and a box in, boxes out.
    .target(
      name: "Registration", dependencies: ["PointClouds", "Solvers", "LinearAlgebra"],
      resources: [.embedInCode("Features/Maps/shipped.map")]),

    .target(name: "Tracking", dependencies: ["PointClouds", "Solvers", "Networks", "CWeights"]),

    // 2: the experiments of papers as rows with a verdict.
    .target(name: "Studies", dependencies: ["Solvers", "LinearAlgebra", "Geometry", "Parallelism"]),

    // 3: benchmark folders, protocols, batches, reports.
    .target(name: "Evaluation", dependencies: ["Registration", "Tracking", "Rendering", "CHDF5"]),

    // 4: the command.
    .executableTarget(
      name: "Tools",
      dependencies: [
        "Evaluation", "Registration", "Tracking", "Networks", "PointClouds", "Simulation", "Solvers", "Studies",
        "Rendering", "LinearAlgebra",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),

    // Prints figures; not a product.
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["Evaluation", "Registration", "Tracking", "Simulation", "Solvers", "LinearAlgebra"],
      path: "Benchmarks",
      exclude: ["README.md", "peers", "run", "table.awk"]),

    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(name: "SolversTests", dependencies: ["Solvers", "Studies", "LinearAlgebra", "Geometry"]),
    .testTarget(name: "GeometryTests", dependencies: ["Geometry"]),
    .testTarget(name: "PointCloudsTests", dependencies: ["PointClouds"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation"]),
    .testTarget(
      name: "RegistrationTests", dependencies: ["Registration", "Solvers", "Simulation", "LinearAlgebra"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "LinearAlgebra"]),
    .testTarget(name: "TrackingTests", dependencies: ["Tracking", "Networks", "Simulation", "LinearAlgebra"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Simulation"], exclude: ["Fixtures"]),
    .testTarget(name: "RenderingTests", dependencies: ["Rendering", "PointClouds", "LinearAlgebra"]),
    .testTarget(name: "RealScansTests", dependencies: ["Registration"]),
    .testTarget(name: "ReadmeTests", dependencies: ["Registration"]),
    .testTarget(name: "CommandTests", dependencies: ["Tools", "Evaluation", "PointClouds", "CPNG"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
