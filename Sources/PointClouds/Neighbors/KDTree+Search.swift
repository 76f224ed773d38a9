import Parallelism

extension KDTree {
  /// A subtree that is still to be visited, with the squared distance of its cell from the query, axis by axis.
  private struct Pending {
    var first: Int32
    var end: Int32
    var node: Int32
    var distance: Float
    var axes: SIMD4<Float>
  }

  /// The leaves that may hold a point no farther than the root of `bound`, near ones first; `visit` may lower the bound.
  ///
  /// A cell's distance is summed in the same order as a point's, so that rounding never makes it exceed the distance of a
  /// point inside: the search is exact down to the last bit, ties included.
  @inline(__always)
  private func visitLeaves(_ q: SIMD3<Float>, _ bound: inout Float, _ visit: (Int, inout Float) -> Void) {
    // At most one entry per level, and a tree of 2^31 points has 27 levels of inner nodes.
    withUnsafeTemporaryAllocation(of: Pending.self, capacity: 31) { buffer in
      let stack = buffer.baseAddress!
      var top = 1
      stack[0] = Pending(first: 0, end: Int32(truncatingIfNeeded: leaves), node: 0, distance: 0, axes: .zero)
      while top > 0 {
        top &-= 1
        var near = stack[top]
        if near.distance > bound { continue }
        while near.end &- near.first > 1 {
          let node = nodes[Int(near.node)]
          let middle = (near.first &+ near.end) >> 1
          let right = near.node &+ (middle &- near.first)
          var far = near
          let offset: Float
          switch node.axis {
          case 0:
            offset = q.x - node.split
            far.axes.x = offset * offset
          case 1:
            offset = q.y - node.split
            far.axes.y = offset * offset
          default:
            offset = q.z - node.split
            far.axes.z = offset * offset
          }
          far.distance = far.axes.x + far.axes.y + far.axes.z
          if offset < 0 {
            far.first = middle
            far.node = right
            near.end = middle
            near.node &+= 1
          } else {
            far.end = middle
            far.node = near.node &+ 1
            near.first = middle
            near.node = right
          }
          if far.distance <= bound {
            stack[top] = far
            top &+= 1
          }
        }
        visit(Int(near.first) &* Self.leafSize, &bound)
      }
    }
  }

  /// The squared distances of four points of a leaf.
  @inline(__always)
  private func squaredDistances(_ at: Int, _ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>) -> SIMD4<Float> {
    let dx = UnsafeRawPointer(xs + at).loadUnaligned(as: SIMD4<Float>.self) - x
    let dy = UnsafeRawPointer(ys + at).loadUnaligned(as: SIMD4<Float>.self) - y
    let dz = UnsafeRawPointer(zs + at).loadUnaligned(as: SIMD4<Float>.self) - z
    return dx * dx + dy * dy + dz * dz
  }

  /// Calls `body` with each point of a leaf that is no farther than the bound at the time.
  @inline(__always)
  private func scan(
    _ leaf: Int, _ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>, _ bound: inout Float,
    _ body: (Neighbor, inout Float) -> Void
  ) {
    var at = leaf
    let end = leaf &+ Self.leafSize
    while at < end {
      let d = squaredDistances(at, x, y, z)
      if any(d .<= bound) {
        for lane in 0..<4 where d[lane] <= bound {
          body(Neighbor(index: ids[at &+ lane], squaredDistance: d[lane]), &bound)
        }
      }
      at &+= 4
    }
  }

  /// The nearest point whose distance is at most `radius` metres; nil where there is none.
  public func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor? {
    guard let bound = squaredBound(radius) else { return nil }
    let found = nearest(to: query, withinSquared: bound, candidate: .none)
    return found.index >= 0 ? found : nil
  }

  /// The nearest point whose squared distance is at most `squaredRadius`, ``Neighbor/none`` where there is none. A
  /// candidate that is known to be near, with its distance to this query, shortens the search and does not change its
  /// result.
  package func nearest(to query: SIMD3<Float>, withinSquared squaredRadius: Float, candidate: Neighbor) -> Neighbor {
    let limit = Neighbor(index: -1, squaredDistance: min(squaredRadius, .greatestFiniteMagnitude)).key
    var best = min(candidate.key, limit)
    var bound = Neighbor(key: best).squaredDistance
    let (x, y, z) = (SIMD4(repeating: query.x), SIMD4(repeating: query.y), SIMD4(repeating: query.z))
    visitLeaves(query, &bound) { leaf, bound in
      scan(leaf, x, y, z, &bound) { found, bound in
        if found.key < best {
          best = found.key
          bound = found.squaredDistance
        }
      }
    }
    let found = Neighbor(key: best)
    return found.index >= 0 ? found : .none
  }

