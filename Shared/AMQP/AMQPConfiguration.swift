/// Where the broker is and how a connection to it behaves. RabbitMQ 3.10 or newer.
package struct AMQPConfiguration: Sendable {
    /// The only one, or the nodes of a cluster, of which any will do. A connection is opened to the first that answers,
    /// from a random one on: so the clients spread, and do without a node that is down.
    package var brokers: [BrokerAddress]
    package var virtualHost: String
    package var user: String
    package var password: String
    /// Shown in the broker's list of connections.
    package var connectionName: String
    /// Offered to the broker, whole seconds; a broker that is silent for two of them counts as lost.
    package var heartbeat: Duration
    /// Longer bodies are counted and hashed but not kept.
    package var maximumBodySize: Int
    /// For the TCP connection, and again for the login; of each broker that is tried.
    package var connectTimeout: Duration
    /// How long the broker may take to answer a request.
    package var answerTimeout: Duration
    /// How long the broker may take nothing of what is being sent to it.
    package var sendTimeout: Duration

    package init(
        brokers: [BrokerAddress], virtualHost: String, user: String, password: String, connectionName: String,
        heartbeat: Duration = .seconds(10), maximumBodySize: Int = 256 * 1024, connectTimeout: Duration = .seconds(5),
        answerTimeout: Duration = .seconds(10), sendTimeout: Duration = .seconds(15)
    ) {
        self.brokers = brokers
        self.virtualHost = virtualHost
        self.user = user
        self.password = password
        self.connectionName = connectionName
        self.heartbeat = heartbeat
        self.maximumBodySize = maximumBodySize
        self.connectTimeout = connectTimeout
        self.answerTimeout = answerTimeout
        self.sendTimeout = sendTimeout
    }
}
