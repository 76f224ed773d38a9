import Evaluation
import Geometry
import Testing

@Suite struct PoseErrorTests {
  /// A true pose, the error E that is put behind it, and what an independent program makes of `truth * E`.
  struct Golden: Sendable {
    var truth: RigidTransform
    var estimate: RigidTransform
    var rotationDegrees: Double
    var translation: Double
    var published: Double
    var exact: Double
    var euler: Point3

    init(
      _ rotation: Point3, _ translation: Point3, _ turn: Point3, _ shift: Point3, _ rotationDegrees: Double,
      _ distance: Double, _ published: Double, _ exact: Double, _ euler: Point3
    ) {
      truth = RigidTransform(rotation: Rotation3(rotationVector: rotation), translation: translation)
      estimate = truth * RigidTransform(rotation: Rotation3(rotationVector: turn), translation: shift)
      self.rotationDegrees = rotationDegrees
      self.translation = distance
      self.published = published
      self.exact = exact
      self.euler = euler
    }
  }

  /// Σ GᵀG over 50 points in front of a camera.
  static let information = InformationMatrix(
    [
      50, 0, 0, 0, 118.3, 8.59,
      0, 50, 0, -118.3, 0, 13.04,
      0, 0, 50, -8.59, -13.04, 0,
      0, -118.3, -8.59, 390.8231, 6.0929, -25.6128,
      118.3, 0, -13.04, 6.0929, 396.2608, 33.1631,
      8.59, 13.04, 0, -25.6128, 33.1631, 113.3803,
    ])

  static let golden: [Golden] = [
    Golden(
      Point3(0.3991, 0.1391, 0.1664), Point3(-3.0523, -0.9162, 0.223), Point3(-0.0, -0.0, -0.0), Point3(0.0, 0.0, 0.0),
      0.0, 0.0, 6.280132182025406e-16, 1.2410974794055951e-15, Point3(0.0, 0.0, 0.0)),
    Golden(
      Point3(-0.1846, 0.9765, 0.7737), Point3(3.3904, -4.181, 1.7137), Point3(-9e-09, 2e-09, 1.5e-08),
      Point3(-3.3e-08, 8.5e-08, -4.1e-08), 1.0087962975107535e-06, 9.997499695741187e-08, 1.1041510472156337e-07,
      1.2272885761501365e-07, Point3(6.212829326557312e-07, -1.650857512913717e-07, 1.4202651783534748e-06)),
    Golden(
      Point3(1.9316, -0.3396, -0.1692), Point3(1.5987, -1.1027, 4.3218), Point3(0.003701887, 0.007901965, -9.6575e-05),
      Point3(0.007177569, 0.006886674, 0.001027727), 0.49999996719143913, 0.009999999915928502, 0.017970217417642983,
      0.029156394557808666, Point3(0.19377180167346353, -0.16645480393807066, 0.4214750745333582)),
    Golden(
      Point3(-0.7049, 0.4556, -0.0202), Point3(3.2314, -1.3254, 2.0923),
      Point3(-0.024840424, -0.037061519, -0.027403538), Point3(-0.022664161, 0.00988284, 0.043458777),
      2.9999999846387677, 0.050000000186352346, 0.10138967338968499, 0.16492606612222818,
      Point3(-1.2843845055288554, -2.6185212226324737, 0.3697533924869827)),
    Golden(
      Point3(0.1972, 0.7492, 1.9586), Point3(0.5401, 0.3903, -0.5501), Point3(-0.089829819, 0.042435901, -0.098108678),
      Point3(-0.075251998, 0.009253309, 0.065203628), 7.999999981085474, 0.10000000017401933, 0.163155551440344,
      0.29157714402212076, Point3(-5.907260028665277, 5.108737261000064, -3.4588200145935843)),
    Golden(
      Point3(-0.0813, -0.9878, 0.4295), Point3(-1.1205, -0.3619, 0.0837),
      Point3(-0.013587915, -0.019066777, -0.084067009), Point3(0.095227115, -0.002089373, 0.164400216),
      4.999999975954535, 0.18999999982000793, 0.1922212890233085, 0.22017235428813597,
      Point3(4.703663506858227, -2.867324900916117, -6.7987301039186505)),
    Golden(
      Point3(-1.4377, 1.3443, 1.5239), Point3(-3.9021, 0.2898, -0.2527),
      Point3(-0.173777726, 0.088266069, -0.076650579), Point3(-0.004393461, -0.049672331, -0.003654727),
      11.999999972943252, 0.04999999995976599, 0.23054518899671117, 0.4956408212656417,
      Point3(14.43820589299203, 0.8414901555235161, 25.27926662024369)),
    Golden(
      Point3(0.1277, -1.4775, 0.7388), Point3(1.4709, -2.2917, -1.3177),
      Point3(-0.015281886, -0.107651174, 0.331699648), Point3(-0.295628033, -0.04460123, -0.024795089),
      19.99999998948974, 0.3000000000857999, 0.465337312083675, 0.7016038018607795,
      Point3(-17.406234490186563, 17.63239363169619, 19.009881366451353)),
    Golden(
      Point3(-0.069, 2.7549, -0.2139), Point3(0.255, 1.0281, -0.0803), Point3(1.457948782, -0.339785787, 0.475743699),
      Point3(0.160485279, -0.778336101, -0.606990435), 89.99999997899656, 0.9999999995385394, 2.599761146933051,
      4.405251127729379, Point3(84.80332503538438, 30.49452946489882, -1.5043169177174605)),
    Golden(
      Point3(2.1217, -0.1458, 0.041), Point3(-1.87, -1.4594, 1.1285), Point3(1.788562625, 1.365680023, 2.191910039),
      Point3(0.239425394, 0.927026111, -1.755932251), 179.98999999085584, 1.9999999999674414, 2.8849115333728372,
      4.798745984963186, Point3(-175.3647282715102, 6.826247779737206, -110.51483374996495)),
    Golden(
      Point3(0.7123, -0.1207, 0.8713), Point3(2.5714, 0.4691, -0.7124), Point3(1.105217237, 2.922884632, -0.323797296),
      Point3(0.324622818, 0.012931426, 0.380069473), 179.9999999931495, 0.5000000000511523, 2.6317863095651233,
      5.4115930577880995, Point3(116.96108156703728, 21.787859087986586, -215.5646321533485)),
    Golden(
      Point3(-2.2046, 0.439, 1.4307), Point3(-1.6268, 2.978, 1.0706), Point3(-0.175023413, 0.06507634, -0.48917027),
      Point3(-0.007480174, -0.011052773, 0.099105415), 30.000000020232974, 0.10000000038191025, 0.41772544699904535,
      0.8201876833471119, Point3(17.702620311609962, -21.865131177692938, 33.12624552775982)),
  ]

