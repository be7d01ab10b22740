import Domains
import LinearAlgebra

/// How many target samples have the class of their nearest source sample, ties to the lowest
/// source index.
func nearestNeighbourHits(_ pair: DomainPair) -> Int {
  let columns = pair.source.features.columns
  return pair.source.features.elements.withUnsafeBufferPointer { source in
    pair.target.features.elements.withUnsafeBufferPointer { target in
      (0..<pair.target.count).count { row in
        var best = Double.infinity
        var nearest = 0
        for other in 0..<pair.source.count {
          var sum = 0.0
          var column = 0
          while column < columns, sum < best {
            let difference = source[other * columns + column] - target[row * columns + column]
            sum += difference * difference
            column += 1
          }
          if sum < best { (best, nearest) = (sum, other) }
        }
        return pair.source.labels[nearest] == pair.target.labels[row]
      }
    }
  }
}

/// The accuracy of the nearest neighbour.
func nearestNeighbourAccuracy(_ pair: DomainPair) -> Double {
  Double(nearestNeighbourHits(pair)) / Double(pair.target.count)
}
