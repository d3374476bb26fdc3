import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// How the routes tell the service something. `Idempotency-Key` makes a repeated request harmless.
struct CareCommands: Sendable {
    let processor: Processor<FollowCare>

    /// The events that the command caused, in order.
    struct Answer: Encodable {
        let events: [String]

        init(_ outgoing: [Outgoing]) {
            events = outgoing.compactMap { item in
                guard case .event(let event) = item else { return nil }
                return "\(type(of: event).type)"
            }
        }
    }

    func perform(
        _ command: FollowCare.Command, _ request: Request, _ context: APIContext, status: HTTPResponse.Status = .ok
    ) async throws -> JSONBody<Answer> {
        let outgoing = try await processor.perform(
            .command(command), key: try request.idempotencyKey(for: context.require()), trace: context.trace)
        return JSONBody(Answer(outgoing), status: status)
    }
}

/// Text that people will have to act upon: something, and not a report.
struct ActionText: Decodable, Sendable {
    static let longest = 300
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try container.decode(String.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.count <= Self.longest else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "1 to \(Self.longest) characters")
        }
    }
}
