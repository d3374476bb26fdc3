package import Contracts
package import Foundation

/// What is asked of an installation, as an operator or a partner would.
extension Installation {
    /// Runs `copps` and returns what it printed. Throws when it does not exit with the expected status.
    @discardableResult
    package func copps(_ arguments: String..., expecting status: Int32 = 0) async throws -> String {
        try await copps(arguments, expecting: status)
    }

    @discardableResult
    package func copps(_ arguments: [String], expecting status: Int32 = 0) async throws -> String {
        try await Self.run(Self.products.appending(path: "copps"), arguments, environment, expecting: [status])
    }

    /// What `copps audit` finds.
    package struct Audit: Decodable, Sendable {
        package let published: Int
        package let pending: Int
        package let missing: [String: Int]
        package let unexpected: [String: Int]
        package let doubled: [String: Int]
        package let unowned: Int
        package let orphans: Int

        package var isClean: Bool {
            pending == 0 && unowned == 0 && orphans == 0
                && [missing, unexpected, doubled].allSatisfy { $0.values.allSatisfy { $0 == 0 } }
        }
    }

    /// - Parameter wait: how long what is still on its way may take.
    package func audit(wait: Int = 30) async throws -> Audit {
        let text = try await Self.run(
            Self.products.appending(path: "copps"), ["audit", "--json", "--wait", String(wait)], environment,
            expecting: [0, 1])
        return try ContractJSON.decode(Audit.self, from: Data(text.utf8))
    }

    package static func run(
        _ executable: URL, _ arguments: [String], _ environment: [String: String], expecting statuses: Set<Int32> = [0]
    ) async throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        let errors = Pipe()
        process.standardError = errors
        try process.runUnblocked()
        async let complaint = content(of: errors.fileHandleForReading)
        let data = await content(of: output.fileHandleForReading)
        let reason = String(decoding: await complaint, as: UTF8.self)
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard statuses.contains(process.terminationStatus) else {
            throw UnexpectedExit(
                command: "\(executable.lastPathComponent) \(arguments.joined(separator: " "))",
                status: process.terminationStatus, output: text, reason: String(reason.suffix(3000)))
        }
        return text
    }

    /// On a thread of its own: two commands at once would hold all that tasks have, and what loads the services with
    /// them.
    private static func content(of file: FileHandle) async -> Data {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: file.readDataToEndOfFile()) }
        }
    }

    struct UnexpectedExit: Error {
        let command: String
        let status: Int32
        let output: String
        let reason: String
    }

    package func get(_ service: ServiceName, _ path: String, token: String = "operator-token-of-a-test") async throws
        -> Data
    {
        let url = "http://127.0.0.1:\(ports[Replica(service: service)] ?? 0)\(path)"
        let text = try await Self.run(
            URL(filePath: "/usr/bin/env"), ["curl", "-sS", "-m", "20", "-H", "Authorization: Bearer \(token)", url],
            environment)
        return Data(text.utf8)
    }

    package func httpStatus(_ url: String, _ arguments: String...) async -> Int? {
        let text = try? await Self.run(
            URL(filePath: "/usr/bin/env"),
            ["curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}"] + arguments + [url], environment)
        return text.flatMap(Int.init)
    }
}

extension Process {
    /// Starts it with no signal blocked. The threads of the cooperative pool block nearly all of them, a child inherits
    /// that, and whatever it starts in its turn never hears a SIGTERM.
    func runUnblocked() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
