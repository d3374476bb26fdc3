import Contracts
import Foundation
import Messaging

/// What triage acts upon: a new version of a call, or a person's word about one.
enum TriageInput: HandlerInput {
    case call(CallSnapshot)
    case override(CallID, Override.Choice, by: String)
    case release(CallID, reason: String, by: String)

    init(type: EventType, data: Data) throws {
        switch type {
        case CallReceived.type: self = .call(try ContractJSON.decode(CallReceived.self, from: data).call)
        case CallUpdated.type: self = .call(try ContractJSON.decode(CallUpdated.self, from: data).call)
        case CallClosed.type: self = .call(try ContractJSON.decode(CallClosed.self, from: data).call)
        default: throw Unreadable.type(type)
        }
    }

    var call: CallID {
        switch self {
        case .call(let call): call.id
        case .override(let call, _, _), .release(let call, _, _): call
        }
    }

    /// Only a CAD's call may be one that triage has not seen yet.
    var snapshot: CallSnapshot? {
        if case .call(let call) = self { call } else { nil }
    }
}
