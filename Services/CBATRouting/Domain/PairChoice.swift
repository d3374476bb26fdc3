import Contracts

/// One pair that could take a call, and what taking it would cost, every term in minutes.
struct Candidate: Sendable, Equatable, Codable {
    let pairing: String
    let unit: String
    let position: Community
    /// To the community of the call.
    let travel: Int
    /// Positive when the clinician gave this community more time than its share, negative when less.
    let fairness: Int
    let language: Int
    let youth: Int

    var total: Int { travel + fairness + language + youth }

    /// `CBAT1 21 min (travel 12, fairness −3, language 12)`
    var summary: String {
        let terms = [("travel", travel), ("fairness", fairness), ("language", language), ("youth", youth)]
        let told = terms.filter { $0.0 == "travel" || $0.1 != 0 }.map { "\($0.0) \($0.1)" }
        return "\(unit) \(total) min (\(told.joined(separator: ", ")))"
    }
}

/// A pair that was not considered, and why.
struct SetAside: Sendable, Equatable, Codable {
    enum Reason: String, Sendable, Codable, CaseIterable {
        case offShift = "off-shift"
        /// Its CAD says off duty or out of service.
        case unavailable
        /// It, or somebody of it, has an assignment.
        case busy
        /// It was asked, and said no or nothing.
        case asked
        /// The closed road lies between.
        case cutOff = "cut-off"
    }

    let pairing: String
    let reason: Reason
}

/// Every pair of the roster in the order of preference or with the reason it was set aside.
struct PairChoice: Sendable, Equatable, Codable {
    let ranked: [Candidate]
    let setAside: [SetAside]

    var chosen: Candidate? { ranked.first }
    var runnerUp: Candidate? { ranked.dropFirst().first }

    /// Why this pair and not the runner-up, or why nobody.
    var reason: String {
        if let chosen, let runnerUp { return "\(chosen.summary); next \(runnerUp.summary)." }
        if let chosen { return "\(chosen.summary); no other pair is free." }
        let reasons = Set(setAside.map(\.reason))
        if reasons.contains(.asked) { return "Every free pair declined or did not answer." }
        if reasons.contains(.cutOff) { return "The closed road cuts off every free pair." }
        if reasons.contains(.busy) { return "Every pair on shift is busy." }
        if reasons.contains(.unavailable) { return "No pair on shift is in service." }
        return "No pair is on shift."
    }
}

/// What of a call counts in choosing a pair.
struct Demand: Sendable, Equatable {
    let community: Community
    let language: String?
    let isYouth: Bool
}

/// A pair on shift with nothing to do.
struct FreePair: Sendable, Equatable {
    let pairing: Pairing
    let position: Community
}

extension Roster {
    /// Ranks the free pairs for a call: the lowest sum of travel, fairness among the communities, language and youth
    /// specialty first. Equal sums go to the clinician with less work, then by id, so the answer is always the same.
    func choose(
        for demand: Demand, among pairs: [FreePair], ledger: ClinicianLedger, closed: Set<String>,
        setAside: [SetAside] = []
    ) -> PairChoice {
        var cutOff: [SetAside] = []
        var ranked: [(candidate: Candidate, load: Int)] = []
        for pair in pairs {
            if let candidate = candidate(pair, demand, ledger, closed) {
                ranked.append((candidate, ledger.total(of: pair.pairing.clinician)))
            } else {
                cutOff.append(SetAside(pairing: pair.pairing.id, reason: .cutOff))
            }
        }
        ranked.sort {
            ($0.candidate.total, $0.load, $0.candidate.pairing) < ($1.candidate.total, $1.load, $1.candidate.pairing)
        }
        return PairChoice(ranked: ranked.map(\.candidate), setAside: setAside + cutOff)
    }

    private func candidate(
        _ pair: FreePair, _ demand: Demand, _ ledger: ClinicianLedger, _ closed: Set<String>
    ) -> Candidate? {
        guard let travel = travel.minutes(from: pair.position, to: demand.community, closed: closed) else { return nil }
        let excess = fairness.excess(of: demand.community, for: pair.pairing.clinician, in: ledger)
        let clinician = clinician(of: pair.pairing)
        return Candidate(
            pairing: pair.pairing.id, unit: pair.pairing.unit, position: pair.position, travel: travel,
            fairness: Int((excess * Double(policy.fairnessMinutes)).rounded()),
            language: languageCost(demand.language, clinician, officer(of: pair.pairing)),
            youth: demand.isYouth && clinician?.isYouthSpecialist != true ? policy.youthMinutes : 0)
    }

    private func languageCost(_ language: String?, _ clinician: Clinician?, _ officer: Officer?) -> Int {
        // `es-MX` is spoken by who speaks `es`.
        guard let spoken = language?.lowercased().split(separator: "-").first.map(String.init) else { return 0 }
        if clinician?.languages.contains(spoken) == true { return 0 }
        return officer?.languages.contains(spoken) == true ? policy.officerLanguageMinutes : policy.languageMinutes
    }
}
