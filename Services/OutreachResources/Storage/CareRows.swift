import Contracts
import Foundation
import Postgres

// How each row is read: the columns and their order, once.

extension CareEpisode {
    static let columns = """
        e.id, e.version, e.call_id, e.agency, e.community, e.status, e.owner, e.next_action, e.deadline, e.opened_at,
        e.closed_at, e.fact_at, e.language, e.age_band, e.legal_status, e.consent, e.unmet_needs, e.closed_because,
        e.closes_as, e.responders, e.task, e.task_action, e.task_owner, e.task_deadline
        """

    init(_ row: Row) throws {
        let (
            id, version, call, agency, community, status, owner, nextAction, deadline, openedAt, closedAt, factAt,
            language, ageBand, legalStatus, consent, unmet, closedBecause, closesAs, responders, task, taskAction,
            taskOwner, taskDeadline
        ) = try row.decode(
            UUID.self, Int.self, UUID.self, String.self, String.self, String.self, String.self, String.self,
            Date.self, Date.self, Date?.self, Date.self, String?.self, String?.self, String.self, String.self,
            [String].self, String?.self, String.self, [String].self, String?.self, String?.self, String?.self,
            Date?.self)
        self.init(
            snapshot: EpisodeSnapshot(
                id: EpisodeID(id), version: version, call: CallID(call), agency: AgencyID(rawValue: agency),
                community: Community(rawValue: community), status: status, owner: OwnerRole(rawValue: owner),
                nextAction: nextAction, deadline: deadline, openedAt: openedAt, closedAt: closedAt,
                closedBecause: closedBecause),
            factAt: factAt,
            person: CarePerson(
                language: language, ageBand: ageBand.map(AgeBand.init(rawValue:)),
                legalStatus: LegalStatus(rawValue: legalStatus), consent: Fact(rawValue: consent),
                unmetNeeds: unmet.map(Need.init(rawValue:))),
            task: CareTask(kind: task, action: taskAction, owner: taskOwner, deadline: taskDeadline),
            closesAs: ClosingReason(rawValue: closesAs) ?? .notReached,
            responders: Set(responders.map(AgencyID.init(rawValue:))))
    }
}

extension CareTask {
    fileprivate init?(kind: String?, action: String?, owner: String?, deadline: Date?) {
        guard let kind = kind.flatMap(Kind.init(rawValue:)), let action, let owner, let deadline else { return nil }
        self.init(kind: kind, action: action, owner: OwnerRole(rawValue: owner), deadline: deadline)
    }
}

extension FollowUpSnapshot {
    static let columns = """
        f.id, f.episode_id, e.call_id, e.agency, e.community, f.time_window, f.owner, f.not_before, f.due, f.expires,
        f.status, f.attempts
        """

    init(_ row: Row) throws {
        let (id, episode, call, agency, community, window, owner, notBefore, due, expires, status, attempts) =
            try row.decode(
                UUID.self, UUID.self, UUID.self, String.self, String.self, String.self, String.self, Date.self,
                Date.self, Date.self, String.self, Int.self)
        self.init(
            id: FollowUpID(id), episode: EpisodeID(episode), call: CallID(call), agency: AgencyID(rawValue: agency),
            community: Community(rawValue: community), window: window, owner: OwnerRole(rawValue: owner),
            notBefore: notBefore, due: due, expires: expires, status: status, attempts: attempts)
    }
}

extension ReferralSnapshot {
    static let columns = """
        r.id, r.version, r.episode_id, e.call_id, e.agency, e.community, r.need, r.service_id, r.status,
        r.status_reason, r.updated_at
        """

    init(_ row: Row) throws {
        let (id, version, episode, call, agency, community, need, service, status, reason, updatedAt) =
            try row.decode(
                UUID.self, Int.self, UUID.self, UUID.self, String.self, String.self, String.self, UUID.self,
                String.self, String?.self, Date.self)
        self.init(
            id: ReferralID(id), version: version, episode: EpisodeID(episode), call: CallID(call),
            agency: AgencyID(rawValue: agency), community: Community(rawValue: community),
            need: Need(rawValue: need), service: service, status: status, statusReason: reason, updatedAt: updatedAt)
    }
}

extension CaseFile {
    static let columns = """
        c.id, c.program, c.community, c.place_id, c.owner, c.status, c.next_action, c.deadline, c.opened_at,
        c.last_call_at, c.closed_because,
        array(select k.call_id from case_calls k where k.case_id = c.id order by k.ordinal),
        array(select distinct t.agency from case_calls k join triaged_calls t using (call_id) where k.case_id = c.id
            order by t.agency)
        """

    init(_ row: Row) throws {
        let (
            id, program, community, place, owner, status, nextAction, deadline, openedAt, lastCallAt, reason, calls,
            agencies
        ) = try row.decode(
            UUID.self, String.self, String.self, UUID?.self, String.self, String.self, String.self, Date.self,
            Date.self, Date.self, String?.self, [UUID].self, [String].self)
        self.init(
            snapshot: CaseSnapshot(
                id: CaseID(id), program: Program(rawValue: program), community: Community(rawValue: community),
                place: place.map { PlaceID($0) }, owner: OwnerRole(rawValue: owner), calls: calls.map { CallID($0) },
                status: status, nextAction: nextAction, deadline: deadline, openedAt: openedAt,
                agencies: agencies.map(AgencyID.init(rawValue:)), closedBecause: reason),
            lastCallAt: lastCallAt)
    }
}

extension ProblemSnapshot {
    static let columns = """
        p.id, p.place_id, p.community, p.program, p.stage, p.owner, p.next_action, p.deadline, p.opened_at,
        p.closed_because, array(select k.call_id from problem_calls k where k.problem_id = p.id order by k.ordinal),
        array(select distinct t.agency from problem_calls k join triaged_calls t using (call_id)
            where k.problem_id = p.id order by t.agency)
        """

    init(_ row: Row) throws {
        let (id, place, community, program, stage, owner, nextAction, deadline, openedAt, reason, calls, agencies) =
            try row.decode(
                UUID.self, UUID.self, String.self, String.self, String.self, String.self, String.self, Date.self,
                Date.self, String?.self, [UUID].self, [String].self)
        self.init(
            id: ProblemID(id), place: PlaceID(place), community: Community(rawValue: community),
            program: Program(rawValue: program), stage: stage, owner: OwnerRole(rawValue: owner),
            calls: calls.map { CallID($0) }, nextAction: nextAction, deadline: deadline, openedAt: openedAt,
            agencies: agencies.map(AgencyID.init(rawValue:)), closedBecause: reason)
    }
}
