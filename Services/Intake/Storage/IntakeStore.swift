import Contracts
import Foundation
import Messaging
import Postgres

/// All of intake's SQL on the message path.
struct IntakeStore {
    let transaction: Transaction

    /// What is known about the calls and messages of a batch. Holds the receipt head, so intake is one writer at a time.
    func state(for batch: [CADMessage]) async throws -> IntakeState {
        let head = try await transaction.query("select last from receipt_head for update")
        var state = IntakeState(lastPosition: try head.first?.decode(Int.self) ?? 0)
        let calls = batch.compactMap { message -> (CallID, Date)? in
            guard case .call(let call) = message.content else { return nil }
            return (CallID(agency: message.agency, number: call.number), call.receivedAt)
        }
        state.handled = try await handled(batch)
        guard !calls.isEmpty else { return state }
        state.calls = try await known(calls.map(\.0.uuid))
        state.recent = try await active(around: calls.map(\.1))
        return state
    }

    private func handled(_ batch: [CADMessage]) async throws -> [IntakeState.MessageKey: IntakeState.HandledMessage] {
        let sent = batch.filter { $0.messageID != nil }
        let rows = try await transaction.query(
            """
            select r.agency, r.message_id, r.outcome, r.sha256
            from unnest(\(sent.map(\.agency.rawValue)), \(sent.map { $0.messageID ?? "" })) as m(agency, message_id)
            join receipts r on r.agency = m.agency and r.message_id = m.message_id
                and r.outcome in ('accepted', 'updated', 'stale')
            """)
        var handled: [IntakeState.MessageKey: IntakeState.HandledMessage] = [:]
        for row in rows {
            let (agency, messageID, outcome, sha256) = try row.decode(
                String.self, String.self, String.self, String.self)
            handled[.init(agency: AgencyID(rawValue: agency), messageID: messageID)] = .init(
                outcome: Receipt.Outcome(rawValue: outcome), sha256: sha256)
        }
        return handled
    }

    private func known(_ ids: [UUID]) async throws -> [CallID: IntakeState.KnownCall] {
        var calls: [CallID: IntakeState.KnownCall] = [:]
        for row in try await transaction.query("select snapshot from calls where id = any(\(ids))") {
            let call = try ContractJSON.decode(CallSnapshot.self, from: try row.decode(JSONB.self).bytes)
            calls[call.id] = .init(current: call)
        }
        let versions = try await transaction.query(
            "select call_id, version, sha256, is_late from call_versions where call_id = any(\(ids))")
        for row in versions {
            let (id, version, sha256, isLate) = try row.decode(UUID.self, Int.self, String.self, Bool.self)
            calls[CallID(id)]?.versions[version] = .init(sha256: sha256, isLate: isLate)
        }
        return calls
    }

    /// Active calls received near any of these times. At most 500 a time, so that a message with an absurd one cannot
    /// crowd out the others.
    private func active(around times: [Date]) async throws -> [RecentCall] {
        let windows = DuplicateFinder.windows(around: times)
        let rows = try await transaction.query(
            """
            select c.id, c.agency, c.received_at, (c.location ->> 'place')::uuid, (c.location ->> 'latitude')::float8,
                (c.location ->> 'longitude')::float8, c.original::uuid
            from unnest(
                \(windows.map(\.first)), \(windows.map(\.last)), \(windows.map { 500 * $0.calls })
            ) as near(first, last, most)
            cross join lateral (
                select id, agency, received_at, snapshot -> 'location' as location,
                    snapshot ->> 'possibleDuplicateOf' as original
                from calls
                where received_at between near.first and near.last and status = 'active'
                order by received_at, id limit near.most
            ) c
            order by c.received_at, c.id
            """)
        return try rows.map { row in
            let (id, agency, receivedAt, place, latitude, longitude, original) = try row.decode(
                UUID.self, String.self, Date.self, UUID?.self, Double?.self, Double?.self, UUID?.self)
            return RecentCall(
                id: CallID(id), agency: AgencyID(rawValue: agency), receivedAt: receivedAt,
                place: place.map(PlaceID.init),
                latitude: latitude, longitude: longitude, possibleDuplicateOf: original.map(CallID.init))
        }
    }

    func save(_ state: IntakeState) throws {
        let versions = state.newVersions
        if !versions.isEmpty {
            try save(versions)
            let changed = Set(versions.filter { !$0.isLate }.map(\.snapshot.id))
            try save(changed.compactMap { state.calls[$0]?.current })
        }
        let receipts = state.newReceipts
        guard !receipts.isEmpty else { return }
        transaction.enqueue(
            """
            insert into receipts (position, agency, message_id, outcome, sha256, at, receipt)
            select * from unnest(
                \(receipts.map(\.position)), \(receipts.map(\.receipt.agency.rawValue)),
                \(receipts.map(\.receipt.messageId)), \(receipts.map(\.receipt.outcome.rawValue)),
                \(receipts.map(\.receipt.sha256)), \(receipts.map(\.receipt.at)),
                \(try receipts.map { JSONB(bytes: try ContractJSON.encode($0.receipt)) }))
            """)
        transaction.enqueue("update receipt_head set last = \(state.lastPosition)")
    }

    private func save(_ versions: [IntakeState.NewVersion]) throws {
        transaction.enqueue(
            """
            insert into call_versions (call_id, version, sha256, is_late, handled_at, snapshot)
            select * from unnest(
                \(versions.map(\.snapshot.id.uuid)), \(versions.map { Int32($0.snapshot.version) }),
                \(versions.map(\.sha256)), \(versions.map(\.isLate)), \(versions.map(\.handledAt)),
                \(try versions.map { JSONB(bytes: try ContractJSON.encode($0.snapshot)) }))
            """)
    }

    private func save(_ calls: [CallSnapshot]) throws {
        guard !calls.isEmpty else { return }
        transaction.enqueue(
            """
            insert into calls (id, agency, number, version, status, received_at, updated_at, snapshot)
            select * from unnest(
                \(calls.map(\.id.uuid)), \(calls.map(\.agency.rawValue)), \(calls.map(\.number)),
                \(calls.map { Int32($0.version) }), \(calls.map(\.status.rawValue)), \(calls.map(\.receivedAt)),
                \(calls.map(\.updatedAt)), \(try calls.map { JSONB(bytes: try ContractJSON.encode($0)) }))
            on conflict (id) do update set
                version = excluded.version, status = excluded.status, updated_at = excluded.updated_at,
                snapshot = excluded.snapshot
            """)
    }
}
