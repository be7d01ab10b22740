import Domains
import Foundation
import TestSupport
import Testing

/// The data sets' own files, against what their inventory says of them.
@Suite(.enabled(if: Fixtures.dataFolder != nil, Comment(rawValue: Fixtures.noData)))
struct RealFilesTests {
  private func path(_ file: String) throws -> String {
    let path = try #require(Fixtures.dataFolder).appending(path: file).path
    try #require(FileManager.default.fileExists(atPath: path), "the data folder lacks \(file)")
    return path
  }

  private func counts(_ labels: [Double]) -> [Int] {
    Dictionary(grouping: labels) { $0 }.sorted { $0.key < $1.key }.map(\.value.count)
  }

  @Test(
    "SURF features have the published shapes, range and class counts",
    arguments: [
      ("amazon", 958, 72.0, [92, 82, 94, 99, 100, 100, 99, 100, 94, 98]),
      ("caltech", 1123, 115, [151, 110, 100, 138, 85, 128, 133, 94, 87, 97]),
      ("dslr", 157, 47, [12, 21, 12, 13, 10, 24, 22, 12, 8, 23]),
      ("webcam", 295, 45, [29, 21, 31, 27, 27, 30, 43, 30, 27, 30]),
    ])
  func surf(name: String, rows: Int, largest: Double, classes: [Int]) throws {
    let file = try path("office_caltech10_surf/\(name)_SURF_L10.mat")
    let features = try MATFile.read(file, variable: "fts")
    #expect(features.shape == [rows, 800])
    #expect(features.values.max() == largest)
    let labels = try MATFile.read(file, variable: "labels")
    #expect(labels.shape == [rows, 1])
    #expect(counts(labels.values) == classes)
  }

  @Test("MATLAB 7.3 arrays have the axes that MATLAB shows")
  func jda() throws {
    let file = try path("jda_usps_mnist/MNIST_vs_USPS.mat")
    let source = try MATFile.read(file, variable: "Xs")
    #expect(source.shape == [256, 2000])
    #expect(source.values.min() == 0 && source.values.max() == 255 / 256)
    #expect(try MATFile.read(file, variable: "Xt").shape == [256, 1800])
    #expect(
      counts(try MATFile.read(file, variable: "Ys").values)
        == [196, 227, 207, 202, 196, 179, 191, 206, 195, 201])
    let labels = try MATFile.read(file, variable: "Yt")
    #expect(labels.shape == [1800, 1])
    #expect(counts(labels.values) == [352, 241, 165, 166, 166, 126, 139, 172, 129, 144])
  }

  @Test("Amazon reviews", arguments: ["books", "dvd", "electronics", "kitchen"])
  func reviews(domain: String) throws {
    let file = try path("amazon_reviews_features/\(domain)_train.mat")
    let data = try MATFile.read(file, variable: "data")
    #expect(data.shape == [2000, 5000])
    #expect(data.values.min() == 0)
    #expect(data.values.allSatisfy { $0 == $0.rounded() && $0 <= 84 })
    let labels = try MATFile.read(file, variable: "labels")
    #expect(labels.shape == [1, 2000])
    #expect(counts(labels.values) == [1000, 1000])
  }

  @Test("arrays and texts of NumPy archives")
  func archives() throws {
    let digits = try path("optdigits/optdigits_8x8_u8.npz")
    #expect(try NumPyFile.readNPZ(digits, array: "x").shape == [5620, 64])
    #expect(
      counts(try NumPyFile.readNPZ(digits, array: "y").values)
        == [554, 571, 557, 572, 568, 558, 558, 566, 554, 562])
    let office = try path("office_caltech10_mobilenet/office_caltech10_mobilenet.npz")
    let features = try NumPyFile.readNPZ(office, array: "x")
    #expect(features.shape == [2533, 1024])
    #expect(features.values.min() == 0)
    #expect(features.values.max().map { ($0 * 100).rounded() / 100 } == 5.73)
    #expect(
      try NumPyFile.readStrings(office, array: "domains").values
        == ["amazon", "caltech10", "dslr", "webcam"])
    #expect(counts(try NumPyFile.readNPZ(office, array: "domain").values) == [958, 1123, 157, 295])
  }

  @Test("compressed IDX files")
  func digits() throws {
    let images = try IDXFile.read(try path("mnist/t10k-images-idx3-ubyte.gz"))
    #expect(images.shape == [10_000, 28, 28])
    #expect(images.values.max() == 255)
    let labels = try IDXFile.read(try path("mnist/t10k-labels-idx1-ubyte.gz"))
    #expect(counts(labels.values) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    let training = try IDXFile.read(try path("mnist/train-labels-idx1-ubyte.gz"))
    #expect(
      counts(training.values)
        == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  }

  @Test("tables of every separator")
  func tables() throws {
    let cleveland = try CSVFile.read(
      try path("heart_disease/processed.cleveland.data"), separator: .character(","),
      hasHeader: false)
    #expect(cleveland.rows.count == 303 && cleveland.rows[0].count == 14)
    let students = try CSVFile.read(
      try path("student_performance/student-por.csv"), separator: .character(";"), hasHeader: true)
    #expect(students.rows.count == 649 && students.header.count == 33)
    let semeion = try CSVFile.read(
      try path("semeion/semeion.data"), separator: .whitespace, hasHeader: false)
    #expect(semeion.rows.count == 1593 && semeion.rows[0].count == 266)
    let census = try CSVFile.read(
      try path("adult/adult.data"), separator: .character(","), hasHeader: false)
    #expect(census.rows.count == 32561 && census.rows[0].count == 15)
    let test = try CSVFile.read(
      try path("adult/adult.test"), separator: .character(","), hasHeader: false, skippedLines: 1)
    #expect(test.rows.count == 16281 && test.lines.first == 2)
    let sentences = try CSVFile.read(
      try path("sentiment_labelled_sentences/imdb_labelled.txt"), separator: .character("\t"),
      hasHeader: false, quoted: false)
    #expect(sentences.rows.count == 1000)
  }
}
