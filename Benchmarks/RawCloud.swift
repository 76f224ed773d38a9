#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Clouds as raw little-endian float32, three per point: what the scripts of the peers read and write as well.
enum RawCloud {
  static func read(_ path: String) -> [SIMD3<Float>] {
    guard let file = fopen(path, "rb") else { fail("\(path): cannot be opened") }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = ftell(file) / 12
    rewind(file)
    var values = [Float](repeating: 0, count: 3 * count)
    guard count > 0, fread(&values, 12, count, file) == count else { fail("\(path): holds no points") }
    return (0..<count).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
  }

  static func write(_ points: [SIMD3<Float>], to path: String) {
    guard let file = fopen(path, "wb") else { fail("\(path): cannot be written") }
    defer { fclose(file) }
    let values = points.flatMap { [$0.x, $0.y, $0.z] }
    guard fwrite(values, 12, points.count, file) == points.count else { fail("\(path): writing failed") }
  }
}
