/// How an iteration ended.
public enum SolverOutcome: String, Sendable {
  /// The stopping rule was met.
  case converged
  /// The iterations were used up first.
  case iterationLimit
  /// A number stopped being finite; the solution is the last finite one.
  case diverged

  /// The reason in words.
  public var reason: String {
    switch self {
    case .converged: "the stopping rule was met"
    case .iterationLimit: "the iterations were used up before the stopping rule was met"
    case .diverged: "a number stopped being finite; a smaller step may help"
    }
  }
}
