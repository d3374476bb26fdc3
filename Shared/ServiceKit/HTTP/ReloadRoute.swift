import Contracts
package import Hummingbird
import Logging

/// `POST <path>`: takes an edited file into use, for the next message on. A bad one is refused with every mistake, each
/// with its line and what to write instead, and the old one stays in force. For operators.
package struct ReloadRoute<Value: Sendable>: Sendable {
    private let path: String
    private let source: Reloadable<Value>
    private let describe: @Sendable (Value) -> ActiveFile

    package init(
        _ path: String, _ source: Reloadable<Value>, answering describe: @escaping @Sendable (Value) -> ActiveFile
    ) {
        self.path = path
        self.source = source
        self.describe = describe
    }

    package func add(to routes: RouterGroup<APIContext>) {
        routes.post("\(path)") { _, context in
            try context.require(.operator)
            let active: ActiveFile
            do throws(ConfigurationError) {
                active = describe(try source.reload())
            } catch {
                throw Problem.invalid(
                    error.problems.map { Receipt.Problem(pointer: "", code: "configuration", detail: $0) })
            }
            context.logger.notice(
                "configuration reloaded",
                metadata: ["file": "\(active.file)", "version": "\(active.version)", "hash": "\(active.hash)"])
            return JSONBody(active)
        }
    }
}

/// Which version of a configuration file is in force.
package struct ActiveFile: Sendable, Equatable, Codable {
    package let file: String
    package let version: String
    /// SHA-256 of the file, hexadecimal; decisions name it.
    package let hash: String

    package init(file: String, version: String, hash: String) {
        self.file = file
        self.version = version
        self.hash = hash
    }
}
