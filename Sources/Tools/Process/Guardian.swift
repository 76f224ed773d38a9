import Rendering
import Glibc
import PointClouds
import Synchronization

/// One thread that watches over the program: signals, the time limit and the limits of memory and processor time.
///
/// It ends the program in order: temporary files are removed, one line says why, and the exit status is the documented one.
enum Guardian {
  private static let received = Atomic<Int32>(0)
  private static let deadline = Atomic<Int64>(.max)
  private static let residentLimit = Atomic<Int>(.max)
  private static let limitSeconds = Atomic<Int64>(0)
  private static let parent = Atomic<Int32>(0)

  /// Takes over the signals of the process. A handler only notes the signal: libraries have started threads of their own
  /// before `main`, so blocking signals here would not keep them from ending the process there.
  static func start() {
    signal(SIGPIPE, SIG_IGN)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 512 << 10)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    // Without the thread the signals keep their default meaning.
    guard pthread_create(&thread, &attributes, { _ in Guardian.watch() }, nil) == 0 else { return }
    // Made before the handler can need it.
    received.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in Guardian.received.store(number, ordering: .relaxed) }
    action.sa_flags = Int32(SA_RESTART)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] { sigaction(number, &action, nil) }
  }

  /// Ends the program when it has run for so long.
  static func limit(seconds: Double) {
    limitSeconds.store(Int64(seconds * 1e3), ordering: .relaxed)
    deadline.store(now() + Int64(min(seconds, 1e9) * 1e9), ordering: .relaxed)
  }

  /// Ends the program when it holds so much memory.
  static func limit(residentBytes: Int) { residentLimit.store(residentBytes, ordering: .relaxed) }

  /// Ends the program, without a word, when the process that has started it is gone.
  static func follow(parent pid: Int32) { parent.store(pid, ordering: .relaxed) }

  private static func watch() -> UnsafeMutableRawPointer? {
    let processorLimit = softLimit(__rlimit_resource_t(RLIMIT_CPU.rawValue))
    while true {
      var wait = timespec(tv_sec: 0, tv_nsec: 20_000_000)
      nanosleep(&wait, nil)
      switch received.load(ordering: .relaxed) {
      case SIGINT: end(.interrupted, "interrupted")
      case SIGTERM, SIGHUP: end(.terminated, "terminated")
      case SIGXCPU: end(.limit, "the processor-time limit of the shell (ulimit -t) is reached")
      default: break
      }
      let parent = parent.load(ordering: .relaxed)
      if parent > 0, getppid() != parent { _exit(ExitStatus.terminated.rawValue) }
      if now() >= deadline.load(ordering: .relaxed) {
        let seconds = Double(limitSeconds.load(ordering: .relaxed)) / 1e3
        end(
          .limit, "the time limit of \(seconds.significant(6)) s is reached; raise --time-limit, or thin with --voxel")
      }
      let resident = residentLimit.load(ordering: .relaxed)
      if resident < .max, ProcessMemory.residentBytes > resident {
        end(.limit, "the memory limit of \(resident >> 20) MB is reached; raise --max-memory")
      }
      if let processorLimit, processorSeconds() > Double(processorLimit) - 0.2 {
        end(.limit, "the processor-time limit of \(processorLimit) s (ulimit -t) is reached")
      }
    }
  }

  private static func end(_ status: ExitStatus, _ message: String) {
    Console.abandon(CommandFailure(status, message)) {
      AtomicFile.removeTemporaries()
      ScratchFolder.removeAll()
    }
  }

  /// A limit that the shell has set on the process, or nil.
  static func softLimit(_ resource: __rlimit_resource_t) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else { return nil }
    return Int(limit.rlim_cur)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