  /// The two nearest points whose squared distance is at most `squaredRadius`, ``Neighbor/none`` where there are fewer.
  ///
  /// Candidates that are known to be near, with their distances to this query, shorten the search and do not change its
  /// result; two given candidates must have different indices.
  package func nearestTwo(
    to query: SIMD3<Float>, withinSquared squaredRadius: Float, candidates: (Neighbor, Neighbor) = (.none, .none)
  ) -> (Neighbor, Neighbor) {
    let limit = Neighbor(index: -1, squaredDistance: min(squaredRadius, .greatestFiniteMagnitude)).key
    var (first, second) = (min(candidates.0.key, limit), min(candidates.1.key, limit))
    if second < first { swap(&first, &second) }
    var bound = Neighbor(key: second).squaredDistance
    let (x, y, z) = (SIMD4(repeating: query.x), SIMD4(repeating: query.y), SIMD4(repeating: query.z))
    visitLeaves(query, &bound) { leaf, bound in
      scan(leaf, x, y, z, &bound) { found, bound in
        let key = found.key
        // Equal keys are the candidates, met again.
        if key >= second || key == first { return }
        if key < first {
          (first, second) = (key, first)
        } else {
          second = key
        }
        bound = Neighbor(key: second).squaredDistance
      }
    }
    let (a, b) = (Neighbor(key: first), Neighbor(key: second))
    return (a.index >= 0 ? a : .none, b.index >= 0 ? b : .none)
  }

  /// The k nearest points, ascending; fewer where there are fewer.
  public func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor] {
    let k = max(0, min(k, count))
    return [Neighbor](unsafeUninitializedCapacity: k) { buffer, initialized in
      guard let list = buffer.baseAddress, k > 0 else { return }
      neighbors(of: query, count: k, into: list)
      initialized = k
      while initialized > 0 && list[initialized - 1].index < 0 { initialized -= 1 }
    }
  }

  /// Writes the k nearest points to `list`, which has room for k >= 1 of them, in ascending order; ``Neighbor/none``
  /// where there are fewer. No memory is allocated.
  public func neighbors(of query: SIMD3<Float>, count k: Int, into list: UnsafeMutablePointer<Neighbor>) {
    let keys = UnsafeMutableRawPointer(list)
    for i in 0..<k { list[i] = .none }
    let last = k &- 1
    var worst = Neighbor.none.key
    var bound = Float.greatestFiniteMagnitude
    let (x, y, z) = (SIMD4(repeating: query.x), SIMD4(repeating: query.y), SIMD4(repeating: query.z))
    visitLeaves(query, &bound) { leaf, bound in
      scan(leaf, x, y, z, &bound) { found, bound in
        let key = found.key
        if key >= worst { return }
        var i = last
        while i > 0 {
          let previous = keys.loadUnaligned(fromByteOffset: 8 &* (i &- 1), as: UInt64.self)
          if previous < key { break }
          keys.storeBytes(of: previous, toByteOffset: 8 &* i, as: UInt64.self)
          i &-= 1
        }
        keys.storeBytes(of: key, toByteOffset: 8 &* i, as: UInt64.self)
        worst = keys.loadUnaligned(fromByteOffset: 8 &* last, as: UInt64.self)
        bound = min(Neighbor(key: worst).squaredDistance, .greatestFiniteMagnitude)
      }
    }
  }

  /// All points whose distance is at most `radius` metres, ascending.
  public func neighbors(of query: SIMD3<Float>, within radius: Float) -> [Neighbor] {
    var list: [Neighbor] = []
    collectNeighbors(of: query, within: radius, into: &list)
    return list.sorted { $0.precedes($1) }
  }

  /// Replaces `list` by all points whose distance is at most `radius` metres, in no particular but always the same
  /// order. A list that is passed again and again is not reallocated.
  public func collectNeighbors(of query: SIMD3<Float>, within radius: Float, into list: inout [Neighbor]) {
    list.removeAll(keepingCapacity: true)
    guard var bound = squaredBound(radius) else { return }
    let (x, y, z) = (SIMD4(repeating: query.x), SIMD4(repeating: query.y), SIMD4(repeating: query.z))
    visitLeaves(query, &bound) { leaf, bound in
      scan(leaf, x, y, z, &bound) { found, _ in list.append(found) }
    }
  }
}
