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
    /// What comes before everything else that is owed; nil when windows and referrals say what to do.
    var task: CareTask?
    /// Why it ends, should nothing be owed any more.
    var closesAs: ClosingReason
    /// Agencies whose units met the person, beside the call's own.
    private(set) var responders: Set<AgencyID>

    init(
        snapshot: EpisodeSnapshot, factAt: Date, person: CarePerson, task: CareTask? = nil,
        closesAs: ClosingReason = .notReached, responders: Set<AgencyID> = []
    ) {
        self.snapshot = snapshot
        self.factAt = factAt
        self.person = person
        self.task = task
        self.closesAs = closesAs
        self.responders = responders
    }

    var id: EpisodeID { snapshot.id }
    var isOpen: Bool { snapshot.status == "open" }

    var subject: CareSubject {
        CareSubject(
            episode: id, call: snapshot.call, agency: snapshot.agency, community: snapshot.community,
            responders: responders)
    }

    var plan: CarePlan {
        CarePlan(nextAction: snapshot.nextAction, deadline: snapshot.deadline, owner: snapshot.owner)
    }

    /// Who may read and move it: the call's agency and those that met the person.
    var agencies: [AgencyID] { responders.union([snapshot.agency]).inOrder }

    static func open(
        _ subject: CareSubject, owner: OwnerRole, _ plan: CarePlan, person: CarePerson, closesAs: ClosingReason,
        factAt: Date, at now: Date
    ) -> CareEpisode {
        CareEpisode(
            snapshot: EpisodeSnapshot(
                id: subject.episode, version: 1, call: subject.call, agency: subject.agency,
                community: subject.community, status: "open", owner: owner, nextAction: plan.nextAction,
                deadline: plan.deadline, openedAt: now),
            factAt: factAt, person: person, closesAs: closesAs, responders: subject.responders)
    }

    /// Another responder answers from here, because of something that happened at `factAt`. A closed episode opens
    /// again: there is one a call, and nobody in care is without one.
    mutating func pass(
        to owner: OwnerRole, _ plan: CarePlan, person: CarePerson, closesAs: ClosingReason, factAt: Date,
        from responders: Set<AgencyID> = []
    ) {
        snapshot.status = "open"
        snapshot.closedAt = nil
        snapshot.closedBecause = nil
        self.person = person
        self.closesAs = closesAs
        self.factAt = factAt
        self.responders.formUnion(responders)
        task = nil
        revise(CarePlan(nextAction: plan.nextAction, deadline: plan.deadline, owner: owner))
    }

    /// The next thing to do, by when, and by whom where that changes.
    mutating func revise(_ plan: CarePlan) {
        snapshot.nextAction = plan.nextAction
        snapshot.deadline = plan.deadline
        snapshot.owner = plan.owner ?? snapshot.owner
        snapshot.version += 1
    }

    /// Because of something that happened at `factAt`, where it was not decided here.
    mutating func close(because reason: ClosingReason, at now: Date, factAt: Date? = nil) {
        snapshot.status = "closed"
        snapshot.closedAt = now
        snapshot.closedBecause = reason.rawValue
        snapshot.version += 1
        task = nil
        self.factAt = factAt ?? self.factAt
    }
}

/// Whose care it is: the ids that everything belonging to an episode carries.
struct CareSubject: Sendable, Equatable {
    let episode: EpisodeID
    let call: CallID
    let agency: AgencyID
    let community: Community
    /// The agencies of the units that met the person.
    var responders: Set<AgencyID> = []
}

extension Set<AgencyID> {
    var inOrder: [AgencyID] { sorted { $0.rawValue < $1.rawValue } }
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
