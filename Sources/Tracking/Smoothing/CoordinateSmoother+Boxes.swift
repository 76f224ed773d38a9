#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CoordinateSmoother {
  /// Boxes in the image by frame.
  ///
  /// The coordinates are the middle relative to the object's size (the root of its median area) and the logarithms of
  /// width and height, so that the jitter of near and distant objects is of one kind.
  func callAsFunction(
    image tracks: [[(frame: Int, box: ImageBox)]]
  ) -> (paths: [[Int: ImageBox]], deviation: SIMD4<Double>?) {
    let sizes = tracks.map { track in CoordinateSmoother.median(track.map { $0.box.width * $0.box.height }).squareRoot()
    }
    let smoothed = self(
      zip(tracks, sizes).map { track, size in
        CoordinateTrack(
          frames: track.map(\.frame),
          values: track.map { _, b in
            [(b.x + b.width / 2) / size, (b.y + b.height / 2) / size, log(b.width), log(b.height)]
          })
      })
    let paths = zip(smoothed.paths, sizes).map { path, size in
      path.mapValues { v in
        let (w, h) = (exp(v.z), exp(v.w))
        return ImageBox(
          x: CoordinateSmoother.rounded(v.x * size - w / 2), y: CoordinateSmoother.rounded(v.y * size - h / 2),
          width: CoordinateSmoother.rounded(w), height: CoordinateSmoother.rounded(h))
      }
    }
    return (paths, smoothed.deviation)
  }

  /// x, y, z and heading of boxes in space by frame; headings from -π to π.
  func callAsFunction(
    space tracks: [[(frame: Int, place: SIMD4<Double>)]]
  ) -> (paths: [Path], deviation: SIMD4<Double>?) {
    let smoothed = self(
      tracks.map { track in
        let headings = Heading.continuous(track.map(\.place.w))
        return CoordinateTrack(
          frames: track.map(\.frame),
          values: zip(track, headings).map { row, heading in
            var place = row.place
            place.w = heading
            return place
          })
      })
    let paths = smoothed.paths.map { path in
      path.mapValues { v in
        SIMD4(
          CoordinateSmoother.rounded(v.x), CoordinateSmoother.rounded(v.y), CoordinateSmoother.rounded(v.z),
          CoordinateSmoother.rounded(Heading.wrapped(v.w)))
      }
    }
    return (paths, smoothed.deviation)
  }

  /// The middle one of the values, the mean of two where there is none; 1 without a value.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 1 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// To a millionth: more digits only lengthen files.
  static func rounded(_ value: Double) -> Double { abs(value) < 1e9 ? (value * 1e6).rounded() / 1e6 : value }
}
