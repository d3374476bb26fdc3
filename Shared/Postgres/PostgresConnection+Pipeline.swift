import CPostgres
import Glibc
import Threading

extension PostgresConnection {
    /// Sends the statements in one pipeline with one flush and returns the last one's result.
    ///
    /// They succeed or fail together up to the first failure: those after it are not run. A shielded exchange goes on
    /// when its task is cancelled; another ends the session then, because the server cannot be asked to stop without
    /// waiting for it.
    func exchange(_ batch: [SQL], _ operation: String, isShielded: Bool = false) async throws -> PostgresResult {
        try await exclusively(operation) { libpq in
            if isShielded { return try await pipeline(batch, operation, libpq) }
            try Task.checkCancellation()
            let socket = libpq.socket
            let result: Result<PostgresResult, any Error>
            do {
                result = .success(
                    // Inside the handler's scope the socket stays open, so its number cannot mean another one.
                    try await withTaskCancellationHandler {
                        try await pipeline(batch, operation, libpq)
                    } onCancel: {
                        shutdown(socket, Int32(SHUT_RDWR))
                    })
            } catch {
                result = .failure(error)
            }
            if Task.isCancelled {
                lose()
                throw CancellationError()
            }
            return try result.get()
        }
    }

    /// Runs several statements that return nothing and have no values, for migrations.
    func script(_ text: String) async throws {
        try await exclusively("script") { libpq in
            try libpq.leavePipeline()
            try libpq.sendScript(text)
            try await flush(libpq, "script")
            var failure: PostgresError?
            while let result = try await nextResult(libpq, "script") {
                switch result.status {
                case .done: break
                case .failed: failure = failure ?? result.error("script", statement: nil)
                default: throw unexpected("script", result)
                }
                if libpq.isLost { throw failure ?? libpq.error(.connectionLost, "script") }
            }
            try libpq.enterPipeline()
            if let failure { throw failure }
        }
    }

    private enum Step {
        case prepare(PreparedStatements.Key, name: String)
        case execute(PreparedStatements.Key)

        var key: PreparedStatements.Key {
            switch self {
            case .prepare(let key, _), .execute(let key): key
            }
        }
    }

    private func pipeline(_ batch: [SQL], _ operation: String, _ libpq: Libpq) async throws -> PostgresResult {
        try batch.forEach { try $0.check() }
        let steps: [Step]
        do {
            steps = try send(batch, libpq)
            try await flush(libpq, operation)
        } catch {
            lose()  // half a pipeline cannot be taken back
            throw error
        }
        roundTrips += 1
        statementsSent += batch.count
        var last: PostgresResult?
        var failure: PostgresError?
        for step in steps {
            guard let result = try await nextResult(libpq, operation) else { throw unexpected(operation, nil) }
            switch result.status {
            case .done: last = result
            case .pipelineAborted: break
            case .failed: failure = failure ?? result.error(operation, statement: step.key.text)
            case .pipelineEnd, .unexpected: throw unexpected(operation, result)
            }
            if libpq.isLost || failure?.code == .connectionLost {
                lose()
                throw failure ?? libpq.error(.connectionLost, operation)
            }
            if failure?.code == .stalePlan { statements.forget(step.key) }
            if case .prepare(let key, let name) = step, result.status == .done { statements.remember(key, name) }
            if let another = try await nextResult(libpq, operation) { throw unexpected(operation, another) }
        }
        let end = try await nextResult(libpq, operation)
        guard end?.status == .pipelineEnd else { throw unexpected(operation, end) }
        if let failure { throw failure }
        guard let last else { throw unexpected(operation, end) }
        return last
    }

    /// Queues everything in libpq's buffer.
    private func send(_ batch: [SQL], _ libpq: Libpq) throws -> [Step] {
        var steps: [Step] = []
        var fresh: [PreparedStatements.Key: String] = [:]
        for sql in batch {
            let key = PreparedStatements.Key(sql)
            var name = statements[key] ?? fresh[key] ?? ""
            if name.isEmpty {
                name = statements.newName()
                fresh[key] = name
                try libpq.sendPrepare(sql, as: name)
                steps.append(.prepare(key, name: name))
            }
            try libpq.sendExecute(sql, prepared: name)
            steps.append(.execute(key))
        }
        try libpq.sendSync()
        return steps
    }

    private func flush(_ libpq: Libpq, _ operation: String) async throws {
        let deadline = ContinuousClock.now + patience
        while try !libpq.flush() {
            guard deadline > .now else { throw silence(operation) }
            // The server may itself wait for us to read, so read as well, at the latest after a moment.
            _ = await executor.writable(libpq.socket, within: .milliseconds(20))
            _ = libpq.consumeInput()
        }
    }

    /// The next result; nil ends those of one statement. The deadline begins anew with each.
    private func nextResult(_ libpq: Libpq, _ operation: String) async throws -> PostgresResult? {
        if libpq.isWaiting {
            let deadline = ContinuousClock.now + patience
            repeat {
                let left = deadline - .now
                guard left > .zero, await executor.readable(libpq.socket, within: left) else {
                    throw silence(operation)
                }
            } while libpq.consumeInput() && libpq.isWaiting
        }
        return libpq.nextResult()
    }

    private var patience: Duration { configuration.statementTimeout + configuration.answerGrace }

    private func silence(_ operation: String) -> PostgresError {
        lose()
        return PostgresError(code: .connectionLost, operation: operation, message: "no answer in time")
    }

    /// Where an answer ends too early, or in an error instead of its end, the connection ended in the middle of it.
    private func unexpected(_ operation: String, _ result: PostgresResult?) -> PostgresError {
        lose()
        switch result?.status {
        case nil: return PostgresError(code: .connectionLost, operation: operation, message: "half an answer")
        case .failed:
            let error = result?.error(operation, statement: nil)
            return PostgresError(
                code: .connectionLost, operation: operation, sqlState: error?.sqlState,
                message: error?.message ?? "half an answer")
        default: return PostgresError(code: .unsupported, operation: operation, message: "an unexpected answer")
        }
    }
}
