import Contracts
import Foundation

/// A call's way through the five services as a list of moments, and where its person stands now.
struct CallTimeline {
    private var moments: [(at: Date, what: String)] = []
    private var standing: [String] = []

    /// Each part is a service's JSON answer, or nil when it knows nothing of the call.
    init(call: Data?, triage: Data?, assignments: Data?, episode: Data?) throws {
        if let call { try add(call: try ContractJSON.decode(Versions.self, from: call)) }
        if let triage {
            for decision in try ContractJSON.decode(TriageExplanation.self, from: triage).decisions {
                let program = decision.programs.first?.program.rawValue ?? "nobody"
                moments.append(
                    (decision.decidedAt, "triaged: level \(decision.level), \(decision.responseMode), \(program) first")
                )
            }
        }
        if let assignments {
            for assignment in try ContractJSON.decode(Assignments.self, from: assignments).assignments {
                add(assignment)
            }
        }
        if let episode { add(try ContractJSON.decode(Care.self, from: episode)) }
    }

    var text: String {
        let lines = moments.sorted { $0.at < $1.at }.map { "\(Self.time($0.at))  \($0.what)" }
        return (lines + (standing.isEmpty ? [] : [""] + standing)).joined(separator: "\n")
    }

    private mutating func add(call: Versions) throws {
        for version in call.versions {
            let late = version.isLate ? ", late, changes nothing" : ""
            moments.append(
                (version.call.updatedAt, "version \(version.call.version), \(version.call.status), from the CAD\(late)")
            )
        }
    }

    private mutating func add(_ assignment: AssignmentSnapshot) {
        let steps: [(Date?, String)] = [
            (assignment.offeredAt, "offered to \(assignment.unit)"), (assignment.acceptedAt, "accepted"),
            (assignment.enrouteAt, "en route"), (assignment.stagedAt, "staged"),
            (assignment.securedAt, "scene secured"), (assignment.onSceneAt, "on scene"),
            (assignment.contactAt, "with the person"), (assignment.endedAt, "\(assignment.status)"),
        ]
        for case (let at?, let what) in steps {
            moments.append((at, what.hasPrefix("offered") ? what : "\(assignment.unit): \(what)"))
        }
    }

    private mutating func add(_ care: Care) {
        if let episode = care.episode {
            moments.append((episode.openedAt, "episode of care opened"))
            standing.append(
                episode.status == "open"
                    ? "Care is with \(episode.owner): \(episode.nextAction), by \(Self.time(episode.deadline))."
                    : "The episode of care is closed\(episode.closedBecause.map { ": \($0)" } ?? "").")
        }
        standing += care.followUps.map { "Follow-up \($0.window), \($0.status), due \(Self.time($0.due))." }
        standing += care.referrals.map { "Referral for \($0.need): \($0.status)." }
        standing += care.cases.map { "Case of the \($0.owner): \($0.nextAction), by \(Self.time($0.deadline))." }
        standing += care.problems.map { "Problem in \($0.stage): \($0.nextAction)." }
    }

    private static func time(_ date: Date) -> String {
        String(ContractJSON.timestamp(date).prefix(19)).replacing("T", with: " ") + "Z"
    }

    private struct Versions: Decodable {
        let versions: [Version]

        struct Version: Decodable {
            let call: CallSnapshot
            let isLate: Bool
        }
    }

    private struct Assignments: Decodable {
        let assignments: [AssignmentSnapshot]
    }

    private struct Care: Decodable {
        let episode: EpisodeSnapshot?
        let followUps: [FollowUpSnapshot]
        let referrals: [ReferralSnapshot]
        let cases: [CaseSnapshot]
        let problems: [ProblemSnapshot]
    }
}
