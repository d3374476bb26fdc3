import Contracts
import Foundation
import Testing
@testable import Intake

@Suite("Finding another agency's call about the same event")
struct DuplicateFinderTests {
    private func call(
        _ agency: AgencyID, minutes: Double = 0, address: String? = nil, latitude: Double? = nil,
        longitude: Double? = nil, status: CallStatus = .active
    ) -> CallSnapshot {
        let number = "\(agency)-\(minutes)"
        return CallSnapshot(
            id: CallID(agency: agency, number: number), agency: agency, number: number, version: 1, status: status,
            type: CallType(code: "5150", common: "MNTL", isRecognized: true),
            receivedAt: Sample.now + minutes * 60, updatedAt: Sample.now + minutes * 60,
            location: Location(
                address: address, latitude: latitude, longitude: longitude,
                place: address.map { PlaceID(community: .banning, address: $0) }),
            community: .banning)
    }

    private func finds(_ other: CallSnapshot, for call: CallSnapshot) -> Bool {
        DuplicateFinder.original(of: call, among: [RecentCall(other)].compactMap(\.self)) == other.id
    }

    @Test(
        "the same address within fifteen minutes, either way",
        arguments: [(-15.0, true), (15, true), (-15.1, false), (15.1, false)])
    func time(_ minutes: Double, _ isFound: Bool) {
        let other = call("beaumont-pd", minutes: minutes, address: "1 Example Way")
        #expect(finds(other, for: call("banning-pd", address: "1 EXAMPLE  WAY")) == isFound)
    }

    @Test(
        "positions within 150 m",
        arguments: [(0.0013, 0.0, true), (0.0014, 0, false), (0, 0.0016, true), (0, 0.0017, false)])
    func distance(_ north: Double, _ east: Double, _ isFound: Bool) {
        let other = call("beaumont-pd", latitude: 33.92 + north, longitude: -116.88 + east)
        #expect(finds(other, for: call("banning-pd", latitude: 33.92, longitude: -116.88)) == isFound)
    }

    @Test("not the same agency's, not one that ended, not one without a place in common")
    func others() {
        let new = call("banning-pd", address: "1 Example Way", latitude: 33.92, longitude: -116.88)
        #expect(!finds(call("banning-pd", minutes: 1, address: "1 Example Way"), for: new))
        #expect(!finds(call("beaumont-pd", address: "1 Example Way", status: .closed), for: new))
        #expect(!finds(call("beaumont-pd", address: "2 Example Way"), for: new))
        #expect(!finds(call("beaumont-pd"), for: new))
    }

    @Test("of several the earliest is the original, and its own original is everybody's")
    func earliest() {
        let new = call("banning-pd", address: "1 Example Way")
        var near = [
            call("beaumont-pd", minutes: -1, address: "1 Example Way"),
            call("riverside-sheriff", minutes: -5, address: "1 Example Way"),
        ].compactMap(RecentCall.init)
        #expect(DuplicateFinder.original(of: new, among: near) == near[1].id)
        near[1].possibleDuplicateOf = CallID(agency: "beaumont-pd", number: "first")
        #expect(DuplicateFinder.original(of: new, among: near) == near[1].possibleDuplicateOf)
    }

    @Test("windows that overlap are one, in whatever order the calls came")
    func windows() {
        let minutes = [40.0, 0, 100, 15, 30, 131]
        let windows = DuplicateFinder.windows(around: minutes.map { Sample.now + $0 * 60 })
        #expect(windows.map { $0.first.timeIntervalSince(Sample.now) / 60 } == [-15, 85, 116])
        #expect(windows.map { $0.last.timeIntervalSince(Sample.now) / 60 } == [55, 115, 146])
        #expect(windows.map(\.calls) == [4, 1, 1])
        #expect(DuplicateFinder.windows(around: []).isEmpty)
    }
}
