/// A thread for actors and for tasks that prefer it, which ends with the last of them.
///
/// Those that always work together share one: calls between them cost no change of threads.
package final class OwnThread: Sendable {
    package let executor: ThreadExecutor

    package init(name: String) {
        executor = ThreadExecutor(name: name)
    }

    deinit { executor.shutdown() }
}
