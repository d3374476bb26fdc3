import Foundation
import Testing

@testable import Messaging

@Suite("Keys that are held back")
struct HeldKeysTests {
    private let key = UUID()

    @Test("a later message that was already under way does not free the key of the one refused before it")
    func overtaken() {
        var held = HeldKeys()
        held.hold(key, for: 1)
        held.release(key, after: 2)
        #expect(held.current == [key])
        held.release(key, after: 1)
        #expect(held.current.isEmpty)
    }

    @Test("many messages of a key refused together hold it as long as one")
    func together() async {
        var held = HeldKeys()
        for message in 1...20 { held.hold(key, for: message) }
        held.release(key, after: 1)
        #expect(held.current.isEmpty)
    }

    @Test("an earlier message that is refused later becomes the one that is waited for")
    func earlier() {
        var held = HeldKeys()
        held.hold(key, for: 5)
        held.hold(key, for: 3)
        held.release(key, after: 5)
        #expect(held.current == [key])
    }
}
