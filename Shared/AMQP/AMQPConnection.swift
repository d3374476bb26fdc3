import CRabbitMQ
package import Threading

/// One connection to the broker with one channel, on a thread that is its own or shared with those it works with.
///
/// Guarantees: no method waits without a deadline, whatever the broker does; heartbeats go on while nobody calls, unless
/// somebody on the same thread works on without a pause for longer than two of them; what arrives is handled also while
/// something is being sent. Once the broker has ended the channel or the connection is lost, every method throws an
/// ``AMQPError`` that names the cause, and the owner opens another connection: tags and unconfirmed publications mean
/// nothing there.
package actor AMQPConnection {
    nonisolated private let thread: OwnThread
    nonisolated private var executor: ThreadExecutor { thread.executor }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let configuration: AMQPConfiguration
    let arena = Arena()
    private var wire: Wire?
    private var lastHeard = ContinuousClock.now
    private var lastSent = ContinuousClock.now
    var waiters = Waiters()
    /// When those who wait are resumed at the latest.
    private var alarm: ContinuousClock.Instant?

    /// What ended the channel or the connection.
    private(set) var failure: AMQPError?
    var outgoing = OutgoingFrames(frameSize: 0)
    var assembler: ContentAssembler
    var confirms: ConfirmLedger?
    var arrived: [Delivery] = []
    var cancelledQueue: String?
    var request: Request?
    var isRequesting = false
    var hasProbeChannel = false

    /// Whether the broker has stopped taking publications (memory or disk alarm).
    package internal(set) var isBlocked = false

    private init(_ configuration: AMQPConfiguration, on thread: OwnThread) {
        self.thread = thread
        self.configuration = configuration
        assembler = ContentAssembler(maximumBodySize: configuration.maximumBodySize)
    }

    /// - Throws: ``AMQPError`` `connectionFailed`, `accessRefused` or `notAllowed`.
    package static func open(
        _ configuration: AMQPConfiguration, on thread: OwnThread = OwnThread(name: "amqp")
    ) async throws -> AMQPConnection {
        let connection = AMQPConnection(configuration, on: thread)
        try await connection.connect()
        // Weakly: a connection that its owner dropped without closing ends with its last beat.
        Task { [weak connection] in
            while await connection?.pump() == true {}
        }
        do {
            try await connection.openChannel()
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// Says good-bye to the broker if it still listens; what was not acknowledged goes back to its queue.
    package func close() async {
        if isConnected { try? await requestClosing(within: .seconds(2)) }
        lose(AMQPError(.closed, "close"))
    }

    private func connect() throws(AMQPError) {
        let wire = try Wire.open(configuration)
        outgoing = OutgoingFrames(frameSize: wire.frameSize)
        (lastHeard, lastSent) = (.now, .now)
        self.wire = wire
    }

    // MARK: State

    /// False once the connection is over; a channel may have ended before.
    var isConnected: Bool { wire != nil && !isLost }
    private var isLost = false

    /// - Throws: the cause when channel or connection have ended.
    func requireUsable(_ operation: String) throws(AMQPError) {
        guard let failure else { return }
        throw AMQPError(
            failure.code, operation, replyCode: failure.replyCode, replyText: failure.replyText, underlying: failure)
    }

    /// The channel has ended, the connection has not. Nothing of it can be acknowledged any more.
    func loseChannel(_ error: AMQPError) {
        failure = failure ?? error
        arrived.removeAll()
        waiters.resumeAll()
    }

    func lose(_ error: AMQPError) {
        isLost = true
        wire?.hangUp()
        loseChannel(error)
    }

    // MARK: Reading

    /// Handles whatever arrives and keeps the heartbeat going, until nothing arrived for a while; false when the
    /// connection is over.
    private func pump() async -> Bool {
        while isConnected, let wire {
            let isReadable = await executor.readable(wire.descriptor, within: beat)
            if isReadable {
                lastHeard = .now
                receive()
            }
            keepAlive()
            if !isReadable { break }
        }
        return isConnected
    }

    /// Handles every frame that has arrived.
    func receive() {
        guard isConnected, let wire else { return }
        do throws(AMQPError) {
            var isNews = false
            while let frame = try wire.nextFrame() {
                try handle(frame)
                isNews = true
            }
            if isNews { waiters.resumeAll() }
        } catch {
            lose(error)
        }
    }

    /// A third of the heartbeat: the peer has to hear from us once in each.
    private var beat: Duration { (wire?.heartbeat).flatMap { $0 > .zero ? $0 / 3 : nil } ?? .seconds(5) }

    private func keepAlive() {
        guard isConnected, let wire else { return }
        let now = ContinuousClock.now
        if wire.heartbeat > .zero, now - lastHeard > wire.heartbeat * 2 {
            return lose(AMQPError(.connectionLost, "read", replyText: "the broker has been silent for two heartbeats"))
        }
        if outgoing.isEmpty, now - lastSent >= beat { outgoing.appendHeartbeat() }
        write()
    }

    /// Suspends until something was handled or the time is up, now and then for nothing; the caller looks for itself.
    ///
    /// - Parameter isCancellable: whether cancelling the task ends the wait as well.
    func waitForNews(until deadline: ContinuousClock.Instant, isCancellable: Bool) async {
        setAlarm(deadline)
        let ticket = waiters.ticket()
        await withTaskCancellationHandler {
            await executor.suspend { waiters.add($0, ticket) }
        } onCancel: {
            if isCancellable { Task { await resume(ticket) } }
        }
    }

    private func resume(_ ticket: Int) {
        waiters.resume(ticket)
    }

    /// One that rings earlier will do, so that a busy connection does not set one for each wait.
    private func setAlarm(_ time: ContinuousClock.Instant) {
        if let alarm, alarm <= time { return }
        alarm = time
        Task { [weak self] in
            try? await Task.sleep(until: time, clock: .continuous)
            await self?.ring(time)
        }
    }

    private func ring(_ time: ContinuousClock.Instant) {
        if alarm == time { alarm = nil }
        waiters.resumeAll()
    }

    // MARK: Writing

    /// Writes what the socket takes now; true when it took something.
    @discardableResult
    func write() -> Bool {
        guard isConnected, let wire, !outgoing.isEmpty else { return false }
        do throws(AMQPError) {
            guard try outgoing.write(to: wire) else { return false }
            lastSent = .now
            return true
        } catch {
            lose(error)
            return false
        }
    }

    /// Returns once everything is written. While the socket takes nothing, the actor is free to handle what arrives.
    ///
    /// - Parameter time: how long the broker may take nothing; then the connection counts as lost.
    func flush(_ operation: String, within time: Duration) async throws(AMQPError) {
        var deadline = ContinuousClock.now + time
        while true {
            if write() { deadline = ContinuousClock.now + time }
            guard isConnected, let wire else { return try requireUsable(operation) }
            if outgoing.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                lose(AMQPError(.connectionLost, operation, replyText: "the broker stopped reading"))
                return try requireUsable(operation)
            }
            _ = await executor.writable(wire.descriptor, within: deadline - .now)
        }
    }
}
