import Contracts
package import Foundation
package import Hummingbird
import HTTPTypes

/// Bodies are written and read as contracts are: see ``ContractJSON``.
package struct ContractCoding: RequestDecoder, ResponseEncoder, Sendable {
    package func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, context: some RequestContext
    ) async throws -> Value {
        let data = try await request.data(upTo: context.maxUploadSize)
        do {
            return try ContractJSON.decode(type, from: data)
        } catch {
            throw Problem(error)  // with the place; the router would drop it from a `DecodingError`
        }
    }

    package func encode(
        _ value: some Encodable, from request: Request, context: some RequestContext
    ) throws -> Response {
        try JSONBody(value).response(from: request, context: context)
    }
}

/// A JSON response.
package struct JSONBody<Value: Encodable>: ResponseGenerator {
    package let value: Value
    package let status: HTTPResponse.Status
    package let contentType: String

    package init(_ value: Value, status: HTTPResponse.Status = .ok, contentType: String = "application/json") {
        self.value = value
        self.status = status
        self.contentType = contentType
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(
            status: status, headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try ContractJSON.encode(value))))
    }
}

extension JSONBody: Sendable where Value: Sendable {}

extension Request {
    /// The whole body. Throws an error that becomes 413 when it is longer than `limit`.
    package func data(upTo limit: Int = APIContext.bodyLimit) async throws -> Data {
        Data(try await body.collect(upTo: limit).readableBytesView)
    }

    /// What makes a repeated command harmless: header `Idempotency-Key`, a UUID that the client made for it.
    ///
    /// Derived from the sender, the method and the path too: what one client sends never silences another's command,
    /// nor the same client's to something else.
    package func idempotencyKey(for principal: Principal) throws(Problem) -> UUID? {
        guard let text = HTTPField.Name("Idempotency-Key").flatMap({ headers[$0] }) else { return nil }
        guard let key = UUID(uuidString: text) else {
            throw .badRequest("invalid-idempotency-key", "Idempotency-Key must be a UUID")
        }
        return .v5("idempotency-key", principal.name, method.rawValue, uri.path, key.uuidString)
    }
}
