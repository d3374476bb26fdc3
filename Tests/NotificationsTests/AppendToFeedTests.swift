import Contracts
import Foundation
import Messaging
import Testing
@testable import Notifications

@Suite("Appending to the feed")
struct AppendToFeedTests {
    private func append(_ messages: [Message<AnyEvent>], after last: Int = 7) throws -> AppendToFeed.State {
        let handler = AppendToFeed(policy: try Sample.policy())
        var state = AppendToFeed.State(last: last)
        for message in messages { #expect(try handler.decide(message, &state).isEmpty) }
        return state
    }

    private func message(_ type: String, _ json: String, at time: Date? = nil) throws -> Message<AnyEvent> {
        let envelope = Envelope(id: .v7(), type: type, data: Data(json.utf8), time: time)
        return Message(
            id: envelope.id, body: try AnyEvent(envelope), handledAt: Sample.now, correlation: nil,
            trace: envelope.trace)
    }

    @Test("events get the next positions in the order they came")
    func positions() throws {
        let types = ["intake.call.received.v1", "triage.call.triaged.v1", "intake.unit.status-changed.v1"]
        let state = try append(types.map { try message($0, #"{"x":1}"#) })
        #expect(state.appended.map(\.position) == [8, 9, 10])
        #expect(state.appended.map(\.event.envelope.type) == types)
        #expect(state.last == 10)
    }

    @Test("of two answers about consent the later one counts, whichever comes last")
    func consent() throws {
        let call = UUID.v5("call")
        func cleared(_ consent: String, _ seconds: Double) throws -> Message<AnyEvent> {
            try message(
                EncounterCleared.type.description,
                #"{"assignment":{"call":"\#(call)"},"outcome":{"consent":"\#(consent)"}}"#, at: Sample.now + seconds)
        }
        #expect(try append([try cleared("yes", 1), try cleared("no", 2)]).consents[call]?.consent == .no)
        #expect(try append([try cleared("no", 2), try cleared("yes", 1)]).consents[call]?.consent == .no)
        #expect(try append([try cleared("yes", 1)]).consents[call]?.consent == .yes)
        #expect(try append([try message("triage.call.triaged.v1", #"{"outcome":{"consent":"yes"}}"#)]).consents.isEmpty)
    }

    @Test("an event of a type this version does not know is kept; what is no event is unreadable")
    func reading() throws {
        #expect(try append([try message("intake.call.merged.v9", "{}")]).appended.count == 1)
        #expect(throws: Unreadable.self) { try message("hello", "{}") }
        #expect(throws: Unreadable.self) { try message("timer.offer", "{}") }
        #expect(throws: Unreadable.self) { try message("intake.call.received.v1", "[]") }
    }

    @Test(
        "a record belongs to the agencies it names, and a referral to its service too",
        arguments: [
            ("intake.call.received.v1", ["beaumont-pd"]), ("intake.unit.status-changed.v1", ["banning-pd"]),
            ("triage.call.triaged.v1", ["beaumont-pd"]), ("cbat-routing.encounter.cleared.v1", ["beaumont-pd"]),
            ("cbat-routing.call.joined.v1", ["riverside-sheriff"]),
            ("outreach-resources.referral.updated.v1", ["beaumont-pd", "c3ed6f34-4f96-5094-8383-e5f19a622891"]),
            ("outreach-resources.case.opened.v1", []),
            ("outreach-resources.case.updated.v1", ["banning-pd", "beaumont-pd"]),
            ("outreach-resources.problem.updated.v1", ["beaumont-pd"]),
        ] as [(String, [AgencyID])])
    func ownership(_ type: String, _ agencies: [AgencyID]) throws {
        let event = try #require(GoldenEvent.all.first { $0.type == type })
        #expect(FeedEvent.agencies(in: event.content) == agencies)
    }
}
