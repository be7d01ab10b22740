/// Which operations a program runs, and which memory each of their variables has, and when.
///
/// Time runs over the operations forwards, then backwards. A value lives from the operation that
/// computes it to the last that reads it, be it backwards; a gradient from the first operation
/// that stores one to the operation whose output it belongs to. What doesn't live at the same
/// time may have the same memory.
struct MemoryPlan {
  /// The operations that the outputs depend on, in the order in which they were recorded.
  let operations: [any Operation]
  /// Those of them whose backward rules run, the last first, each with what is added afterwards:
  /// gradients of operands that another operation has stored one of.
  private(set) var backward: [(operation: any Operation, additions: [Addition])] = []
  /// Scratch memory of each half.
  private(set) var scratch: [Floats] = []
  private(set) var storages: [Storage] = []

  typealias Addition = (part: Floats, sum: Floats)

  /// Numbers that need a place for a while.
  private final class Interval {
    let count: Int
    let birth: Int
    var death: Int
    var memory = Floats(start: nil, count: 0)

    init(count: Int, birth: Int, death: Int) {
      self.count = count
      self.birth = birth
      self.death = death
    }
  }

  private typealias Places = [ObjectIdentifier: Interval]
  private var intervals: [Interval] = []
  private let producers: [ObjectIdentifier: Int]
  /// Later than every operation.
  private let end: Int

  init(recorded: [any Operation], outputs: [Node], loss: Node?) {
    operations = Self.needed(of: recorded, for: outputs)
    end = 2 * operations.count
    producers = Dictionary(
      uniqueKeysWithValues: operations.enumerated().map { ($1.output.id, $0) })
    let values = placeValues(outputs: outputs, isBackward: loss != nil)
    var gradients: Places = [:]
    var operandGradients: [(operand: Operand, interval: Interval, adds: Bool)] = []
    var steps: [(operation: any Operation, operands: Range<Int>)] = []
    if let loss {
      (gradients, operandGradients, steps) = placeGradients(of: loss)
    }
    assignMemory()

    for node in nodes(outputs) {
      if let interval = values[node.id] { node.value = interval.memory }
      if let interval = gradients[node.id] { node.gradient = interval.memory }
    }
    for (operand, interval, adds) in operandGradients {
      operand.gradient =
        operand.node.weight == nil || adds ? interval.memory : operand.node.gradient
    }
    backward = steps.map { step in
      (
        step.operation,
        operandGradients[step.operands].filter(\.adds).map {
          ($0.interval.memory, $0.operand.node.gradient)
        }
      )
    }
    let scratchCount = operations.map(\.scratchCount).max() ?? 0
    for _ in 0..<2 {
      let storage = Storage(count: scratchCount)
      storages.append(storage)
      scratch.append(storage.floats)
    }
  }

  private static func needed(
    of recorded: [any Operation], for outputs: [Node]
  ) -> [any Operation] {
    var wanted = Set(outputs.map(\.id))
    var needed: [any Operation] = []
    for operation in recorded.reversed() where wanted.contains(operation.output.id) {
      needed.append(operation)
      wanted.formUnion(operation.operands.map(\.node.id))
    }
    return needed.reversed()
  }

  private func nodes(_ outputs: [Node]) -> [Node] {
    outputs + operations.flatMap { $0.operands.map(\.node) + [$0.output] }
  }

  private func backwardTime(_ index: Int) -> Int { end - 1 - index }

  /// When each variable's value is read for the last time.
  private func lastReads(outputs: [Node], isBackward: Bool) -> [ObjectIdentifier: Int] {
    var lastReads: [ObjectIdentifier: Int] = [:]
    for (index, operation) in operations.enumerated() {
      let goesBack = isBackward && operation.output.isDifferentiable
      func time(_ reads: BackwardReads) -> Int {
        goesBack && operation.backwardReads.contains(reads) ? backwardTime(index) : index
      }
      lastReads[operation.output.id] = time(.output)
      for operand in operation.operands {
        let id = operand.node.id
        lastReads[id] = max(lastReads[id] ?? 0, time(.inputs))
        // What is set before a run stays for the next.
        if producers[id] == nil { lastReads[id] = end }
      }
    }
    for output in outputs { lastReads[output.id] = end }
    return lastReads
  }

