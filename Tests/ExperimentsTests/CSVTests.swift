import Testing

@testable import Experiments

struct CSVTests {
  @Test func fieldsAreQuotedWhereTheyMustBe() {
    #expect(
      CSV.text([["a", "b,c", "say \"so\""], ["", "two\nlines", "end"]])
        == "a,\"b,c\",\"say \"\"so\"\"\"\r\n,\"two\nlines\",end\r\n")
  }

  @Test func noTextIsTakenForAFormula() {
    #expect(
      CSV.text([["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+2", "-x", "\t=1", "-1.5", "+3", "a=b"]])
        == "'=cmd|' /C calc'!A0,'@SUM(A1),'+1+2,'-x,'\t=1,-1.5,+3,a=b\r\n")
  }

  @Test func numbersReadBack() {
    for value: Double in [0.1, 1 / 3, 1e-300, -2.5, 1e22] {
      #expect(Double(CSV.number(value)) == value)
    }
    #expect(CSV.number(1) == "1")
    #expect(CSV.number(-0.0) == "0")
    #expect(CSV.number(nil) == "")
  }
}
