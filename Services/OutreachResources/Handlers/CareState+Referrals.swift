import Contracts
import Foundation
import Messaging

extension CareState {
    mutating func refer(
        _ needs: [Need], for subject: CareSubject, _ person: inout CarePerson, _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        needs.enumerated().flatMap { refer($1, for: subject, &person, ordinal: $0, message) }
    }

    /// Asks the best service there is for one need; where there is none the need stays unmet and is said so.
    mutating func refer(
        _ need: Need, for subject: CareSubject, _ person: inout CarePerson, ordinal: Int = 0,
        _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        let earlier = referrals(of: subject.episode).filter { $0.need == need }
        guard !earlier.contains(where: \.isOpen) else { return [] }
        let query = MatchQuery(
            need: need, ageBand: person.ageBand, language: person.language, community: subject.community,
            legalStatus: person.legalStatus, at: message.handledAt, excluding: Set(earlier.map(\.service)))
        guard let best = directory.matches(query, capacity: capacity).first else {
            if !person.unmetNeeds.contains(need) { person.unmetNeeds.append(need) }
            return []
        }
        let referral = ReferralSnapshot(
            id: ReferralID(message.derivedID("referral", ordinal)), version: 1, episode: subject.episode,
            call: subject.call, agency: subject.agency, community: subject.community, need: need,
            service: best.service.id, status: ReferralStatus.requested.rawValue, updatedAt: message.handledAt)
        referrals[referral.id] = referral
        person.unmetNeeds.removeAll { $0 == need }
        return [.event(ReferralUpdated(referral: referral))]
    }

    /// Moves a referral on somebody's word. When a service says no or fails, the next best one is asked.
    mutating func moveReferral(
        _ id: ReferralID, to status: ReferralStatus, by voice: ReferralVoice, reason: String?,
        _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard var referral = referrals[id] else { throw .refused("unknown-referral", "There is no referral \(id).") }
        do {
            try referral.move(to: status, by: voice, reason: reason, at: message.handledAt)
        } catch {
            throw Refusal(error)
        }
        referrals[id] = referral
        var outgoing: [Outgoing] = [.event(ReferralUpdated(referral: referral))]
        if status == .rejected && reason == "no-capacity" {
            observe(
                CapacityObservation(
                    service: referral.service, band: .full, source: "referral", observedAt: message.handledAt))
        }
        if var episode = episodes[referral.episode], episode.isOpen {
            switch status {
            case .rejected, .failed:
                if episode.person.consent == .yes {
                    outgoing += refer(referral.need, for: episode.subject, &episode.person, message)
                } else if episode.person.consent != .no, !episode.person.unmetNeeds.contains(referral.need) {
                    episode.person.unmetNeeds.append(referral.need)
                }
            case .completed:
                episode.person.unmetNeeds.removeAll { $0 == referral.need }
                episode.closesAs = .helped
            default: break
            }
            episodes[episode.id] = episode
        }
        return outgoing + settle(referral.episode, message)
    }

    mutating func cancelReferrals(
        of episode: EpisodeID, because reason: String, _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        referrals(of: episode).compactMap { open in
            var referral = open
            guard (try? referral.move(to: .cancelled, by: .staff, reason: reason, at: message.handledAt)) != nil else {
                return nil
            }
            referrals[referral.id] = referral
            return .event(ReferralUpdated(referral: referral))
        }
    }

    mutating func record(
        _ observation: CapacityObservation, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard directory.service(observation.service) != nil else {
            throw .refused("unknown-service", "The directory has no service \(observation.service).")
        }
        guard observation.observedAt <= message.handledAt + 300 else {
            throw .refused("impossible-time", "The observation is in the future.")
        }
        observe(observation)
        return []
    }
}

extension Refusal {
    fileprivate init(_ refusal: ReferralRefusal) {
        self =
            switch refusal {
            case .illegal(let from, let to):
                .refused(
                    "illegal-transition",
                    "A referral that is \(from.rawValue) cannot become \(to.rawValue); possible: "
                        + (from.isFinal ? "nothing, it is final" : words(from.next, ", ")))
            case .notTheirs(let status, let voice):
                .refused(
                    "not-theirs",
                    "\(status.rawValue) on the word of \(voice.rawValue) is not enough; it takes "
                        + words(status.voices, " or "))
            }
        func words<Word: RawRepresentable<String>>(_ set: Set<Word>, _ separator: String) -> String {
            set.map(\.rawValue).sorted().joined(separator: separator)
        }
    }
}
