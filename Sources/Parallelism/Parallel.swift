import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Data parallelism over index ranges, the only place where Plumb starts threads.
///
/// The number of threads is one setting of the process, because **no result depends on it**: every element is written
/// by one index, and reductions split the work into chunks whose number depends on the problem only and combine them in order.
public enum Parallel {
  /// The number of processors that are online.
  public static let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  private static let setting = Atomic<Int>(0)

  /// How many threads work at once (`--threads`); all processors until set.
  public static var threads: Int {
    get {
      let value = setting.load(ordering: .relaxed)
      return value > 0 ? value : processors
    }
    set { setting.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Splits 0..<count into chunks of at most `grain` indices and runs `body` on each of them; returns when all are done.
  public static func forEachChunk(_ count: Int, grain: Int = 256, _ body: @Sendable (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let grain = max(1, grain)
    let chunks = (count + grain - 1) / grain
    let workers = min(threads, chunks)
    if workers <= 1 {
      for c in 0..<chunks { body(c * grain..<min(count, (c + 1) * grain)) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let c = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if c >= chunks { return }
        body(c * grain..<min(count, (c + 1) * grain))
      }
    }
  }

  /// The values of `transform` at 0..<count, in order.
  public static func map<T: Sendable>(_ count: Int, grain: Int = 256, _ transform: @Sendable (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let out = UncheckedPointer(buffer.baseAddress)
      forEachChunk(count, grain: grain) { range in
        for i in range { (out.base! + i).initialize(to: transform(i)) }
      }
      initialized = count
    }
  }

  /// The combination of the partial results of at most `chunks` equal ranges, in their order.
  public static func reduce<T: Sendable>(
    _ count: Int, chunks: Int = 64, _ zero: T, _ part: @Sendable (Range<Int>) -> T, _ combine: (T, T) -> T
  ) -> T {
    guard count > 0 else { return zero }
    let m = max(1, min(chunks, count))
    let parts = map(m, grain: 1) { c in part(count * c / m..<count * (c + 1) / m) }
    return parts.reduce(zero, combine)
  }
}

/// A pointer that may be shared by workers, which write disjoint elements.
public struct UncheckedPointer<T>: @unchecked Sendable {
  /// The pointer; nil when there is nothing to point to.
  public let base: UnsafeMutablePointer<T>?
  /// Wraps a pointer.
  @inlinable
  public init(_ base: UnsafeMutablePointer<T>?) { self.base = base }
}
