/// Tokens that attend to each other where the tokens of several samples stand in one list.
public struct AttentionGroup: Sendable {
  /// The rows that ask.
  public var queries: Range<Int>
  /// The rows of the context that answer, one range behind the other.
  public var keys: [Range<Int>]

  /// A group.
  public init(queries: Range<Int>, keys: [Range<Int>]) { (self.queries, self.keys) = (queries, keys) }
}

/// Attention within groups: each of the linear maps goes over the tokens of all groups in one product.
extension MultiHeadAttention {
  /// What the backward pass needs.
  public struct GroupMemory<S: NetworkScalar>: Sendable {
    @usableFromInline let groups: [AttentionGroup]
    @usableFromInline let tokens: Tokens<S>
    @usableFromInline let context: Tokens<S>
    @usableFromInline let queries: Tokens<S>
    @usableFromInline let keys: Tokens<S>
    @usableFromInline let values: Tokens<S>
    @usableFromInline let gathered: Tokens<S>
    @usableFromInline let weights: [Attention.Memory<S>]

    @inlinable
    init(
      groups: [AttentionGroup], tokens: Tokens<S>, context: Tokens<S>, queries: Tokens<S>, keys: Tokens<S>,
      values: Tokens<S>, gathered: Tokens<S>, weights: [Attention.Memory<S>]
    ) {
      (self.groups, self.tokens, self.context, self.queries) = (groups, tokens, context, queries)
      (self.keys, self.values, self.gathered, self.weights) = (keys, values, gathered, weights)
    }
  }

  /// What the tokens gather from the context of their groups, and what the backward pass needs.
  /// - Parameters:
  ///   - shift: added to keys and values, one row for each token of the context; nil adds nothing.
  ///   - groups: whose queries cover the tokens, without overlap.
  @inlinable
  public func forward<S: NetworkScalar>(
    _ x: Tokens<S>, context: Tokens<S>, shift: Tokens<S>? = nil, groups: [AttentionGroup], _ parameters: [S]
  ) -> (Tokens<S>, GroupMemory<S>) {
    let queries = query.forward(x, parameters)
    var keys = key.forward(context, parameters)
    var values = value.forward(context, parameters)
    if let shift {
      keys += shift
      values += shift
    }
    var gathered = Tokens<S>(rows: x.rows, columns: x.columns)
    var weights: [Attention.Memory<S>] = []
    for group in groups {
      let (found, memory) = attention.forward(
        queries.rows(group.queries), keys.gathering(group.keys), values.gathering(group.keys))
      gathered.add(found, at: [group.queries])
      weights.append(memory)
    }
    let memory = GroupMemory(
      groups: groups, tokens: x, context: context, queries: queries, keys: keys, values: values, gathered: gathered,
      weights: weights)
    return (output.forward(gathered, parameters), memory)
  }

  /// The gradients with respect to tokens, context and shift; those of the parameters are added.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: GroupMemory<S>, _ parameters: [S], _ gradient: inout [S]
  ) -> (tokens: Tokens<S>, context: Tokens<S>, shift: Tokens<S>) {
    let gathered = output.backward(dy, input: memory.gathered, parameters, &gradient)
    var queries = Tokens<S>(rows: memory.queries.rows, columns: memory.queries.columns)
    var keys = Tokens<S>(rows: memory.keys.rows, columns: memory.keys.columns)
    var values = keys
    for (group, weights) in zip(memory.groups, memory.weights) {
      let d = attention.backward(
        gathered.rows(group.queries), memory.queries.rows(group.queries), memory.keys.gathering(group.keys),
        memory.values.gathering(group.keys), weights)
      queries.add(d.queries, at: [group.queries])
      keys.add(d.keys, at: group.keys)
      values.add(d.values, at: group.keys)
    }
    let tokens = query.backward(queries, input: memory.tokens, parameters, &gradient)
    var context = key.backward(keys, input: memory.context, parameters, &gradient)
    context += value.backward(values, input: memory.context, parameters, &gradient)
    return (tokens, context, keys + values)
  }
}

extension Tokens {
  /// The tokens of several ranges of rows, one range behind the other.
  @inlinable
  public func gathering(_ ranges: [Range<Int>]) -> Tokens {
    var gathered: [Scalar] = []
    let count = ranges.reduce(0) { $0 + $1.count }
    gathered.reserveCapacity(count * columns)
    for range in ranges { gathered += values[range.lowerBound * columns..<range.upperBound * columns] }
    return Tokens(rows: count, columns: columns, values: gathered)
  }

  /// Adds tokens to those of several ranges of rows, in the order of ``gathering(_:)``.
  @inlinable
  public mutating func add(_ other: Tokens, at ranges: [Range<Int>]) {
    precondition(other.columns == columns && other.rows == ranges.reduce(0) { $0 + $1.count }, "rows to add to")
    var place = 0
    let width = columns
    values.withUnsafeMutableBufferPointer { x in
      other.values.withUnsafeBufferPointer { y in
        for range in ranges {
          for i in range.lowerBound * width..<range.upperBound * width {
            x[i] += y[place]
            place += 1
          }
        }
      }
    }
  }
}
