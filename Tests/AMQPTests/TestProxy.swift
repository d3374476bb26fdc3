import AMQP
import Glibc
import Synchronization

/// A listener that passes one connection on to the broker, and can stop doing so or speak in the broker's name.
final class TestProxy: Sendable {
    let configuration: AMQPConfiguration
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var client: Int32 = -1
        var server: Int32 = -1
        var isStalled = false
        var isStopped = false
    }

    private struct Problem: Error {
        let errno: Int32
    }

    init(to broker: AMQPConfiguration) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw Problem(errno: errno) }
        self.listener = listener
        var configuration = broker
        configuration.brokers = [BrokerAddress(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)))]
        self.configuration = configuration
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Context(proxy: self, port: UInt16(broker.brokers[0].port)))
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let context = Unmanaged<Context>.fromOpaque(argument).takeRetainedValue()
                context.proxy.run(port: context.port)
                return nil
            }, context.toOpaque())
        guard status == 0 else { throw Problem(errno: status) }
        pthread_detach(thread)
    }

    private final class Context: Sendable {
        let proxy: TestProxy
        let port: UInt16

        init(proxy: TestProxy, port: UInt16) {
            self.proxy = proxy
            self.port = port
        }
    }

    /// Neither side is read any more.
    func stall() {
        state.withLock { $0.isStalled = true }
    }

    /// Sends bytes to the client as if they were the broker's.
    func tellClient(_ bytes: [UInt8]) {
        _ = send(state.withLock { $0.client }, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func stop() {
        state.withLock { $0.isStopped = true }
    }

    private func run(port: UInt16) {
        let client = accept(listener, nil, nil)
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: port)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        state.withLock { ($0.client, $0.server) = (client, server) }
        var isOpen = true
        while isOpen {
            let (isStalled, isStopped) = state.withLock { ($0.isStalled, $0.isStopped) }
            if isStopped { break }
            let events = isStalled ? 0 : Int16(POLLIN)
            var polled = [
                pollfd(fd: client, events: events, revents: 0), pollfd(fd: server, events: events, revents: 0),
            ]
            _ = poll(&polled, 2, 20)
            if polled[0].revents != 0 { isOpen = pass(from: client, to: server) }
            if isOpen, polled[1].revents != 0 { isOpen = pass(from: server, to: client) }
        }
        for descriptor in [client, server, listener] { close(descriptor) }
    }

    private func pass(from source: Int32, to target: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(source, &bytes, bytes.count, 0)
        return count > 0 && send(target, bytes, count, Int32(MSG_NOSIGNAL)) == count
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
