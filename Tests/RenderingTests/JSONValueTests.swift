import Rendering
import Testing

@Suite struct JSONValueTests {
  @Test("numbers read back to the same bits, text is escaped, keys keep their order")
  func text() {
    let value = JSONValue.members([
      "b": .number(0.1 + 0.2), "a": .array([.null, .bool(true), .integer(-3), .number(.nan), .number(-0.0)]),
      "text": "a\"\\\n\u{1}\u{9F}é",
    ])
    #expect(
      value.text == #"{"b":0.30000000000000004,"a":[null,true,-3,null,0],"text":"a\"\\\n\u0001\u009fé"}"#)
    #expect(Double("0.30000000000000004") == 0.1 + 0.2)
  }
}
