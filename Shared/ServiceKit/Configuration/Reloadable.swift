import Synchronization

/// What a configuration file says, as it is in force. A file that does not load leaves the old version in force.
///
/// Whoever works with it takes ``current`` once for a piece of work, so that nothing is decided half by each of two.
package final class Reloadable<Value: Sendable>: Sendable {
    private let load: @Sendable () throws(ConfigurationError) -> Value
    private let value: Mutex<Value>

    /// Reads the file for the first time.
    ///
    /// - Throws: every mistake in it, with its line and fix: the service then does not start.
    package init(
        _ load: @escaping @Sendable () throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) {
        self.load = load
        value = Mutex(try load())
    }

    /// A value that comes from no file and does not change.
    package init(fixed value: Value) {
        load = { () throws(ConfigurationError) in value }
        self.value = Mutex(value)
    }

    package var current: Value { value.withLock { $0 } }

    /// Reads the file again and puts it in force.
    @discardableResult
    package func reload() throws(ConfigurationError) -> Value {
        let loaded = try load()
        value.withLock { $0 = loaded }
        return loaded
    }
}
