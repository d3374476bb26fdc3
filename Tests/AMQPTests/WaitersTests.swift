import Testing

@testable import AMQP

@Suite("Waiting for news")
struct WaitersTests {
    @Test("news that comes between taking the ticket and waiting is not lost", .timeLimit(.minutes(1)))
    func early() async {
        var waiters = Waiters()
        let (all, one) = (waiters.ticket(), waiters.ticket())
        waiters.resume(one)
        await withCheckedContinuation { waiters.add($0, one) }
        waiters.resumeAll()
        await withCheckedContinuation { waiters.add($0, all) }
    }
}
