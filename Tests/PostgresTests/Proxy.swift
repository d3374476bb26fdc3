import Glibc
import Synchronization

/// A network between us and the server that can be lost: it forwards TCP connections until it is told otherwise.
final class Proxy: Sendable {
    enum Mode {
        case forward
        /// Nothing passes any more and nobody is told.
        case silence
        /// The next answer of the server is swallowed and the connection ends.
        case loseAnswer
    }

    let port: Int
    private let listener: Int32
    private let server: (host: String, port: Int)
    private let mode = Mutex(Mode.forward)

    init(to host: String, port serverPort: Int) throws {
        server = (host, serverPort)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 8) | getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Self.thread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                Self.thread { [self] in relay(client) }
            }
        }
    }

    struct Failure: Error {}

    func set(_ mode: Mode) { self.mode.withLock { $0 = mode } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func relay(_ client: Int32) {
        let upstream = dial()
        defer {
            close(client)
            close(upstream)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var polled = [client, upstream].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, 2, 10_000) > 0 else { return }
            for (index, target) in [upstream, client].enumerated() where polled[index].revents != 0 {
                let count = read(polled[index].fd, &buffer, buffer.count)
                guard count > 0 else { return }
                switch mode.withLock(\.self) {
                case .forward: guard write(target, buffer, count) == count else { return }
                case .loseAnswer where target == client: return
                case .loseAnswer: guard write(target, buffer, count) == count else { return }
                case .silence: break
                }
            }
        }
    }

    private func dial() -> Int32 {
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(server.port).bigEndian
        address.sin_addr.s_addr = inet_addr(server.host)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return upstream
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Work: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
        pthread_detach(thread)
    }
}
