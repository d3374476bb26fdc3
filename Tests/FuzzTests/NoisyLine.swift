import Foundation
import TestSupport
import Testing

/// Many connections over lines that change what the server says. Each ends in time, in an error that names it or with
/// what was sent; the next one over the same line, when it is quiet again, is as good as new; and nothing is kept.
struct NoisyLine: Sendable {
    let name: String
    let host: String
    let port: Int
    /// By when the noise has begun, in bytes from the server.
    let longest: Int

    static let lines = 16
    /// Far more than all the time limits of one connection together.
    private static let deadline = Duration.seconds(15)

    /// One line, for one connection after the other.
    struct End: Sendable {
        let number: Int
        let port: Int
        let isNoisy: Bool
        /// Whether no byte was changed since the connection began.
        let isClear: @Sendable () -> Bool
        /// Ends the connection from the other side.
        let hangUp: @Sendable () -> Void
    }

    /// - Parameter converse: opens a connection, talks, and closes it. Throws what may not happen; an error of the
    ///   client's own may happen, but not on a line without noise.
    func run(_ converse: @escaping @Sendable (End) async throws -> Void) async throws {
        let count = max(Self.lines, Campaign.inputs / 250)
        print("\(name): \(count) connections, COPPS_FUZZ_SEED=\(Campaign.seed)")
        try await go(through: 0..<count / 4, converse)
        let memory = Campaign.residentMemory
        try await go(through: count / 4..<count, converse)
        #expect(Campaign.residentMemory - memory < Campaign.memoryBound)
    }

    private func go(through numbers: Range<Int>, _ converse: @escaping @Sendable (End) async throws -> Void)
        async throws
    {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for line in 0..<Self.lines {
                group.addTask {
                    let corruptor = Corruptor()
                    let proxy = try Proxy(to: host, port: port, passage: corruptor.passage)
                    defer { proxy.stop() }
                    for number in numbers where number % Self.lines == line {
                        let seed = Campaign.seed &+ UInt64(number)
                        let start = ContinuousClock.now
                        do {
                            corruptor.begin(seed, within: longest)
                            // A good-bye over a noisy line takes as long as may be: some try it.
                            let hangUp = { @Sendable in if number % 8 != 0 { proxy.set(.refuse) } }
                            try await converse(
                                End(
                                    number: line, port: proxy.port, isNoisy: true, isClear: { !corruptor.hasHarmed },
                                    hangUp: hangUp))
                            corruptor.end()
                            proxy.set(.forward)
                            try await converse(
                                End(number: line, port: proxy.port, isNoisy: false, isClear: { true }, hangUp: {}))
                        } catch {
                            throw Broken("\(name), connection of seed \(seed): \(error)")
                        }
                        let time = ContinuousClock.now - start
                        guard time < Self.deadline else {
                            throw Broken("\(name), connection of seed \(seed) took \(time)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
