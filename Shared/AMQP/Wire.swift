import CRabbitMQ
import Glibc

/// A connection of librabbitmq: it logs in, and decodes what arrives.
///
/// What is sent after the login we write ourselves: the library's own writing has no deadline, so a broker that stops
/// reading would stop the thread. For the same reason the library's heartbeats are switched off once negotiated.
///
/// Not Sendable: lives inside one actor.
final class Wire {
    private let connection: amqp_connection_state_t
    /// As negotiated; zero when the broker wants none.
    private(set) var heartbeat = Duration.zero

    /// RabbitMQ's default, and with it the largest frame that the library will ever have to decode.
    private static let frameSize: Int32 = 131_072
    private static let channels: Int32 = 2

    /// Connects to the first of the brokers that answers, from a random one on.
    static func open(_ configuration: AMQPConfiguration) throws(AMQPError) -> Wire {
        let brokers = configuration.brokers
        let start = brokers.indices.randomElement() ?? 0
        var failures: [AMQPError] = []
        for broker in brokers[start...] + brokers[..<start] {
            do throws(AMQPError) {
                return try Wire(configuration, broker)
            } catch {
                failures.append(error)
            }
        }
        throw AMQPError(unreachable: failures)
    }

    private init(_ configuration: AMQPConfiguration, _ broker: BrokerAddress) throws(AMQPError) {
        let connecting = "connect to \(broker)"
        let login = "log in to \(broker)"
        guard let connection = amqp_new_connection() else { throw AMQPError(.connectionFailed, connecting) }
        self.connection = connection
        guard let socket = amqp_tcp_socket_new(connection) else { throw AMQPError(.connectionFailed, connecting) }
        var timeout = timeval(configuration.connectTimeout)
        try check(
            amqp_socket_open_noblock(socket, broker.host, Int32(clamping: broker.port), &timeout), connecting)
        try check(amqp_set_handshake_timeout(connection, &timeout), login)
        let reply = shim_login(
            connection, configuration.virtualHost, Self.channels, Self.frameSize,
            Int32(clamping: max(1, configuration.heartbeat.components.seconds)), configuration.user,
            configuration.password, configuration.connectionName)
        guard reply.reply_type == AMQP_RESPONSE_NORMAL else { throw AMQPError(login: reply, login) }
        heartbeat = .seconds(amqp_get_heartbeat(connection))
        try check(
            amqp_tune_connection(
                connection, amqp_get_channel_max(connection), amqp_get_frame_max(connection), 0),
            login)
    }

    deinit {
        amqp_destroy_connection(connection)
    }

    var descriptor: Int32 { amqp_get_sockfd(connection) }
    var frameSize: Int { Int(amqp_get_frame_max(connection)) }

    /// The next frame that has already arrived, nil when there is none.
    func nextFrame() throws(AMQPError) -> Frame? {
        amqp_maybe_release_buffers(connection)
        var frame = amqp_frame_t()
        var now = timeval()
        let status = amqp_simple_wait_frame_noblock(connection, &frame, &now)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
        guard status == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(status: status, "read", otherwise: .connectionLost)
        }
        return try Frame(frame)
    }

    /// Writes what the socket takes now; zero when it takes nothing.
    func write(_ bytes: ArraySlice<UInt8>) throws(AMQPError) -> Int {
        let count = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        if [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) { return 0 }
        throw AMQPError(.connectionLost, "write", replyText: String(cString: strerror(errno)))
    }

    /// Ends the connection without a word. The descriptor stays ours, and becomes readable for whoever waits for it.
    func hangUp() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func check(_ status: Int32, _ operation: String) throws(AMQPError) {
        guard status == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(status: status, operation, otherwise: .connectionFailed)
        }
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
