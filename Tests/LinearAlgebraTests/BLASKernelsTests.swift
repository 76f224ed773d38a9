import LinearAlgebra
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct BLASKernelsTests {
  /// Whether Linux says that the processor has AVX2 and FMA.
  static let hasVectors: Bool = {
    guard let file = fopen("/proc/cpuinfo", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 65536)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("flags") else { continue }
      let flags = text.split(whereSeparator: \.isWhitespace)
      return flags.contains("avx2") && flags.contains("fma")
    }
    return false
  }()

  @Test(.enabled(if: hasVectors && getenv("OPENBLAS_CORETYPE") == nil))
  func kernelsAreThoseThatTheProcessorCanRun() {
    #expect(BLASKernels.name == "Haswell")
    // Nothing stays in the environment of programs that are started from here.
    #expect(getenv("OPENBLAS_CORETYPE") == nil)
  }
}
