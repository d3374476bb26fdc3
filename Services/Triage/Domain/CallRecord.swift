import Contracts
import Foundation

/// Where triage stands with one call: its latest version, what the rules say, and a person's standing override.
struct CallRecord: Codable, Sendable, Equatable {
    /// Without narrative and persons, which stay with intake.
    private(set) var call: CallSnapshot
    private(set) var assessment: Assessment
    private(set) var override: Override?
    /// Counts the decisions, from 1.
    private(set) var decision: Int

    /// The first assessment of a call.
    init(_ call: CallSnapshot, _ assessment: Assessment) {
        self.call = call.withoutPersonalContent
        self.assessment = assessment
        decision = 1
    }

    /// A newer version of the call.
    func assessed(_ call: CallSnapshot, _ assessment: Assessment) -> CallRecord {
        var record = CallRecord(call, assessment)
        record.override = override
        record.decision = decision + 1
        return record
    }

    mutating func impose(_ override: Override) {
        self.override = override
        decision += 1
    }

    mutating func release() {
        override = nil
        decision += 1
    }

    /// What holds now: the rules' answer under a person's override.
    func decide(because cause: Decision.Cause, at: Date, released: Override.Release? = nil) -> Decision {
        Decision(
            call: call.id, agency: call.agency, number: call.number, decision: decision, callVersion: call.version,
            status: call.status, cause: cause, level: override?.level ?? assessment.level,
            responseMode: override?.responseMode ?? assessment.responseMode,
            programs: override?.ranked(assessment.programs) ?? assessment.programs, override: override,
            released: released, rulesSay: assessment, decidedAt: at)
    }

    func event(_ decision: Decision) -> CallTriaged {
        CallTriaged(
            call: call.id, agency: call.agency, number: call.number, callVersion: call.version,
            decision: decision.decision, status: call.status, receivedAt: call.receivedAt, location: call.location,
            community: call.community, commonType: call.type.common, flags: call.flags, language: call.language,
            ageBand: call.ageBand, possibleDuplicateOf: call.possibleDuplicateOf, level: decision.level,
            responseMode: decision.responseMode, programs: decision.programs,
            rules: assessment.reasons.map(\.rule), questions: assessment.questions.map(\.fact.rawValue),
            ruleSetVersion: assessment.ruleSetVersion, ruleSetHash: assessment.ruleSetHash,
            isOverridden: override != nil, decidedAt: decision.decidedAt)
    }
}

extension CallSnapshot {
    fileprivate var withoutPersonalContent: CallSnapshot {
        var call = self
        call.narrative = []
        call.persons = []
        return call
    }
}
