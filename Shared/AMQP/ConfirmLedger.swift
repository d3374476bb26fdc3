/// Which publications the broker has yet to confirm.
///
/// The broker settles tags in any order and many at once; a return comes before the confirmation of its message and
/// names no tag.
struct ConfirmLedger {
    private(set) var published: UInt64 = 0
    /// Every tag up to this one is settled.
    private var settled: UInt64 = 0
    private var outstanding: [UInt64: Address] = [:]
    private var rejections: [UInt64: Rejection] = [:]
    private var lastReturned: UInt64 = 0

    /// What a return tells about its message.
    struct Address: Equatable {
        let exchange: String
        let routingKey: String
        let messageID: String?
    }

    mutating func publish(_ message: Publication) {
        published += 1
        outstanding[published] = Address(
            exchange: message.exchange, routingKey: message.routingKey, messageID: message.properties.messageID)
    }

    func isSettled(through tag: UInt64) -> Bool { settled >= tag }

    /// - Parameter rejection: nil when the broker took them.
    mutating func settle(_ tag: UInt64, multiple: Bool, rejection: Rejection?) throws(AMQPError) {
        guard tag <= published, multiple || tag > 0 else {
            throw AMQPError(.protocolViolation, "confirm", replyText: "tag \(tag) was never published")
        }
        let last = tag == 0 ? published : tag  // zero and multiple: all of them
        var next = multiple ? settled + 1 : tag
        while next <= last {
            if outstanding.removeValue(forKey: next) != nil, let rejection, rejections[next] == nil {
                rejections[next] = rejection
            }
            next += 1
        }
        while settled < published, outstanding[settled + 1] == nil { settled += 1 }
    }

    /// Returns come in the order of publishing, so the search goes on where the last one was found.
    mutating func giveBack(_ address: Address, _ rejection: Rejection) throws(AMQPError) {
        var tag = max(settled, lastReturned) + 1
        while tag <= published, outstanding[tag] != address { tag += 1 }
        guard tag <= published else {
            throw AMQPError(.protocolViolation, "confirm", replyText: "a message came back that is not awaited")
        }
        rejections[tag] = rejection
        lastReturned = tag
    }

    /// Each rejection is told once.
    mutating func takeRejections(through tag: UInt64) -> [UInt64: Rejection] {
        let taken = rejections.filter { $0.key <= tag }
        for tag in taken.keys { rejections[tag] = nil }
        return taken
    }
}
