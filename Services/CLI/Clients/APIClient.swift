import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks to one HTTP interface of COPPS or of the broker, and turns problem documents into errors.
struct APIClient: Sendable {
    let base: String
    let authorization: String

    /// The service's interface, as the operator.
    init(_ service: ServiceName) throws {
        base = try Environment.require(Environment.name(service, "URL"))
        authorization = "Bearer \(try Environment.require("COPPS_OPERATOR_TOKEN"))"
    }

    init(base: String, token: String) {
        self.base = base
        authorization = "Bearer \(token)"
    }

    init(base: String, user: String, password: String) {
        self.base = base
        authorization = "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    func get(_ path: String) async throws -> Data { try await send(.GET, path) }

    func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
        try ContractJSON.decode(type, from: try await get(path))
    }

    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, body: (any Encodable & Sendable)? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers.add(name: "authorization", value: authorization)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try ContractJSON.encode(body)))
        }
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        } catch {
            throw CommandFailure("\(base) does not answer (\(error)); is the service running?")
        }
        let data = Data(try await response.body.collect(upTo: 64 << 20).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw HTTPFailure(status: Int(response.status.code), what: "\(method.rawValue) \(path)", body: data)
        }
        return data
    }
}

/// An answer other than success.
struct HTTPFailure: Error, CustomStringConvertible {
    let status: Int
    let what: String
    let body: Data

    var description: String {
        struct Document: Decodable {
            let title: String?
            let detail: String?
            let reason: String?
            let errors: [Fault]?

            struct Fault: Decodable {
                let pointer: String
                let detail: String
            }
        }
        let document = try? JSONDecoder().decode(Document.self, from: body)
        let faults = (document?.errors ?? []).map { "\($0.pointer) \($0.detail)" }
        let reasons = [document?.detail ?? document?.title, document?.reason].compactMap { $0 } + faults
        return "\(what) was answered \(status)\(reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; "))"
    }
}
