import Contracts
import Foundation
import Messaging

/// The timers of care. Their ids follow from what they are about, so setting one again or cancelling it needs no memory.
enum CareTimer {
    enum Kind: String {
        case followUpDue = "follow-up-due"
        case followUpExpires = "follow-up-expires"
        case episodeDeadline = "episode-deadline"
        case caseDeadline = "case-deadline"
        case problemDeadline = "problem-deadline"
    }

    struct Target<Entity>: Codable {
        let id: Identifier<Entity>
    }

    static func due(_ followUp: FollowUpSnapshot) -> Outgoing {
        timer(.followUpDue, followUp.id, at: followUp.due, call: followUp.call)
    }

    static func expiry(_ followUp: FollowUpSnapshot) -> Outgoing {
        timer(.followUpExpires, followUp.id, at: followUp.expires, call: followUp.call)
    }

    static func cancel(_ followUp: FollowUpSnapshot) -> [Outgoing] {
        [.followUpDue, .followUpExpires].map { .cancelTimer(id($0, followUp.id)) }
    }

    /// One a version of the episode: an older one that still fires finds a later deadline and does nothing.
    static func deadline(_ episode: EpisodeSnapshot) -> Outgoing {
        timer(.episodeDeadline, episode.id, "\(episode.version)", at: episode.deadline, call: episode.call)
    }

    /// One a deadline, likewise.
    static func deadline(_ file: CaseSnapshot) -> Outgoing {
        timer(.caseDeadline, file.id, ContractJSON.timestamp(file.deadline), at: file.deadline, lane: file.id.uuid)
    }

    static func deadline(_ problem: ProblemSnapshot) -> Outgoing {
        timer(
            .problemDeadline, problem.id, ContractJSON.timestamp(problem.deadline), at: problem.deadline,
            lane: problem.id.uuid)
    }

    private static func timer<Entity>(
        _ kind: Kind, _ target: Identifier<Entity>, _ distinction: String = "", at due: Date, call: CallID
    ) -> Outgoing {
        timer(kind, target, distinction, at: due, lane: call.uuid)
    }

    private static func timer<Entity>(
        _ kind: Kind, _ target: Identifier<Entity>, _ distinction: String, at due: Date, lane: UUID
    ) -> Outgoing {
        .timer(
            DueTimer(
                id: id(kind, target, distinction), kind: kind.rawValue, due: due, partitionKey: lane,
                data: Data(#"{"id":"\#(target)"}"#.utf8)))
    }

    private static func id<Entity>(_ kind: Kind, _ target: Identifier<Entity>, _ distinction: String = "") -> UUID {
        .v5("timer", kind.rawValue, target.description, distinction)
    }
}
