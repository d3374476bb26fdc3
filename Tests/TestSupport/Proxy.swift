import Glibc
import Synchronization

/// A network between us and a server that can be lost: it forwards TCP connections until it is told otherwise.
package final class Proxy: Sendable {
    package enum Mode: Sendable {
        case forward
        /// Nothing passes any more and nobody is told. A connection that lost bytes so ends with the silence.
        case silence
        /// The next answer of the server is swallowed and the connection ends.
        case loseAnswer
        /// Whoever connects is hung up on, and so is everybody who was connected.
        case refuse
    }

    package enum Direction: Sendable {
        case toServer, toClient
    }

    /// What goes on in place of a piece of bytes that arrives; nil: nothing more, and the connection ends.
    package typealias Passage = @Sendable (_ bytes: ArraySlice<UInt8>, _ direction: Direction) -> [UInt8]?

    package let port: Int
    private let passage: Passage?
    private let listener: Int32
    private let server: (host: String, port: Int)
    private let state = Mutex(State())

    private struct State {
        var mode = Mode.forward
        /// How many bytes still pass before the connection that carries the last of them is cut.
        var cuts: [Direction: [Int]] = [:]
        var accepted = 0
        var open = 0
        /// Connections up to this one are silent for good.
        var abandoned = 0
        var isStopped = false
    }

    package init(to host: String, port serverPort: Int, passage: Passage? = nil) throws {
        self.passage = passage
        server = (host, serverPort)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(host: "127.0.0.1", port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 64) | getsockname(descriptor, $0, &length)
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

    package func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Cuts one connection after each of these numbers of bytes, counted over all connections, wherever in a frame that
    /// may be.
    package func cut(_ direction: Direction, after bytes: [Int]) {
        state.withLock { $0.cuts[direction, default: []] += bytes }
    }

    /// Every present connection falls silent for good; later ones pass. What a router does that forgets.
    package func abandonConnections() {
        state.withLock { $0.abandoned = $0.accepted }
    }

    /// How many cuts are still to be made.
    package var pendingCuts: Int { state.withLock { $0.cuts.values.reduce(0) { $0 + $1.count } } }

    /// How many connections have not ended on both sides.
    package var openConnections: Int { state.withLock(\.open) }

    package func cancelCuts() { state.withLock { $0.cuts = [:] } }

    /// Ends every connection, and takes none any more.
    package func stop() {
        state.withLock { $0.isStopped = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func relay(_ client: Int32) {
        let upstream = dial()
        let number = state.withLock { state in
            state.accepted += 1
            state.open += 1
            return state.accepted
        }
        var isReset = false
        defer {
            for descriptor in [client, upstream] { end(descriptor, byReset: isReset) }
            state.withLock { $0.open -= 1 }
        }
        var hasLostBytes = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // A side that hung up in silence is not looked at any more.
        var open = [client, upstream]
        while open != [-1, -1] {
            var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&polled, 2, 100)
            let (mode, isAbandoned, isStopped) = state.withLock { ($0.mode, number <= $0.abandoned, $0.isStopped) }
            let isSilent = isAbandoned || mode == .silence
            if isStopped || mode == .refuse || (hasLostBytes && !isSilent) { return }
            guard ready > 0 else { continue }
            for (index, target) in [upstream, client].enumerated() where polled[index].revents != 0 {
                let count = read(polled[index].fd, &buffer, buffer.count)
                if isSilent {
                    hasLostBytes = true
                    if count <= 0 { open[index] = -1 }
                    continue
                }
                guard count > 0 else { return }
                if mode == .loseAnswer && target == client { return }
                let direction: Direction = target == client ? .toClient : .toServer
                if let passage {
                    guard let bytes = passage(buffer[..<count], direction), Self.sendAll(target, bytes, bytes.count)
                    else { return }
                    continue
                }
                if let rest = lastBytes(of: count, direction) {
                    _ = Self.sendAll(target, buffer, rest)
                    isReset = rest % 2 == 0
                    return
                }
                guard Self.sendAll(target, buffer, count) else { return }
            }
        }
    }

    /// How much of what is to pass now still passes, when the connection is to be cut there.
    private func lastBytes(of count: Int, _ direction: Direction) -> Int? {
        state.withLock { state in
            guard let left = state.cuts[direction]?.first else { return nil }
            if left > count {
                state.cuts[direction]?[0] = left - count
                return nil
            }
            state.cuts[direction]?.removeFirst()
            return left
        }
    }

    private static func sendAll(_ target: Int32, _ bytes: [UInt8], _ count: Int) -> Bool {
        var sent = 0
        while sent < count {
            let now = bytes.withUnsafeBytes { buffer in
                send(target, buffer.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
            }
            guard now > 0 else { return false }
            sent += now
        }
        return true
    }

    /// With a goodbye, or without.
    private func end(_ descriptor: Int32, byReset isReset: Bool) {
        if isReset {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        close(descriptor)
    }

    private func dial() -> Int32 {
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(host: server.host, port: server.port)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return upstream
    }

    private static func address(host: String, port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return address
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
