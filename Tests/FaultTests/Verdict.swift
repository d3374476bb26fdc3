/// What became of the calls that were sent around one fault.
struct Verdict: Codable, Sendable {
    let fault: String
    let round: Int
    /// Calls that dispatch systems began to send.
    var attempts = 0
    /// Calls that the broker confirmed.
    var acknowledged = 0
    /// Confirmed, and not at intake, or not in the feed as received and as triaged.
    var lost = 0
    /// Calls nobody sent, and messages handled that nobody published.
    var unexpected = 0
    /// Calls that were received or triaged more than once, by what the ledgers and the feed say.
    var duplicated = 0
    /// Events that were handled after a later one of the same key.
    var disordered = 0
    /// Calls that came through though their dispatch system was not told so.
    var recovered = 0
    /// From the end of the fault until all calls confirmed by then were triaged and in the feed.
    var secondsToRecover = 0.0
    /// The longest that a dispatch system waited for a confirm after the one before.
    var secondsWithoutConfirm = 0.0
    /// Messages set aside that ought to have been handled.
    var parked = 0
    var seconds = 0.0
    var problems: [String] = []

    init(_ fault: String, round: Int) {
        self.fault = fault
        self.round = round
    }

    var isClean: Bool {
        lost == 0 && unexpected == 0 && duplicated == 0 && disordered == 0 && parked == 0 && problems.isEmpty
    }
}

extension Verdict: CustomStringConvertible {
    var description: String {
        let numbers =
            "\(attempts) attempts, \(acknowledged) acknowledged, \(lost) lost, \(unexpected) unexpected, "
            + "\(duplicated) duplicated, \(disordered) out of order, \(recovered) recovered, "
            + "\(tenths(secondsToRecover)) s to recover, at most \(tenths(secondsWithoutConfirm)) s without a confirm"
        return
            ([(isClean ? "ok" : "NOT OK") + " \(fault): \(numbers), \(tenths(seconds)) s in all"]
            + (parked == 0 ? [] : ["\(parked) parked"]) + problems).joined(separator: "; ")
    }
}

func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
