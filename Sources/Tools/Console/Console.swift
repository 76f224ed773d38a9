import Rendering
import Glibc
import PointClouds
import Synchronization

/// Everything the command says, in one place: a guardian thread may end the program at any moment, and must neither
/// split a line nor add to a finished answer.
///
/// Lines for people go to stdout, with `--json` to stderr. They are held back until the result is there unless a person
/// watches, so that a failed command leaves nothing on stdout.
enum Console {
  /// How to speak, from the command line.
  struct Style: Sendable {
    /// Stdout holds exactly one JSON object.
    var json = false
    /// Only errors are said.
    var quiet = false
    /// One line per stage.
    var verbose = false
    /// Colours are allowed where there is a terminal.
    var color = true
  }

  /// A colour with a meaning.
  enum Tone: String { case good = "32", caution = "33", bad = "31", label = "36" }

  fileprivate struct State {
    var style = Style()
    var held = ""
    var progress: [String] = []
    var progressShown = false
    var finished = false
    var stdoutClosed = false
  }

  private static let state = Mutex(State())
  private static let terminal = (out: isatty(1) == 1, error: isatty(2) == 1)

  /// Sets how to speak.
  static func configure(_ style: Style) { state.withLock { $0.style = style } }

  /// Whether one line per stage is wanted.
  static var isVerbose: Bool { state.withLock { $0.style.verbose } }

  /// Says one line for people: `reading   scan2.ply …`, the label in a column of its own.
  static func say(_ label: String, _ text: String, tone: Tone = .label) {
    state.withLock { state in
      if state.style.quiet { return }
      let toError = state.style.json
      let line = state.painted(column(label), tone, onTerminal: toError ? terminal.error : terminal.out) + text + "\n"
      if toError {
        write(line, to: 2, &state)
      } else if terminal.out {
        write(line, to: 1, &state)
      } else {
        state.held += line
      }
    }
  }

  /// Says lines without a label, such as a table.
  static func text(_ text: String) {
    state.withLock { state in
      if state.style.quiet { return }
      let lines = text.hasSuffix("\n") ? text : text + "\n"
      if state.style.json || terminal.out {
        write(lines, to: state.style.json ? 2 : 1, &state)
      } else {
        state.held += lines
      }
    }
  }

  /// An empty line between two answers.
  static func blank() { say("", "") }

  /// Says something on stderr that must not be overlooked, or that only an onlooker wants.
  static func remark(_ label: String, _ text: String, tone: Tone = .caution) {
    state.withLock { state in
      if state.style.quiet { return }
      write(state.painted(column(label), tone, onTerminal: terminal.error) + text + "\n", to: 2, &state)
    }
  }

  /// Shows on a terminal that a stage is done.
  static func progress(_ stage: String) {
    state.withLock { state in
      guard terminal.error, !state.style.quiet, !state.style.verbose, !state.finished else { return }
      state.progress.append(stage)
      writeAll("\r\u{1B}[K" + state.progress.joined(separator: " · ") + " …", to: 2)
      state.progressShown = true
    }
  }

  /// Shows on a terminal how far a batch is, on one line that changes.
  static func progress(line: String) {
    state.withLock { state in
      guard terminal.error, !state.style.quiet, !state.finished else { return }
      writeAll("\r\u{1B}[K" + line, to: 2)
      state.progressShown = true
    }
  }

  /// Whether somebody watches stderr.
  static var isWatched: Bool { state.withLock { terminal.error && !$0.style.quiet } }

  /// The answer is complete: held lines and the JSON object leave together. False when the disk behind stdout is full.
  static func finish(json: JSONValue? = nil) -> Bool { finish(document: json.map { $0.text + "\n" }) }

  /// The same with a JSON document as text.
  static func finish(document: @autoclosure () -> String?) -> Bool {
    state.withLock { state in
      var ok = write(state.held, to: 1, &state)
      state.held = ""
      if state.style.json, let document = document() { ok = write(document, to: 1, &state) && ok }
      state.finished = true
      return ok
    }
  }

  /// The last line of every failure; with `--json` the error object on stdout, unless an answer is there.
  static func fail(_ failure: CommandFailure) {
    state.withLock { $0.report(failure) }
  }

  /// Ends the program from another thread; a finished answer is left to end by itself.
  static func abandon(_ failure: CommandFailure, cleanUp: () -> Void) {
    state.withLock { state in
      if state.finished { return }
      cleanUp()
      state.held = ""
      state.report(failure)
      _exit(failure.status.rawValue)
    }
  }

  /// The label in its column, with at least one blank after it.
  private static func column(_ label: String) -> String { label.count < 10 ? label.padded(10) : label + " " }

  @discardableResult
  private static func write(_ text: String, to descriptor: Int32, _ state: inout State) -> Bool {
    if text.isEmpty || descriptor == 1 && state.stdoutClosed { return true }
    if state.progressShown, terminal.error {
      writeAll("\r\u{1B}[K", to: 2)
      state.progressShown = false
    }
    switch writeAll(text, to: descriptor) {
    case 0: return true
    case EPIPE:
      // The reader has seen enough (`| head`): the work goes on, the talking stops.
      state.stdoutClosed = state.stdoutClosed || descriptor == 1
      return true
    default: return false
    }
  }
}

extension Console.State {
  fileprivate func painted(_ text: String, _ tone: Console.Tone, onTerminal: Bool) -> String {
    onTerminal && style.color ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }

  fileprivate mutating func report(_ failure: CommandFailure) {
    if style.json, !finished {
      let error = JSONValue.members([
        "code": .integer(Int(failure.status.rawValue)), "message": .string(failure.message),
      ])
      writeAll(JSONValue.members(["schema": "plumb.error/1", "error": error]).text + "\n", to: 1)
    }
    let erase = progressShown ? "\r\u{1B}[K" : ""
    let label = painted("error:", .bad, onTerminal: isatty(2) == 1)
    writeAll("\(erase)\(label) \(failure.message.terminalSafe)\n", to: 2)
    finished = true
  }
}
