import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

/// Golden values come from Fixtures/modelnet.py, which draws with NumPy itself.
@Suite("ModelNet") struct LayoutsModelNetTests {
  /// What RandomState of NumPy gives for a seed.
  struct Golden: Sendable {
    var seed: UInt32
    var bits: [UInt32]
    var uniform: [Double]
    /// After the two uniform numbers.
    var normal: [Double]
    var permutation: [Int]
    var below1000: [Int]
    var between: Double
  }

  @Test(
    "the generator is NumPy's RandomState to the bit",
    arguments: [
      Golden(
        seed: 0, bits: [2_357_136_044, 2_546_248_239, 3_071_714_933],
        uniform: [0.5488135039273248, 0.7151893663724195],
        normal: [0.9787379841057392, 2.240893199201458, 1.8675579901499675], permutation: [3, 1, 2, 7, 5, 0, 6, 4],
        below1000: [486, 551, 87], between: 0.8398173790004586),
      Golden(
        seed: 7, bits: [327_741_615, 976_413_892, 3_349_725_721], uniform: [0.07630828937395717, 0.7799187922401146],
        normal: [1.690525703800356, -0.4659373705408328, 0.0328201636785844], permutation: [6, 3, 4, 7, 5, 2, 1, 0],
        below1000: [432, 895, 391], between: 0.04752906518830713),
      Golden(
        seed: 4_294_967_295, bits: [419_326_371, 479_346_978, 3_918_654_476],
        uniform: [0.0976320289940138, 0.9123828453026218],
        normal: [0.6484086742306527, 0.6693235306338161, -1.0805437227474493], permutation: [2, 0, 7, 4, 1, 6, 5, 3],
        below1000: [356, 368, 503], between: 0.9190972380846274),
    ])
  func generator(golden: Golden) {
    var random = MersenneTwister(seed: golden.seed)
    #expect((0..<3).map { _ in random.bits() } == golden.bits)
    random = MersenneTwister(seed: golden.seed)
    #expect((0..<2).map { _ in random.uniform() } == golden.uniform)
    #expect((0..<3).map { _ in random.normal() } == golden.normal)
    #expect(random.permutation(8) == golden.permutation)
    #expect((0..<3).map { _ in random.integer(upTo: 999) } == golden.below1000)
    #expect(random.uniform(-3, 5) == golden.between)
  }

  @Test("laws of the generator: a range of one draws nothing, bounds are reached, permutations are complete")
  func generatorLaws() {
    var random = MersenneTwister(seed: 1)
    var other = random
    #expect(random.integer(upTo: 0) == 0 && random.bits() == other.bits())
    #expect(Set((0..<200).map { _ in random.integer(upTo: 4) }) == [0, 1, 2, 3, 4])
    #expect(random.permutation(1) == [0] && random.permutation(0).isEmpty)
    #expect(random.permutation(1000).sorted() == Array(0..<1000))
  }

  /// Points whose coordinates are exact in single precision.
  static func model(_ n: Int) -> [SIMD3<Float>] {
    (0..<n).map { k in
      let (x, y, z) = (Float(k * 37 % 2048), Float(k * 101 % 2048), Float(k * 701 % 1024))
      return SIMD3<Float>(x, y, z) / 1024 - SIMD3<Float>(1, 1, 0.5)
    }
  }

  /// Points 0, 1 and 716 of source and target with the sums of all.
  struct Pair: Sendable {
    var count: Int
    var seed: UInt32
    var keptShare: Double
    var source: [[Float]]
    var sourceSum: [Double]
    var target: [[Float]]
    var targetSum: [Double]
    var motion: [Double]
  }

  static let pairs = [
    Pair(
      count: 2048, seed: 0, keptShare: 0.7,
      source: [
        [-0.15161839127540588, -0.7126697897911072, 0.3790840208530426],
        [-0.22653178870677948, -1.1135783195495605, 0.1656758040189743],
        [0.33784055709838867, -0.3105330467224121, -0.1084299311041832],
      ], sourceSum: [-95.77799746182063, -218.07721555081662, 140.04667164123384],
      target: [
        [-0.6975833177566528, -0.3744457960128784, 0.05399738997220993],
        [-0.7281404733657837, 0.9413978457450867, 0.04134529456496239],
        [-0.8964306712150574, 0.8607807159423828, -0.004561188630759716],
      ], targetSum: [-160.15859150348115, -121.08123457051988, -0.26671747042564675],
      motion: [
        0.7532644867897034, -0.38586896657943726, 0.5326328873634338, 0.044883184134960175, 0.6122871041297913,
        0.7071499824523926, -0.35361477732658386, -0.07634519785642624, -0.2402023822069168, 0.5924896597862244,
        0.7689335346221924, 0.1458941102027893,
      ]),
    Pair(
      count: 2048, seed: 7, keptShare: 0.5,
      source: [
        [0.31828364729881287, 1.056091070175171, -0.5978498458862305],
        [0.9803632497787476, 0.6363193988800049, -0.6008695363998413],
        [0.7048031091690063, 1.7212283611297607, -0.14134779572486877],
      ], sourceSum: [397.4102137144655, 557.9683306479128, -66.59137923002709],
      target: [
        [-0.8033119440078735, -0.5107241868972778, -0.06939966976642609],
        [-0.07977980375289917, -0.12439663708209991, 0.04398784786462784],
        [-0.16733457148075104, 0.9932509660720825, -0.37936773896217346],
      ], targetSum: [-336.66384542474407, 93.68028659268748, 28.415733952897426],
      motion: [
        0.770161509513855, -0.2761887311935425, 0.5749530792236328, 0.2234651744365692, 0.3693723678588867,
        0.9279883503913879, -0.04900651425123215, 0.47798952460289, -0.5200147032737732, 0.25011470913887024,
        0.8167173862457275, 0.03849587216973305,
      ]),
    Pair(
      count: 64, seed: 3, keptShare: 0.7,
      source: [
        [-0.35008180141448975, 0.7578975558280945, 0.9977058172225952],
        [-0.6982723474502563, 0.1378234177827835, 0.3338344693183899],
        [0.1646679937839508, 0.6519991755485535, 0.5376231074333191],
      ], sourceSum: [-203.39385407336522, 105.26102542167064, 328.77112708822824],
      target: [
        [-0.3653966188430786, 0.7709322571754456, -0.16307330131530762],
        [-0.9455031752586365, 0.635466992855072, -0.46009427309036255],
        [-0.3528152406215668, 0.7726043462753296, -0.18539002537727356],
      ], targetSum: [-80.77205663181667, 193.68544661067426, 7.301010096038226],
      motion: [
        0.8272086381912231, -0.192356139421463, 0.5279440879821777, 0.010827605612576008, 0.42120662331581116,
        0.8341575860977173, -0.3560422360897064, 0.3929469585418701, -0.3719016909599304, 0.5168947577476501,
        0.7710440754890442, 0.39629310369491577,
      ]),
  ]