  private mutating func placeValues(outputs: [Node], isBackward: Bool) -> Places {
    let lastReads = lastReads(outputs: outputs, isBackward: isBackward)
    var places: Places = [:]
    for node in nodes(outputs) where producers[node.id] == nil && node.weight == nil {
      if places[node.id] == nil { places[node.id] = interval(node.count, -1, end) }
    }
    for (index, operation) in operations.enumerated() {
      let id = operation.output.id
      let death = lastReads[id] ?? index
      if let shared = places[operation.operands[0].node.id],
        operation.sharing == .view || operation.sharing == .overwriting && shared.death == index
      {
        shared.death = max(shared.death, death)
        places[id] = shared
      } else {
        places[id] = interval(operation.output.count, index, death)
      }
    }
    return places
  }

  private mutating func placeGradients(of loss: Node) -> (
    Places, [(operand: Operand, interval: Interval, adds: Bool)],
    [(operation: any Operation, operands: Range<Int>)]
  ) {
    var uses: [ObjectIdentifier: Int] = [:]
    for operand in operations.flatMap(\.operands) { uses[operand.node.id, default: 0] += 1 }
    var places: Places = [loss.id: interval(1, -1, end)]
    var operands: [(operand: Operand, interval: Interval, adds: Bool)] = []
    var steps: [(operation: any Operation, operands: Range<Int>)] = []
    for (index, operation) in operations.enumerated().reversed() {
      guard operation.output.isDifferentiable, let upstream = places[operation.output.id] else {
        continue
      }
      let now = backwardTime(index)
      let first = operands.count
      for (position, operand) in operation.operands.enumerated() where operand.wantsGradient {
        let node = operand.node
        if places[node.id] != nil {
          operands.append((operand, interval(node.count, now, now), true))
        } else {
          let death = producers[node.id].map(backwardTime) ?? end
          let place: Interval
          if node.weight != nil {
            place = Interval(count: 0, birth: now, death: now)
          } else if position == 0, operation.sharing != .none, uses[node.id] == 1,
            producers[node.id] != nil, upstream.death == now
          {
            upstream.death = death
            place = upstream
          } else {
            place = interval(node.count, now, death)
          }
          places[node.id] = place
          operands.append((operand, place, false))
        }
      }
      steps.append((operation, first..<operands.count))
    }
    return (places.filter { $0.value.count > 0 }, operands, steps)
  }

  private mutating func interval(_ count: Int, _ birth: Int, _ death: Int) -> Interval {
    let interval = Interval(count: count, birth: birth, death: death)
    intervals.append(interval)
    return interval
  }

  /// Gives each interval memory: the smallest that is free and large enough, else new memory.
  private mutating func assignMemory() {
    var free: [Storage] = []
    var busy: [(death: Int, storage: Storage)] = []
    for interval in intervals.sorted(by: { $0.birth < $1.birth }) {
      free += busy.filter { $0.death < interval.birth }.map(\.storage)
      busy.removeAll { $0.death < interval.birth }
      let fitting = free.indices.filter { free[$0].floats.count >= interval.count }
        .min { free[$0].floats.count < free[$1].floats.count }
      let storage: Storage
      if let fitting, free[fitting].floats.count <= 2 * max(interval.count, 64) {
        storage = free.remove(at: fitting)
      } else {
        storage = Storage(count: interval.count)
        storages.append(storage)
      }
      busy.append((interval.death, storage))
      interval.memory = Floats(rebasing: storage.floats[..<interval.count])
    }
  }
}

extension Node {
  fileprivate var id: ObjectIdentifier { ObjectIdentifier(self) }
}