  @Test("golden: RRE, RTE, both RMSE and Euler angles of an independent program", arguments: golden)
  func oracle(case golden: Golden) throws {
    let item = PairItem(
      id: "a", list: "l", scene: "s", numbers: (0, 2), source: CloudReference(path: "a"),
      target: CloudReference(path: "b"), truth: golden.truth, information: PoseErrorTests.information)
    let score = PairScore(item: item, outcome: .estimated(.init(pose: golden.estimate)))
    // An angle of 1e-6 degrees has about 9 digits left in a matrix of doubles.
    #expect(abs(try #require(score.rotationErrorDegrees) - golden.rotationDegrees) < 1e-11)
    #expect(abs(try #require(score.translationError) - golden.translation) < 1e-12)
    #expect(abs(try #require(score.protocolRMSE) - golden.published) < 1e-12)
    #expect(abs(try #require(score.exactRMSE) - golden.exact) < 1e-12)
    #expect((try #require(score.eulerErrorDegrees) - golden.euler).length < 1e-9)
  }

  @Test("the angle is accurate where the arc cosine of the trace is not", arguments: [1e-9, 1e-7, 1e-3, 179.9999, 180])
  func angle(degrees: Double) {
    let truth = RigidTransform(rotation: Rotation3(rotationVector: Point3(0.3, -1, 0.5)))
    let turn = RigidTransform(rotation: Rotation3(radians: degrees * .pi / 180, about: Point3(1, -2, 0.5)))
    let error = PoseError(truth: truth, estimate: truth * turn)
    #expect(abs(error.rotationDegrees - degrees) < 1e-13 * max(degrees, 1) * 10)
    // The angle does not depend on which of the two is the truth, nor on the side of the error.
    #expect(abs(PoseError(truth: truth * turn, estimate: truth).rotationDegrees - error.rotationDegrees) < 1e-12)
    #expect(abs(PoseError(truth: truth, estimate: turn * truth).rotationDegrees - error.rotationDegrees) < 1e-12)
  }

  @Test("Euler angles in gimbal lock: one turn is left, the third is zero")
  func gimbalLock() {
    let up = RigidTransform(rotation: Rotation3(radians: .pi / 2, about: Point3(0, 1, 0)))
    let error = PoseError(truth: .identity, estimate: up)
    #expect((error.eulerDegrees - Point3(0, 90, 0)).length < 1e-6)
  }

  @Test("an information matrix that states no correspondence gives no RMSE")
  func noCorrespondences() {
    let error = RigidTransform(translation: Point3(1, 0, 0))
    for first in [0, -1, Double.nan] {
      var entries = [Double](repeating: 0, count: 36)
      entries[0] = first
      #expect(InformationMatrix(entries).rootMeanSquareError(of: error, .published) == nil)
    }
  }
}
