package import Contracts
import Foundation
package import Hummingbird
package import Messaging
import Synchronization

/// What is known about a request besides its bytes: who sent it and which trace it belongs to.
package struct APIContext: RequestContext {
    /// Longer request bodies are answered with 413.
    package static let bodyLimit = 256 * 1024

    package var coreContext: CoreRequestContextStorage
    package var trace = TraceContext.root()
    private let sender = Sender()

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    package var maxUploadSize: Int { Self.bodyLimit }
    package var requestDecoder: ContractCoding { ContractCoding() }
    package var responseEncoder: ContractCoding { ContractCoding() }

    /// Nil on routes that need no token.
    package internal(set) var principal: Principal? {
        get { sender.principal.withLock { $0 } }
        nonmutating set { sender.principal.withLock { $0 = newValue } }
    }

    /// The principal, if it has one of these roles; any role will do when none is named. Otherwise throws 401 or 403.
    @discardableResult
    package func require(_ roles: Role...) throws(Problem) -> Principal {
        guard let principal else { throw .unauthorized() }
        guard roles.isEmpty || roles.contains(principal.role) else { throw .forbidden("your role may not do this") }
        return principal
    }

    /// The id in the path, for example of `v1/calls/{call}`. Text that is no id names nothing: 404.
    package func identifier<Entity>(
        _ name: String, as type: Identifier<Entity>.Type = Identifier<Entity>.self
    ) throws(Problem) -> Identifier<Entity> {
        guard let id = parameters.get(name).flatMap({ Identifier<Entity>($0) }) else {
            throw .notFound("there is no such \(name)")
        }
        return id
    }

    /// Shared by the copies of a context, so that the request log knows who was let in further down the chain.
    private final class Sender: Sendable {
        let principal = Mutex<Principal?>(nil)
    }
}
