import Contracts
import Foundation

/// A day of calls from three dispatch systems, the same for the same seed, mischief included.
struct SampleDay {
    let calls: [SampleCall]
    /// Everything the CADs send on their own account, in the order of sending.
    let messages: [SampleMessage]
    let end: Date

    enum Length: String, CaseIterable {
        case short, full
        var hours: Double { self == .short ? 3 : 24 }
        var calls: Int { self == .short ? 24 : 160 }
    }

    init(seed: UInt64, length: Length, start: Date) {
        var random = SeededRandom(seed: seed)
        let numberStamp = Self.stamp(start)
        var calls: [SampleCall] = []
        for index in 1...length.calls {
            let beat = random.pick([Beat.all[0], Beat.all[0], Beat.all[1], Beat.all[1], Beat.all[2]])
            let number = numberStamp + "-" + String(10_000 + index).dropFirst()
            let received = start + Double.random(in: 0..<length.hours * 3600 - 900, using: &random)
            calls.append(SampleCall(number: number, beat: beat, received: Self.whole(received), random: &random))
        }
        if let first = calls.first(where: { $0.story.placeType == .residence }) {
            calls.append(SampleCall(echoOf: first, number: "\(numberStamp)-E001"))
        }
        self.calls = calls.sorted { $0.received < $1.received }
        messages = Mischief.disturb(self.calls.flatMap(\.messages), &random)
        end = start + length.hours * 3600
    }

    /// `26110417` and minutes: a later start of the same installation gets numbers of its own.
    private static func stamp(_ date: Date) -> String {
        let digits = ContractJSON.timestamp(date).filter(\.isNumber)
        return String(digits.dropFirst(2).prefix(10))
    }

    private static func whole(_ date: Date) -> Date {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded())
    }
}

/// One call of the sample day, with the versions its CAD sends.
struct SampleCall {
    let number: String
    let agency: AgencyID
    let story: CallStory
    let received: Date
    private let versions: [(at: Date, call: CADCall)]

    var id: CallID { CallID(agency: agency, number: number) }

    init(number: String, beat: Beat, received: Date, random: inout SeededRandom) {
        let story = CallStory.pick(&random)
        self.number = number
        agency = beat.agency
        self.story = story
        self.received = received
        // A few addresses call again and again.
        let house = random.chance(20) ? 100 : Int.random(in: 1...90, using: &random) * 10 + 1
        let location = CADLocation(
            address: "\(house) \(random.pick(Beat.streets)) Ave", city: beat.city,
            latitude: beat.latitude + Double.random(in: -0.012...0.012, using: &random),
            longitude: beat.longitude + Double.random(in: -0.012...0.012, using: &random),
            placeType: story.placeType)
        let first = CADCall(
            number: number, version: 1, status: .active, typeCode: story.code(for: beat.agency),
            priority: story.priority, receivedAt: received, updatedAt: received, location: location,
            flags: story.flags, language: story.language, ageBand: story.ageBand,
            narrative: [NarrativeLine(at: received, text: random.pick(story.narrative))],
            persons: [Person(role: "caller", name: "Pat Sample", phone: "951-555-0100")])
        var versions = [(received, first)]
        if let later = story.later {
            let at = received + random.minutes(1...4)
            var update = first
            update.version = 2
            update.updatedAt = at
            update.flags = story.flags.merging(story.laterFlags) { $1 }
            update.narrative?.append(NarrativeLine(at: at, text: later))
            versions.append((at, update))
        }
        // Patrol's own calls end in their CAD; those a pair may take are closed by the CAD when the pair has cleared.
        let isCancelled = random.chance(6)
        if isCancelled || !Self.mayNeedPair(story) {
            var last = versions[versions.count - 1].1
            let at = (last.updatedAt ?? received) + (isCancelled ? random.minutes(2...8) : random.minutes(25...70))
            last.version += 1
            last.updatedAt = at
            last.status = isCancelled ? .cancelled : .closed
            last.disposition = isCancelled ? "CANCELLED" : "HANDLED"
            versions.append((at, last))
        }
        self.versions = versions
    }

    /// The neighbor agency's call about the same event.
    init(echoOf call: SampleCall, number: String) {
        let other: AgencyID = call.agency == "banning-pd" ? "beaumont-pd" : "banning-pd"
        var copy = call.versions[0].call
        let received = call.received + 90
        copy.number = number
        copy.receivedAt = received
        copy.updatedAt = received
        self.number = number
        agency = other
        story = call.story
        self.received = received
        versions = [(received, copy)]
    }

    var messages: [SampleMessage] {
        versions.map { version in
            SampleMessage(
                at: version.at, agency: agency, kind: "call.v1", call: id,
                body: CADCallMessage(
                    messageId: "\(number)-\(version.call.version)", agency: agency, sentAt: version.at,
                    call: version.call), mischief: nil)
        }
    }

    /// What the CAD sends when the pair has cleared the call.
    func closing(at: Date) -> [SampleMessage] {
        guard var last = versions.last?.call, last.status == .active else { return [] }
        last.version += 1
        last.updatedAt = at
        last.status = .closed
        last.disposition = "CBAT"
        return [
            SampleMessage(
                at: at, agency: agency, kind: "call.v1", call: id,
                body: CADCallMessage(messageId: "\(number)-\(last.version)", agency: agency, sentAt: at, call: last),
                mischief: nil)
        ]
    }

    private static func mayNeedPair(_ story: CallStory) -> Bool {
        ["5150", "801", "WELCK", "415F"].contains(story.code)
    }
}
