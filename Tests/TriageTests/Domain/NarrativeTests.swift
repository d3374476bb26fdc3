import Contracts
import Testing
@testable import Triage

@Suite("Reading a narrative")
struct NarrativeTests {
    @Test("case, accents, apostrophes and invisible characters do not matter")
    func folding() {
        let narrative = Narrative([NarrativeLine(at: .monday, text: "He DOESN’T\u{200B} répond, w/o  shoes")])
        #expect(narrative.clauses == [["he", "doesnt", "repond"], ["w", "o", "shoes"]])
    }

    @Test("plain text is folded and cut as all text is", arguments: UInt8.min..<0x80)
    func plain(byte: UInt8) {
        let text = "Wh\(Character(Unicode.Scalar(byte)))O5\(Character(Unicode.Scalar(byte)))\n b"
        #expect(Narrative.fold(text + "ñ") == Narrative.fold(text) + "n")
        let clauses = Narrative([NarrativeLine(at: .monday, text: text)]).clauses
        #expect(Narrative([NarrativeLine(at: .monday, text: text + ". ж")]).clauses == clauses + [["ж"]])
    }

    @Test(
        "a phrase matches whole words, a star any ending, a tilde one slip",
        arguments: [
            ("gun", "gun", true), ("gun", "gunman", false), ("gun", "begun", false), ("suicid*", "suicidle", true),
            ("suicid*", "suici", false), ("machete~", "machette", true), ("machete~", "machte", true),
            ("machete~", "mcahete", true), ("machete~", "machines", false), ("machete~", "xachete", false),
        ])
    func words(_ spelling: String, _ word: String, _ matches: Bool) throws {
        #expect(try #require(Phrase(spelling)).matches([word], at: 0) == matches)
    }

    @Test("what cannot be a phrase is refused", arguments: ["", "  ", "*", "ab*", "gun~", "a,b", "gun!", "no-one"])
    func refused(_ spelling: String) {
        #expect(Phrase(spelling) == nil)
    }

    @Test(
        "negation reaches a few words within its clause",
        arguments: [
            ("no gun", true), ("denies having a gun", true), ("unknown if he owns a gun", false),
            ("unknown if gun", true), ("did not bring any gun", true), ("no money. gun", false), ("no, gun", false),
            ("no shirt has gun", false), ("does not have a gun", true), ("will not drop the gun", false),
            ("not only a gun", false), ("nobody hurt or bleeding and a gun", false), ("a gun", false),
            ("gun, no doubt", false),
        ])
    func negation(_ text: String, _ isNegated: Bool) throws {
        let mentions = try Shipped.rules().lexicon.mentions(in: Narrative([NarrativeLine(at: .monday, text: text)]))
        #expect(mentions.filter { $0.words == "gun" }.map(\.isNegated) == [isNegated])
    }

    @Test("a long narrative is read once, however many phrases there are")
    func long() throws {
        let text = String(repeating: "subject walking north on Example Avenue with a bag ", count: 1000)
        let mentions = try Shipped.rules().lexicon.mentions(in: Narrative([NarrativeLine(at: .monday, text: text)]))
        #expect(mentions.isEmpty)
    }
}
