import Contracts
import Foundation

/// A person's care as this service holds it: while it is open it has exactly one owner, one next action and one
/// deadline. No field of the three can be empty, and only this type changes them.
struct CareEpisode: Sendable, Equatable {
    private(set) var snapshot: EpisodeSnapshot
    /// When the fact happened that decided the present owner; an older fact that arrives late changes nothing.
    private(set) var factAt: Date
    /// What the pair learned, kept so that a service that says no can be followed by the next best.
    var person: CarePerson

    init(snapshot: EpisodeSnapshot, factAt: Date, person: CarePerson) {
        self.snapshot = snapshot
        self.factAt = factAt
        self.person = person
    }

    var id: EpisodeID { snapshot.id }
    var isOpen: Bool { snapshot.status == "open" }

    var subject: CareSubject {
        CareSubject(
            episode: id, call: snapshot.call, agency: snapshot.agency, community: snapshot.community)
    }

    var plan: CarePlan { CarePlan(nextAction: snapshot.nextAction, deadline: snapshot.deadline) }

    static func open(
        _ subject: CareSubject, owner: OwnerRole, _ plan: CarePlan, person: CarePerson, factAt: Date, at now: Date
    ) -> CareEpisode {
        CareEpisode(
            snapshot: EpisodeSnapshot(
                id: subject.episode, version: 1, call: subject.call, agency: subject.agency,
                community: subject.community, status: "open", owner: owner, nextAction: plan.nextAction,
                deadline: plan.deadline, openedAt: now),
            factAt: factAt, person: person)
    }

    /// Another responder answers from here, because of something that happened at `factAt`. A closed episode opens
    /// again: there is one a call, and nobody in care is without one.
    mutating func pass(to owner: OwnerRole, _ plan: CarePlan, person: CarePerson, factAt: Date) {
        snapshot.owner = owner
        snapshot.status = "open"
        snapshot.closedAt = nil
        self.person = person
        self.factAt = factAt
        revise(plan)
    }

    /// The next thing to do, and by when.
    mutating func revise(_ plan: CarePlan) {
        snapshot.nextAction = plan.nextAction
        snapshot.deadline = plan.deadline
        snapshot.version += 1
    }

    mutating func close(at now: Date) {
        snapshot.status = "closed"
        snapshot.closedAt = now
        snapshot.version += 1
    }
}

/// Whose care it is: the ids that everything belonging to an episode carries.
struct CareSubject: Sendable, Equatable {
    let episode: EpisodeID
    let call: CallID
    let agency: AgencyID
    let community: Community
}

/// What matching may know of the person: no name, no contact.
struct CarePerson: Sendable, Equatable {
    var language: String?
    var ageBand: AgeBand?
    var legalStatus: LegalStatus
    var consent: Fact
    /// Needs for which the directory has nobody: they stay in the next action until somebody finds help.
    var unmetNeeds: [Need]

    init(
        language: String? = nil, ageBand: AgeBand? = nil, legalStatus: LegalStatus = .voluntary,
        consent: Fact = .unknown, unmetNeeds: [Need] = []
    ) {
        self.language = language
        self.ageBand = ageBand
        self.legalStatus = legalStatus
        self.consent = consent
        self.unmetNeeds = unmetNeeds
    }
}
