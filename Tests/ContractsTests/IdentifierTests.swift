import Contracts
import Foundation
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    /// Computed with Python's `hashlib.sha1` over the namespace 6f0c1d6e-2f0a-5b1c-9e6b-c0bb5c0bb5c0 and the names, each
    /// after its length as four big-endian bytes. A CAD vendor may rely on them; they never change.
    @Test(
        "a call has the same id in every replica, process and language",
        arguments: [
            ("beaumont-pd", "BMT-2611020031", "146cab32-3761-55c6-9d52-3a96a4d09469"),
            ("banning-pd", "1", "61bc6bca-4438-5c6a-bae9-2c7a71c5016e"),
            ("riverside-sheriff", "RSO-2611020107", "640c4333-7a81-5f2f-9977-ee343fab6b96"),
            ("beaumont-pd", "ünï-001", "b8879f41-46ec-5da8-838c-d7d318e55e03"),
        ])
    func callVectors(agency: String, number: String, expected: String) {
        #expect(CallID(agency: AgencyID(rawValue: agency), number: number).description == expected)
    }

    @Test("episode, place and name vectors")
    func otherVectors() {
        let call = CallID(agency: "beaumont-pd", number: "BMT-2611020031")
        #expect(EpisodeID(call: call).description == "7492675b-8606-53f6-aac2-3a16119d9cc0")
        let place = PlaceID(community: .banning, address: "1 W. Ramsey St")
        #expect(place.description == "661c998b-fbea-5576-8296-4a5845d96edc")
        #expect(UUID.v5().uuidString.lowercased() == "8378d81e-c58e-5a16-9aa3-0da4c5f6da25")
        #expect(UUID.v5("").uuidString.lowercased() == "c2296cef-b275-5ab9-a86b-44459afdffee")
        #expect(UUID.v5("ab", "c").uuidString.lowercased() == "79123736-72da-5a6c-b4f3-fb326fe0195a")
        #expect(UUID.v5("a", "bc").uuidString.lowercased() == "6ddf5f02-6962-5bcf-bac9-a1b65eeaf9c3")
    }

    @Test("calls to one address meet at one place, however it was typed")
    func places() {
        let place = PlaceID(community: .beaumont, address: "100 Example Ave, Beaumont")
        #expect(PlaceID(community: .beaumont, address: " 100 EXAMPLE  AVE.,BEAUMONT ") == place)
        #expect(PlaceID(community: .banning, address: "100 Example Ave, Beaumont") != place)
    }

    @Test("an id is lower case in JSON and is read in either case")
    func json() throws {
        let call = CallID(agency: "beaumont-pd", number: "BMT-2611020031")
        let data = try ContractJSON.encode(call)
        #expect(String(decoding: data, as: UTF8.self) == "\"146cab32-3761-55c6-9d52-3a96a4d09469\"")
        let upper = Data(String(decoding: data, as: UTF8.self).uppercased().utf8)
        #expect(try ContractJSON.decode(CallID.self, from: upper) == call)
        #expect(CallID("146CAB32-3761-55C6-9D52-3A96A4D09469") == call)
        #expect(CallID("146cab32") == nil)
    }

    @Test(
        "a version 7 id holds the millisecond it was made in",
        arguments: [0, 1, 999, 1_645_557_742_000, 1_793_635_200_123])
    func version7Time(milliseconds: Int) throws {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        let id = UUID.v7(at: date)
        let time = try #require(id.v7Time)
        #expect(Int((time.timeIntervalSince1970 * 1000).rounded()) == milliseconds)
        #expect(id.uuid.6 >> 4 == 7)
        #expect(id.uuid.8 >> 6 == 0b10)
    }

    @Test("the example of RFC 9562 is read, and other versions have no time")
    func version7Example() throws {
        let id = try #require(UUID(uuidString: "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
        #expect(id.v7Time == Date(timeIntervalSince1970: 1_645_557_742))
        #expect(UUID().v7Time == nil)
        #expect(UUID.v5("x").v7Time == nil)
    }

    @Test("version 7 ids of different milliseconds sort by time, and those of the same one differ")
    func version7Order() {
        let start = Date(timeIntervalSince1970: 1_793_635_200)
        let ids = (0..<500).map { UUID.v7(at: start + Double($0) / 1000) }
        #expect(ids.sorted() == ids)
        #expect(ids.map(\.uuidString).sorted() == ids.map(\.uuidString))
        #expect(Set((0..<500).map { _ in UUID.v7(at: start) }).count == 500)
    }
}
