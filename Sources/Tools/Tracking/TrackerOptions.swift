import ArgumentParser
import Tracking

extension TrackerModel: ExpressibleByArgument {}

/// How boxes are placed.
struct TrackerOptions: ParsableArguments {
  /// The tracker that comes with Plumb.
  @Option(
    help: ArgumentHelp(
      "How boxes are placed: s, by a small trained network and aligned points; t, by a tiny network, three times as fast; "
        + "icp, by aligned points alone (default: s)."))
  var model: TrackerModel?

  /// A file of weights.
  @Option(
    help: ArgumentHelp("Place boxes with a network of your own (plumb train tracker).", valueName: "file"))
  var network: String?

  func validate() throws {
    if model != nil, network != nil { throw ValidationError("--model and --network exclude each other") }
  }

  /// The option that is used; nil for none.
  var named: String? { network != nil ? "--network" : model != nil ? "--model" : nil }

  /// The tracker in words.
  var words: String {
    if let network { return "network \(network)" }
    let model = model ?? .standard
    return model == .icp ? "aligned points" : "network \(model.rawValue) of Plumb"
  }

  /// The tracker that is asked for.
  func tracker() throws -> any BoxTracker {
    if let network { return NetworkTracker(try NetworkFile.read(network)) }
    return (model ?? .standard).tracker
  }
}