  @Test(
    "pairs are those of RPMNet: crop, motion, resampling with and without repetition, jitter, order", arguments: pairs)
  func drawn(pair: Pair) throws {
    let (source, target) = ModelNetPairs.draw(Self.model(pair.count), seed: pair.seed, keptShare: pair.keptShare)
    for (cloud, points, sum) in [(source, pair.source, pair.sourceSum), (target, pair.target, pair.targetSum)] {
      #expect(cloud.count == 717)
      for (k, point) in zip([0, 1, 716], points) {
        for axis in 0..<3 { #expect(abs(cloud[k][axis] - point[axis]) < 1e-6) }
      }
      for axis in 0..<3 { #expect(abs(cloud.reduce(0) { $0 + Double($1[axis]) } - sum[axis]) < 1e-4) }
    }
    let motion = try RigidTransform(rowMajor: pair.motion)
    #expect(ModelNetPairs.truth(seed: pair.seed).isNear(motion.inverse, 1e-6))
  }

  static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures/modelnet_test.h5"
  ).path

  @Test("models of the tested categories in a file of h5py become pairs; the index among them is the seed")
  func file() throws {
    let folder = LayoutFolder()
    folder.write("ply_data_test0.h5", Array(try Data(contentsOf: URL(filePath: Self.fixture))))
    folder.write("test_files.txt", "data/modelnet40_ply_hdf5_2048/ply_data_test0.h5\n")
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .modelNet && benchmark.pairs.map(\.id) == (0..<4).map { "ModelNet/\($0)" })
    #expect(benchmark.pairs.map { $0.source.part?.row } == [1, 2, 3, 5])
    #expect(benchmark.pairs.map { $0.target.part?.seed } == [0, 1, 2, 3])
    #expect(benchmark.notes.contains { $0.contains("4 of 6 models") })
    let last = benchmark.pairs[3]
    let part = try #require(last.source.part)
    #expect(part.isSource && part.keptShare == 0.7 && last.target.part?.isSource == false)
    let cloud = try ModelNetPairs()(last.source.path, part)
    let model = Self.model(64).map { $0 + 5 }
    #expect(cloud.positions == ModelNetPairs.draw(model, seed: 3, keptShare: 0.7).source)
    #expect(last.truth == ModelNetPairs.truth(seed: 3))
    let low = try folder.benchmark { $0.dataset = "modelonet" }
    #expect(low.pairs[0].id == "ModelLoNet/0" && low.pairs[0].source.part?.keptShare == 0.5)
    #expect(try folder.benchmark("ply_data_test0.h5").count == 4)
  }

  @Test("files that are cut short, changed or no HDF5 end in an error with their name, never in a crash")
  func damage() throws {
    let folder = LayoutFolder()
    let bytes = Array(try Data(contentsOf: URL(filePath: Self.fixture)))
    var refused = 0
    func open(_ content: [UInt8]) {
      let path = folder.write("a_test.h5", content)
      do {
        for pair in try folder.benchmark("a_test.h5").pairs {
          _ = try pair.source.part.map { try ModelNetPairs()(path, $0) }
        }
      } catch {
        refused += 1
        #expect("\(error)".contains("a_test.h5: "))
      }
    }
    for length in stride(from: 0, to: bytes.count, by: 97) { open(Array(bytes[..<length])) }
    #expect(refused == (bytes.count + 96) / 97, "a file without its end is not sound")
    var random = MersenneTwister(seed: 5)
    let rounds = ProcessInfo.processInfo.environment["PLUMB_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 300
    for _ in 0..<rounds {
      var changed = bytes
      for _ in 0..<3 {
        changed[random.integer(upTo: UInt32(bytes.count - 1))] = UInt8(random.integer(upTo: 255))
      }
      open(changed)
    }
    open(Array("no HDF5 at all".utf8))
    let missing = CloudReference.Part(row: 6, seed: 0, isSource: true, keptShare: 0.7)
    #expect(throws: CloudFileError.self) { try ModelNetPairs()(Self.fixture, missing) }
    #expect(throws: CloudFileError.self) { try ModelNetPairs()(folder.path + "/none.h5", missing) }
  }
}
