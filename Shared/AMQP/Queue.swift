/// A queue as it should be declared.
package struct Queue: Hashable, Sendable {
    package let name: String
    package let durable: Bool
    /// Whether only the connection that declares it may use it; it is deleted with the connection.
    package let exclusive: Bool
    /// `x-queue-type` and the like.
    package let arguments: [String: HeaderValue]

    package init(
        _ name: String, durable: Bool = true, exclusive: Bool = false, arguments: [String: HeaderValue] = [:]
    ) {
        self.name = name
        self.durable = durable
        self.exclusive = exclusive
        self.arguments = arguments
    }
}
