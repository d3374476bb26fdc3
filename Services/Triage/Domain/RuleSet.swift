import Contracts

/// How calls are judged, as the agencies' chiefs and clinicians wrote it down in `triage.yaml`.
///
/// A value without moving parts: the same rule set, call and place history always give the same assessment.
struct RuleSet: Sendable, Equatable {
    static let lowestLevel = 1
    static let levels = 1...4
    /// What an alert is worth: more than all evidence for a program can add up to. Of several programs that a gate alerts,
    /// the first is worth the most.
    static let alertPoints = 1000

    let version: String
    let title: String
    /// The file as it was read.
    let text: String
    /// SHA-256 of the file, hexadecimal: every decision names it.
    let hash: String
    let facts: [FactDefinition]
    let gates: [Gate]
    let evidence: [EvidenceRule]
    let modes: [ModeRule]
    /// Programs with fewer points are not listed. Patrol always is.
    let listedFrom: Int
    let repeatPlaces: RepeatPlaces
    let lexicon: Lexicon

    /// What every rule carries, so that a person can be told.
    struct Identity: Sendable, Equatable {
        let id: String
        let why: String
        let source: String
    }

    /// A hard safety gate. It can only raise the level: it may not ask for a no, so more danger never lowers it.
    struct Gate: Sendable, Equatable {
        let rule: Identity
        let level: Int
        /// Programs that are told at once and rank before all others.
        let alert: [Program]
        let when: Condition
    }

    /// Points for a program. Each rule counts once, however often its evidence is repeated.
    struct EvidenceRule: Sendable, Equatable {
        let rule: Identity
        let program: Program
        let points: Int
        let when: Condition
    }

    /// A line of the mode table. The first one that holds decides; the last one always holds.
    struct ModeRule: Sendable, Equatable {
        let rule: Identity
        let mode: ResponseMode
        let when: Condition
    }
}
