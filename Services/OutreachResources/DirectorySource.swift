import Contracts
import Crypto
import Foundation
import ServiceKit
import Synchronization

/// The directory in force. A file that does not load leaves the old one in force.
final class DirectorySource: Sendable {
    private let read: @Sendable () throws(ConfigurationError) -> Data
    private let directory: Mutex<Directory>

    /// - Throws: every problem of the file, each with its line and fix: the service then does not start.
    init(reading read: @escaping @Sendable () throws(ConfigurationError) -> Data) throws(ConfigurationError) {
        self.read = read
        directory = Mutex(try Self.load(read))
    }

    /// A directory that is already read and does not change.
    init(_ directory: Directory) {
        read = { () throws(ConfigurationError) in throw ConfigurationError(["this directory has no file"]) }
        self.directory = Mutex(directory)
    }

    var current: Directory { directory.withLock(\.self) }

    func reload() throws(ConfigurationError) -> Directory {
        let loaded = try Self.load(read)
        directory.withLock { $0 = loaded }
        return loaded
    }

    private static func load(_ read: () throws(ConfigurationError) -> Data) throws(ConfigurationError) -> Directory {
        let data = try read()
        let hash = SHA256.hash(data: data).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        do {
            return try Directory.load(yaml: String(decoding: data, as: UTF8.self), hash: hash)
        } catch {
            throw ConfigurationError(error.problems.map(\.description))
        }
    }
}
