/// What the pair reports when it clears a call.
///
/// Only the disposition must be there: lists that are absent are empty, an absent legal status is `voluntary` and an
/// absent consent is `unknown`, which permits nothing.
public struct EncounterOutcome: Codable, Sendable, Equatable {
    /// The main one.
    public var disposition: Disposition
    /// Others that also apply.
    public var secondary: [Disposition]
    public var needs: [Need]
    /// BCP 47, for example `es`.
    public var language: String?
    public var ageBand: AgeBand?
    public var legalStatus: LegalStatus
    /// Whether the person agreed to be referred and contacted again.
    public var consent: Fact

    public init(
        disposition: Disposition, secondary: [Disposition] = [], needs: [Need] = [], language: String? = nil,
        ageBand: AgeBand? = nil, legalStatus: LegalStatus = .voluntary, consent: Fact = .unknown
    ) {
        self.disposition = disposition
        self.secondary = secondary
        self.needs = needs
        self.language = language
        self.ageBand = ageBand
        self.legalStatus = legalStatus
        self.consent = consent
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            disposition: try fields.decode(Disposition.self, forKey: .disposition),
            secondary: try fields.decodeIfPresent([Disposition].self, forKey: .secondary) ?? [],
            needs: try fields.decodeIfPresent([Need].self, forKey: .needs) ?? [],
            language: try fields.decodeIfPresent(String.self, forKey: .language),
            ageBand: try fields.decodeIfPresent(AgeBand.self, forKey: .ageBand),
            legalStatus: try fields.decodeIfPresent(LegalStatus.self, forKey: .legalStatus) ?? .voluntary,
            consent: try fields.decodeIfPresent(Fact.self, forKey: .consent) ?? .unknown)
    }
}
