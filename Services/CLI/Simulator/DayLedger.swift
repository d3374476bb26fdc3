import Contracts
import Foundation

/// What became of every call and every message of the day, by what receipts and feeds say; nothing else counts.
struct DayLedger {
    private(set) var calls: [CallID: Entry] = [:]
    private(set) var receipts: [String: [Receipt.Outcome: Int]] = [:]
    private(set) var mischief: [Mischief: Int] = [:]

    struct Entry {
        let number: String
        let agency: AgencyID
        var isReceived = false
        var level: Int?
        var program: Program?
        var status: CallStatus = .active
        /// How it ended, most telling first.
        var outcome: String?
        var offers = 0
        var isAssigned = false
        var hasCase = false
    }

    init(_ day: SampleDay) {
        for call in day.calls { calls[call.id] = Entry(number: call.number, agency: call.agency) }
        for message in day.messages {
            if let kind = message.mischief { mischief[kind, default: 0] += 1 }
        }
    }

    mutating func record(_ receipt: Receipt) {
        receipts[receipt.agency.rawValue, default: [:]][receipt.outcome, default: 0] += 1
        if let call = receipt.call, receipt.callNumber != nil { calls[call]?.isReceived = true }
    }

    func count(_ outcome: Receipt.Outcome) -> Int {
        receipts.values.reduce(0) { $0 + $1[outcome, default: 0] }
    }

    var receiptCount: Int { receipts.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Notes what an event says about a call. Returns a line when it is worth telling.
    /// What a feed of another agency than the call's own shows counts as well; it is told once.
    mutating func record(_ item: FeedWatcher.Item, in feed: AgencyID) -> String? {
        guard let event = try? ContractJSON.decode(Glimpse.self, from: item.data), let id = event.callID,
            var entry = calls[id], entry.agency == feed
        else { return nil }
        defer { calls[id] = entry }
        switch item.type {
        case CallTriaged.type.description:
            let isNew = entry.level == nil
            entry.level = event.level
            entry.program = event.programs?.first?.program
            if let status = event.status { entry.status = status }
            if isNew, event.level == 4 { return "\(entry.name): immediate danger, \(event.responseMode ?? "")" }
        case AssignmentOffered.type.description:
            entry.offers += 1
            return "\(entry.name): offered to \(event.assignment?.unit ?? "a pair")"
        case AssignmentAccepted.type.description:
            entry.isAssigned = true
        case AssignmentDeclined.type.description: return "\(entry.name): declined"
        case AssignmentExpired.type.description: return "\(entry.name): offer expired"
        case EncounterCleared.type.description:
            entry.isAssigned = false
            entry.outcome = "cleared by \(event.assignment?.unit ?? "a pair")"
            return "\(entry.name): cleared by \(event.assignment?.unit ?? "a pair")"
        case AssignmentCancelled.type.description:
            entry.isAssigned = false
            if entry.outcome == nil { entry.outcome = "assignment cancelled" }
        case CallDeferred.type.description:
            entry.outcome = "deferred to the next shift"
            return "\(entry.name): deferred to the next shift"
        case CallHandedOff.type.description:
            entry.outcome = "handed to \(event.nextOwner?.rawValue ?? "another responder")"
            return "\(entry.name): handed to \(event.nextOwner?.rawValue ?? "another responder")"
        case CallJoined.type.description: entry.outcome = "joined another agency's call"
        case CaseOpened.type.description, CaseJoined.type.description:
            entry.hasCase = true
        default: break
        }
        return nil
    }

    /// Calls without an end so far.
    var open: [Entry] { calls.values.filter { $0.ending == nil }.sorted { $0.number < $1.number } }

    /// Only what is asked of an event here.
    private struct Glimpse: Decodable {
        let call: CallReference?
        let assignment: Assignment?
        let `case`: Case?
        let level: Int?
        let responseMode: String?
        let programs: [RankedProgram]?
        let status: CallStatus?
        let nextOwner: OwnerRole?

        struct Assignment: Decodable {
            let call: CallID
            let unit: String
        }

        struct Case: Decodable {
            let calls: [CallID]
        }

        /// Some events name the call, intake's carry it.
        struct CallReference: Decodable {
            let id: CallID

            init(from decoder: any Decoder) throws {
                if let id = try? decoder.singleValueContainer().decode(CallID.self) {
                    self.id = id
                } else {
                    id = try decoder.container(keyedBy: Key.self).decode(CallID.self, forKey: .id)
                }
            }

            private enum Key: CodingKey { case id }
        }

        enum CodingKeys: CodingKey {
            case call, assignment, `case`, level, responseMode, programs, status, nextOwner
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            call = try? fields.decode(CallReference.self, forKey: .call)
            assignment = try? fields.decode(Assignment.self, forKey: .assignment)
            `case` = try? fields.decode(Case.self, forKey: .case)
            level = try? fields.decode(Int.self, forKey: .level)
            responseMode = try? fields.decode(String.self, forKey: .responseMode)
            programs = try? fields.decode([RankedProgram].self, forKey: .programs)
            status = try? fields.decode(CallStatus.self, forKey: .status)
            nextOwner = try? fields.decode(OwnerRole.self, forKey: .nextOwner)
        }

        var callID: CallID? { call?.id ?? assignment?.call ?? `case`?.calls.last }
    }
}

extension DayLedger.Entry {
    var name: String { "\(agency)/\(number)" }

    /// What became of the call; nil while that is open.
    var ending: String? {
        if let outcome, !isAssigned { return outcome }
        guard isReceived, level != nil, let program, !isAssigned, offers == 0 || status != .active else { return nil }
        if program == .cbat && status == .active { return nil }
        switch program {
        case .cbat: return status == .cancelled ? "cancelled by its CAD" : "closed by its CAD"
        case .patrol: return status == .cancelled ? "cancelled by its CAD" : "patrol"
        default: return hasCase ? "case of the \(program.rawValue) officer" : nil
        }
    }
}
