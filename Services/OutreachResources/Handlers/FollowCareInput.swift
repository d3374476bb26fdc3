import Contracts
import Foundation
import Messaging

extension FollowCare {
    /// Everything that this service acts upon: one queue, its own timers, and the commands of its routes.
    enum Input: HandlerInput {
        case triaged(CallTriaged)
        case problemDetected(ProblemDetected)
        case encounterCleared(EncounterCleared)
        case deferred(CallDeferred)
        case handedOff(CallHandedOff)
        case offered(AssignmentOffered)
        case joined(CallJoined)
        case followUpTimer(FollowUpID)
        case episodeDeadline(EpisodeID)
        case caseDeadline(CaseID)
        case problemDeadline(ProblemID)
        case command(Command)

        init(type: EventType, data: Data) throws {
            self =
                switch type {
                case CallTriaged.type: .triaged(try ContractJSON.decode(CallTriaged.self, from: data))
                case ProblemDetected.type: .problemDetected(try ContractJSON.decode(ProblemDetected.self, from: data))
                case EncounterCleared.type:
                    .encounterCleared(try ContractJSON.decode(EncounterCleared.self, from: data))
                case CallDeferred.type: .deferred(try ContractJSON.decode(CallDeferred.self, from: data))
                case CallHandedOff.type: .handedOff(try ContractJSON.decode(CallHandedOff.self, from: data))
                case AssignmentOffered.type: .offered(try ContractJSON.decode(AssignmentOffered.self, from: data))
                case CallJoined.type: .joined(try ContractJSON.decode(CallJoined.self, from: data))
                default: throw Unreadable.type(type)
                }
        }

        init(timer kind: String, data: Data) throws {
            switch CareTimer.Kind(rawValue: kind) {
            case .followUpDue?, .followUpExpires?:
                self = .followUpTimer(try ContractJSON.decode(CareTimer.Target<FollowUpSnapshot>.self, from: data).id)
            case .episodeDeadline?:
                self = .episodeDeadline(try ContractJSON.decode(CareTimer.Target<Episode>.self, from: data).id)
            case .caseDeadline?:
                self = .caseDeadline(try ContractJSON.decode(CareTimer.Target<CaseSnapshot>.self, from: data).id)
            case .problemDeadline?:
                self = .problemDeadline(try ContractJSON.decode(CareTimer.Target<ProblemSnapshot>.self, from: data).id)
            case nil:
                throw Unreadable(code: "unknown-timer", detail: "No handler for a timer of kind \(kind).")
            }
        }
    }

    /// What a person or a receiving service tells this one.
    enum Command: Sendable, Equatable {
        case recordAttempt(FollowUpID, AttemptOutcome, PersonTold = PersonTold(), by: String)
        case moveReferral(ReferralID, to: ReferralStatus, by: ReferralVoice, reason: String?)
        case observeCapacity(CapacityObservation)
        case closeEpisode(EpisodeID, because: ClosingReason)
        case assignEpisode(EpisodeID, action: String, to: OwnerRole, by: Date)
        case reviseCase(CaseID, CaseworkChange)
        case reviseProblem(ProblemID, to: ProblemStage, CaseworkChange)
    }
}
