import AMQP
import Contracts
import Foundation
import Postgres
import TestSupport

/// One service with a network of its own, on which it dies at any step of what it says and hears.
struct CrashStage: Sendable {
    let scene: Scene
    let service: ServiceName
    private let tripwire: Tripwire
    private let proxies: [Proxy]
    private let environment: [String: String]
    private let dispatch: AMQPConnection

    /// When the call comes.
    enum Beginning: String, CaseIterable, Sendable {
        /// The service runs and has nothing to do.
        case running = "at work"
        /// The call waits for the service, which is being started.
        case starting = "while it starts"
    }

    enum Outcome: Sendable {
        /// All was done in fewer steps than it was to die at: in so many.
        case survived(steps: Int)
        /// What was wrong after it had been started again.
        case died(problems: [String], recovery: Duration)
    }

    /// Puts the service on the stage, and back where it was.
    static func with<Value>(
        _ service: ServiceName, in scene: Scene, mutation: String? = nil, _ body: (CrashStage) async throws -> Value
    ) async throws -> Value {
        let roster = try Self.roster()
        let stage = try await CrashStage(scene, service, roster, mutation)
        let result: Result<Value, any Error>
        do {
            try await scene.restart(.cbatRouting, with: ["COPPS_CONFIG_DIR": roster.path])
            try await scene.restart(service, with: stage.environment)
            result = .success(try await body(stage))
        } catch {
            result = .failure(error)
        }
        await stage.dispatch.close()
        for name in Set([.cbatRouting, service]) { try await scene.restart(name) }
        for proxy in stage.proxies { proxy.stop() }
        try FileManager.default.removeItem(at: roster)
        return try result.get()
    }

    private init(_ scene: Scene, _ service: ServiceName, _ roster: URL, _ mutation: String?) async throws {
        let tripwire = Tripwire()
        let (database, broker) = (scene.servers.database, scene.servers.broker)
        let toDatabase = try Proxy(to: database.host, port: database.port, passage: tripwire.passage)
        let toBroker = try Proxy(
            to: broker.brokers[0].host, port: broker.brokers[0].port, passage: tripwire.passage)
        var environment = ["COPPS_DATABASE_PORT": String(toDatabase.port), "COPPS_BROKER_PORT": String(toBroker.port)]
        if service == .cbatRouting { environment["COPPS_CONFIG_DIR"] = roster.path }
        environment["COPPS_MUTATION"] = mutation
        (self.scene, self.service, self.tripwire, self.environment) = (scene, service, tripwire, environment)
        proxies = [toDatabase, toBroker]
        dispatch = try await scene.management()
        try await dispatch.enableConfirms()
    }

    /// The configuration, with every pair always on shift and as little time as there can be to take an offer.
    private static func roster() throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: "copps-crash-\(UUID())")
        try FileManager.default.copyItem(at: Installation.repository.appending(path: "deploy/config"), to: directory)
        let file = directory.appending(path: "roster.yaml")
        let always =
            "    shifts:\n      - {days: [mon, tue, wed, thu, fri, sat, sun], from: \"00:00\", to: \"00:00\"}\n"
        try String(contentsOf: file, encoding: .utf8)
            .replacing(#/    shifts:\n(      - .*\n)+/#, with: always)
            .replacing(#/offerWindowSeconds: \d+/#, with: "offerWindowSeconds: 10")
            .write(to: file, atomically: true, encoding: .utf8)
        return directory
    }

    /// Has the service handle a call, kills it when the step comes, starts it again, and looks whether the call, and one
    /// that came after it, led to what they have to, once.
    func run(_ beginning: Beginning, dyingAt step: Int, within patience: Duration = .seconds(30)) async throws
        -> Outcome
    {
        let call = CrashCall(kind: service.kind)
        let parked = try await scene.openParked()
        if beginning == .starting { try await stop() }
        if beginning == .starting { try await send(call) }
        tripwire.set(at: step) { [scene, service] in scene.copps.kill(service) }
        if beginning == .starting { try scene.copps.start(service, with: environment) }
        if beginning == .running { try await send(call) }

        let isOver = try await eventually(within: patience, every: .milliseconds(5)) {
            if tripwire.isSprung { return true }
            return try await call.differences(scene).isEmpty
        }
        // Nobody can be asked whether the last acknowledgement is through.
        if !tripwire.isSprung { try await scene.hold(.milliseconds(100)) }
        guard tripwire.isSprung else {
            let steps = tripwire.putAway()
            guard isOver else {
                throw Finding("\(service) \(beginning.rawValue): \(try await call.differences(scene))")
            }
            return .survived(steps: steps)
        }

        let death = ContinuousClock.now
        try await stop()
        tripwire.putAway()
        try scene.copps.start(service, with: environment)
        let witness = CrashCall(kind: .quiet)
        try await send(witness)
        var problems: [String] = []
        _ = try await eventually(within: patience, every: .milliseconds(10)) {
            problems = try await call.differences(scene) + witness.differences(scene)
            return problems.isEmpty
        }
        let recovery = ContinuousClock.now - death
        problems += scene.complaints(try await scene.copps.audit(wait: problems.isEmpty ? 20 : 0))
        // What is handled a second time may have been so only now.
        problems += try await call.differences(scene) + witness.differences(scene)
        let parkings = try await scene.openParked() - parked
        if parkings > 0 { problems.append("\(parkings) parked") }
        return .died(problems: problems.uniqued, recovery: recovery)
    }

    /// Returns when nothing that the process has sent is on its way any more.
    private func stop() async throws {
        scene.copps.kill(service)
        let isQuiet = try await eventually(within: .seconds(10), every: .milliseconds(1)) {
            proxies.allSatisfy { $0.openConnections == 0 }
        }
        guard isQuiet else { throw Finding("connections of the dead \(service) stay open") }
    }

    private func send(_ call: CrashCall) async throws {
        let tag = try await dispatch.send([try call.publication])
        guard try await dispatch.confirmations(through: tag, within: .seconds(30)).isEmpty else {
            throw Finding("the broker refuses the call")
        }
    }
}

extension ServiceName {
    /// The call that gives this service the most to do.
    fileprivate var kind: CrashCall.Kind {
        switch self {
        case .cbatRouting, .outreachResources: .crisis
        default: .quiet
        }
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
