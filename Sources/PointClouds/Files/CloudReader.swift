import Geometry
import Parallelism
import Synchronization

/// Reads a point cloud from a file; the content decides the format.
///
/// Every header is parsed and every size checked before memory is taken, so a file can be damaged in any way and reading
/// it ends with a ``CloudFileError`` that names the file, the place and what to try.
public struct CloudReader: Sendable {
  /// The format to read; sniffed from the content when nil.
  public var format: CloudFormat?
  /// What happens to points with a NaN or infinite coordinate.
  public var nonFinite: NonFinitePolicy
  /// The most memory that reading may take, bytes; ``MemoryBudget/automatic`` when nil.
  public var memoryLimit: Int?

  /// The most bytes that are taken from a stream, unless the memory limit allows less.
  static let streamCap = 2 << 30

  /// A reader; the defaults suit every file.
  public init(format: CloudFormat? = nil, nonFinite: NonFinitePolicy = .drop, memoryLimit: Int? = nil) {
    self.format = format
    self.nonFinite = nonFinite
    self.memoryLimit = memoryLimit
  }

  /// Reads the file at a path, or the standard input for `-`.
  ///
  /// - Returns: the finite points in file order. Coordinates are bit-exact for files of 32-bit floats with an origin of
  ///   zero; files of doubles and survey coordinates get an origin near the points.
  /// - Throws: when the file is missing, damaged, changed meanwhile, without a finite point, or too large for the limit.
  public func callAsFunction(_ path: String) throws(CloudFileError) -> LoadedCloud {
    let limit = memoryLimit ?? MemoryBudget.automatic
    let source = try ByteSource(path, maximumBytes: min(CloudReader.streamCap, limit / 2)) { head in
      format != nil || FormatSniffer.accepts(head)
    }
    guard source.size > 0 else { throw CloudFileError(.empty, path, "file is empty") }
    let found: CloudFormat
    if let format { found = format } else { found = try FormatSniffer.format(of: source) }
    let (payload, sha256) = try readAndHash(source, found, limit)
    try source.checkUnchanged()
    return try loaded(payload, found, source, sha256)
  }

  private func readAndHash(
    _ source: ByteSource, _ format: CloudFormat, _ limit: Int
  ) throws(CloudFileError) -> (FilePayload, String) {
    let failed = Atomic<Bool>(false)
    let payload = Mutex<Result<FilePayload, CloudFileError>?>(nil)
    let digest = Mutex<Result<String, CloudFileError>?>(nil)
    Parallel.forEachChunk(2, grain: 1) { range in
      for task in range {
        if task == 0 {
          let result = CloudReader.payload(source, format, limit)
          if case .failure = result { failed.store(true, ordering: .relaxed) }
          payload.withLock { $0 = result }
        } else {
          let result = CloudReader.hash(source, unless: failed)
          digest.withLock { $0 = result }
        }
      }
    }
    guard let payload = payload.withLock({ $0 }), let digest = digest.withLock({ $0 }) else {
      throw CloudFileError(.io, source.path, "cannot be read")
    }
    return (try payload.get(), try digest.get())
  }

  private static func payload(
    _ source: ByteSource, _ format: CloudFormat, _ limit: Int
  ) -> Result<FilePayload, CloudFileError> {
    do throws(CloudFileError) {
      switch format {
      case .ply: return .success(try PLYFile(source: source, memoryLimit: limit).read())
      case .pcd: return .success(try PCDFile(source: source, memoryLimit: limit).read())
      case .xyz, .csv: return .success(try TableFile(source: source, memoryLimit: limit).read())
      case .kitti, .nuscenes:
        return .success(
          try PackedFile(source: source, memoryLimit: limit, isNuScenes: format == .nuscenes).read())
      case .npy: return .success(try NPYFile(source: source, memoryLimit: limit).read())
      }
    } catch {
      return .failure(error)
    }
  }

  private static func hash(
    _ source: ByteSource, unless failed: borrowing Atomic<Bool>
  ) -> Result<String, CloudFileError> {
    do throws(CloudFileError) {
      return .success(try SHA256.digest(of: source) { failed.load(ordering: .relaxed) })
    } catch {
      return .failure(error)
    }
  }

  private func loaded(
    _ payload: consuming FilePayload, _ format: CloudFormat, _ source: ByteSource, _ sha256: String
  ) throws(CloudFileError) -> LoadedCloud {
    let columns = payload.columns
    let total = columns.seen
    if columns.dropped > 0, nonFinite == .error {
      let place = columns.firstDropped.map { ", the first is point \($0 + 1)" } ?? ""
      throw CloudFileError(.damaged, source.path, "\(columns.dropped) of \(total) points are non-finite\(place)")
    }
    if columns.positions.isEmpty {
      throw CloudFileError(.unusable, source.path, "all \(total) points are non-finite")
    }
    var (warnings, notes) = (payload.warnings, payload.notes)
    if columns.dropped * 2 > total {
      warnings.append("\(columns.dropped) of \(total) points are non-finite and were dropped")
    }
    if let announced = CloudFormat(path: source.path), self.format == nil, announced != format,
      !(announced.isText && format.isText)
    {
      notes.append("content is \(format.displayName)")
    }
    let times = columns.pointTimes
    let cloud = columns.cloud(sensorPosition: payload.sensorPosition)
    warnings += [Outliers(cloud)?.description].compactMap { $0 }
    return LoadedCloud(
      cloud: cloud, times: times, format: format, encoding: payload.encoding, declaredPoints: payload.declaredPoints,
      droppedNonFinite: columns.dropped, storedAsDouble: payload.storedAsDouble, fields: payload.fields,
      sha256: sha256, byteCount: source.size, warnings: warnings, notes: notes)
  }
}
