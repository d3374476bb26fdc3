/// How much goes in one piece from the broker to the database and back.
///
/// Every service keeps to ``standard``: the numbers were chosen by measuring on two cores shared with broker and database,
/// see `deploy/docs/benchmarks.md`. Others are for measuring again, by `copps-bench ablate`.
package struct Pace: Sendable {
    /// Messages that are settled in one transaction; three times as many are on their way. A commit is waited for once a
    /// batch, so small ones are slow, and what a batch holds is memory: twice as many are 3 MB more and no faster.
    package var batch = 256
    /// Messages that the relay reads and publishes at once; twice as many await their confirmation. What it had not
    /// noted when it was killed is published again.
    package var window = 500

    package static let standard = Pace()
}
