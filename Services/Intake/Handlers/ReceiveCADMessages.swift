import Contracts
import Foundation
import Messaging
import Metrics
import Postgres

/// Validates what CADs send, keeps every version of every call, and answers each message with a receipt.
///
/// A message counts once by (agency, message id) and a version once by its content; a late older version is kept and
/// changes nothing.
struct ReceiveCADMessages: EventHandler {
    let callTypes: [AgencyID: CallTypeTable]
    let gazetteer: Gazetteer
    /// Each agency's own, for a call whose place tells none.
    var communities: [AgencyID: Community] = [:]

    func load(_ batch: [Message<CADMessage>], in transaction: Transaction) async throws -> IntakeState {
        try await IntakeStore(transaction: transaction).state(for: batch.map(\.body))
    }

    func decide(_ message: Message<CADMessage>, _ state: inout IntakeState) throws(Refusal) -> [Outgoing] {
        let received = message.body
        if case .rejected(let problems) = received.content { return reject(message, &state, problems) }
        if let messageID = received.messageID,
            let first = state.handled[.init(agency: received.agency, messageID: messageID)]
        {
            guard first.sha256 == received.sha256 else {
                return reject(
                    message, &state,
                    [problem("/messageId", "message-id-reused", "This id was used before for other content.")])
            }
            return [state.answer(receipt(message, .duplicate, original: first.outcome))]
        }
        let early = impossibleTimes(received.content, at: message.handledAt)
        guard early.isEmpty else { return reject(message, &state, early) }
        switch received.content {
        case .call(let call): return take(call, message, &state)
        case .unitStatus(let status): return pass(status, message, &state)
        case .rejected: return []
        }
    }

    func save(_ state: IntakeState, in transaction: Transaction) async throws {
        try IntakeStore(transaction: transaction).save(state)
        countUnknownWords(state)
    }

    /// Counted as it is saved: a batch that the database makes us repeat is counted again.
    private func countUnknownWords(_ state: IntakeState) {
        for call in state.newVersions.map(\.snapshot) {
            for kind in call.unknownWords {
                Counter(
                    label: "intake_unknown_words_total", dimensions: [("agency", call.agency.rawValue), ("kind", kind)]
                ).increment()
            }
        }
    }

    private func take(
        _ call: CADCall, _ message: Message<CADMessage>, _ state: inout IntakeState
    ) -> [Outgoing] {
        var snapshot = snapshot(of: call, message.body.agency)
        let content = (try? ContractJSON.encode(call).sha256) ?? message.body.sha256
        guard let known = state.calls[snapshot.id] else {
            snapshot.possibleDuplicateOf = DuplicateFinder.original(of: snapshot, among: state.recent)
            state.add(.init(snapshot: snapshot, sha256: content, isLate: false, handledAt: message.handledAt))
            return [.event(CallReceived(call: snapshot)), state.answer(receipt(message, .accepted))]
        }
        if let first = known.versions[call.version] {
            guard first.sha256 == content else {
                return reject(
                    message, &state,
                    [problem("/call/version", "version-reused", "This version was sent before with other content.")])
            }
            return [state.answer(receipt(message, .duplicate, original: known.outcome(of: call.version)))]
        }
        snapshot.possibleDuplicateOf = known.current.possibleDuplicateOf
        let isLate = call.version < known.current.version
        state.add(.init(snapshot: snapshot, sha256: content, isLate: isLate, handledAt: message.handledAt))
        guard !isLate else { return [state.answer(receipt(message, .stale))] }
        let event: any DomainEvent =
            snapshot.status.isFinal ? CallClosed(call: snapshot) : CallUpdated(call: snapshot)
        return [.event(event), state.answer(receipt(message, .updated))]
    }

    private func pass(
        _ status: CADUnitStatus, _ message: Message<CADMessage>, _ state: inout IntakeState
    ) -> [Outgoing] {
        let event = UnitStatusChanged(
            agency: message.body.agency, unit: status.unit, status: status.status, at: status.at,
            call: message.body.call, reason: status.reason, outcome: status.outcome)
        return [.event(event), state.answer(receipt(message, .accepted))]
    }

    /// An hour is allowed for a clock that is fast.
    private func impossibleTimes(_ content: CADMessage.Content, at now: Date) -> [Receipt.Problem] {
        let times: [(String, Date?)] =
            switch content {
            case .call(let call): [("/call/receivedAt", call.receivedAt), ("/call/updatedAt", call.updatedAt)]
            case .unitStatus(let status): [("/unitStatus/at", status.at)]
            case .rejected: []
            }
        return times.compactMap { pointer, time in
            guard let time, time > now.addingTimeInterval(3600) else { return nil }
            return problem(pointer, "impossible-time", "More than an hour in the future; check the clock.")
        }
    }

    private func reject(
        _ message: Message<CADMessage>, _ state: inout IntakeState, _ problems: [Receipt.Problem]
    ) -> [Outgoing] {
        let codes = Set(problems.map(\.code)).sorted().joined(separator: ", ")
        return [
            state.answer(receipt(message, .rejected, problems: problems)),
            .park(code: "rejected", detail: "\(message.body.agency): \(codes)"),
        ]
    }

    private func snapshot(of call: CADCall, _ agency: AgencyID) -> CallSnapshot {
        let community = gazetteer.community(of: call.location, else: communities[agency] ?? .outside)
        return CallSnapshot(
            id: CallID(agency: agency, number: call.number), agency: agency, number: call.number,
            version: call.version, status: call.status,
            type: callTypes[agency]?.type(call.typeCode)
                ?? CallType(code: call.typeCode, common: "OTHER", isRecognized: false),
            priority: call.priority, receivedAt: call.receivedAt, updatedAt: call.updatedAt ?? call.receivedAt,
            location: Location(
                address: call.location.address, latitude: call.location.latitude, longitude: call.location.longitude,
                placeType: call.location.placeType ?? .other, placeName: call.location.placeName,
                place: call.location.address.map { PlaceID(community: community, address: $0) }),
            community: community, flags: call.flags ?? [:], language: call.language, ageBand: call.ageBand,
            disposition: call.disposition, narrative: call.narrative ?? [], persons: call.persons ?? [])
    }

    private func receipt(
        _ message: Message<CADMessage>, _ outcome: Receipt.Outcome, original: Receipt.Outcome? = nil,
        problems: [Receipt.Problem] = []
    ) -> Receipt {
        let received = message.body
        return Receipt(
            messageId: received.messageID, agency: received.agency, outcome: outcome, original: original,
            call: received.call, callNumber: received.callNumber, version: received.version, problems: problems,
            sha256: received.sha256, at: message.handledAt)
    }

    private func problem(_ pointer: String, _ code: String, _ detail: String) -> Receipt.Problem {
        Receipt.Problem(pointer: pointer, code: code, detail: detail)
    }
}
