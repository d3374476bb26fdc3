import NIOHTTP1
import Contracts
import Foundation

/// RabbitMQ's management interface, for what AMQP has no words for: users and their permissions.
struct BrokerManagement: Sendable {
    private let client: APIClient
    private let virtualHost: String

    init() throws {
        client = APIClient(
            base: try Environment.require("COPPS_BROKER_MANAGEMENT_URL") + "/api",
            user: try Environment.require("COPPS_BROKER_ADMIN_USER"),
            password: try Environment.require("COPPS_BROKER_ADMIN_PASSWORD"))
        virtualHost = Self.escape(try Environment.require("COPPS_BROKER_VHOST"))
    }

    /// What a user may do; the patterns are regular expressions over names.
    struct Permissions: Encodable, Sendable {
        var configure = "^$"
        let write: String
        let read: String
    }

    struct TopicPermission: Encodable, Sendable {
        let exchange: String
        /// Routing keys the user may publish with.
        let write: String
        var read = "^$"
    }

    /// Creates or changes a user that can only publish and read what is said.
    func allow(_ user: String, password: String, _ permissions: Permissions, topic: TopicPermission?) async throws {
        struct User: Encodable, Sendable {
            let password: String
            let tags = ""
        }
        let name = Self.escape(user)
        try await client.send(.PUT, "/users/\(name)", body: User(password: password))
        try await client.send(.PUT, "/permissions/\(virtualHost)/\(name)", body: permissions)
        if let topic { try await client.send(.PUT, "/topic-permissions/\(virtualHost)/\(name)", body: topic) }
    }

    func ensureVirtualHost() async throws {
        struct Nothing: Encodable, Sendable {}
        try await client.send(.PUT, "/vhosts/\(virtualHost)", body: Nothing())
    }

    /// Has the nodes of a cluster share the leading of queues that are declared from now on; a single node does not mind.
    /// Of several policies that match a queue one holds: any other comes before this.
    func spreadLeaders() async throws {
        struct Policy: Encodable, Sendable {
            let pattern = ""
            let definition = ["queue-leader-locator": "balanced"]
            let priority = -1
            let applyTo = "queues"

            enum CodingKeys: String, CodingKey {
                case pattern, definition, priority
                case applyTo = "apply-to"
            }
        }
        try await client.send(.PUT, "/policies/\(virtualHost)/spread-leaders", body: Policy())
    }

    /// How many nodes the cluster has, whether they are up or not.
    func nodeCount() async throws -> Int {
        struct Node: Decodable, Sendable {}
        return try await client.get("/nodes", as: [Node].self).count
    }

    struct QueueState: Decodable, Sendable {
        let name: String
        let durable: Bool
        let arguments: [String: Argument]
        let messages: Int?
        /// The nodes that hold a copy.
        let members: [String]?
    }

    struct BindingState: Decodable, Sendable, Hashable {
        let source: String
        let destination: String
        let routing_key: String
    }

    /// A queue argument: text, number or boolean.
    enum Argument: Decodable, Sendable, Equatable {
        case text(String), number(Int), flag(Bool)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    func queues() async throws -> [QueueState] {
        try await client.get("/queues/\(virtualHost)", as: [QueueState].self)
    }

    func bindings() async throws -> [BindingState] {
        try await client.get("/bindings/\(virtualHost)", as: [BindingState].self)
    }

    static func escape(_ name: String) -> String {
        name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? name
    }

    /// RFC 3986, 2.3: never escaped, for our own services, among others, do not take `%2D` for `-`.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
