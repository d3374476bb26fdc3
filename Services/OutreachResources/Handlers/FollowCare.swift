import Contracts
import Foundation
import Messaging
import Postgres

/// Keeps everybody in care with exactly one owner, next action and deadline, from the end of the encounter until
/// nothing is owed: follow-ups, referrals, the officers' cases and the problems behind repeated calls.
///
/// Guarantee: a fact that arrives twice or late opens nothing twice and takes nobody's owner away.
struct FollowCare: EventHandler {
    let directory: DirectorySource

    func load(_ batch: [Message<Input>], in transaction: Transaction) async throws -> CareState {
        try await CareStore(transaction).state(touchedBy: CareKeys(batch), directory: directory.current)
    }

    func decide(_ message: Message<Input>, _ state: inout CareState) throws(Refusal) -> [Outgoing] {
        switch message.body {
        case .encounterCleared(let cleared): state.clear(cleared, message)
        case .deferred(let call): state.deferCall(call, message)
        case .handedOff(let call): state.handOff(call, message)
        case .offered(let offer): state.answer(offer, message)
        case .joined(let call): state.join(call, message)
        case .triaged(let call): state.file(call, message)
        case .problemDetected(let problem): state.open(problem, message)
        case .followUpTimer(let id): state.advance(id, message)
        case .episodeDeadline(let id): state.remind(id, message)
        case .caseDeadline(let id): state.remind(id, message)
        case .problemDeadline(let id): state.remind(id, message)
        case .command(.recordAttempt(let id, let outcome, let told, let by)):
            try state.recordAttempt(id, outcome, told, by: by, message)
        case .command(.closeEpisode(let id, let reason)):
            try state.closeEpisode(id, because: reason, message)
        case .command(.assignEpisode(let id, let action, let owner, let deadline)):
            try state.assign(id, action, to: owner, by: deadline, message)
        case .command(.reviseCase(let id, let change)):
            try state.revise(id, change, message)
        case .command(.reviseProblem(let id, let stage, let change)):
            try state.revise(id, to: stage, change, message)
        case .command(.moveReferral(let id, let status, let by, let reason)):
            try state.moveReferral(id, to: status, by: by, reason: reason, message)
        case .command(.observeCapacity(let observation)):
            try state.record(observation, message)
        }
    }

    func save(_ state: CareState, in transaction: Transaction) async throws {
        CareStore(transaction).save(state)
    }
}

/// What a batch needs to have loaded.
struct CareKeys: Sendable, Equatable {
    var calls: Set<CallID> = []
    var episodes: Set<EpisodeID> = []
    var followUps: Set<FollowUpID> = []
    var referrals: Set<ReferralID> = []
    var places: Set<PlaceID> = []
    var cases: Set<CaseID> = []
    var problems: Set<ProblemID> = []
    /// Calls of a problem, of which no more is needed than whose they are.
    var problemCalls: Set<CallID> = []

    init(_ batch: [Message<FollowCare.Input>]) {
        for message in batch {
            switch message.body {
            case .triaged(let call):
                calls.formUnion([call.call, call.possibleDuplicateOf].compactMap(\.self))
                if let place = call.location.place { places.insert(place) }
            case .problemDetected(let problem):
                places.insert(problem.place)
                problemCalls.formUnion(problem.calls)
            case .encounterCleared(let cleared): episodes.insert(cleared.assignment.episode)
            case .deferred(let call): episodes.insert(call.episode)
            case .handedOff(let call): episodes.insert(call.episode)
            case .offered(let offer): episodes.insert(offer.assignment.episode)
            case .joined(let call): episodes.insert(EpisodeID(call: call.call))
            case .followUpTimer(let id), .command(.recordAttempt(let id, _, _, _)): followUps.insert(id)
            case .episodeDeadline(let id), .command(.closeEpisode(let id, _)),
                .command(.assignEpisode(let id, _, _, _)):
                episodes.insert(id)
            case .caseDeadline(let id), .command(.reviseCase(let id, _)): cases.insert(id)
            case .problemDeadline(let id), .command(.reviseProblem(let id, _, _)): problems.insert(id)
            case .command(.moveReferral(let id, _, _, _)): referrals.insert(id)
            case .command(.observeCapacity): break
            }
        }
    }
}
