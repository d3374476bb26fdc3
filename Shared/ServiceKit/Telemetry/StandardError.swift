import Foundation
import Synchronization

/// Standard error, written a whole text at a time: lines of two threads never mix.
package enum StandardError {
    private static let lock = Mutex(())

    package static func write(_ text: String) {
        lock.withLock { _ in
            // Nothing can be done about a log that cannot be written, and the service's work must not fail for it.
            try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
        }
    }
}
