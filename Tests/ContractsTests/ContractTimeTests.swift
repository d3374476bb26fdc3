import Contracts
import Foundation
import Testing

@Suite("Times in messages")
struct ContractTimeTests {
    @Test(
        "every millisecond survives being read and written",
        arguments: [0, 951_782_399, 1_793_606_400, 4_102_444_799])
    func milliseconds(second: Int) throws {
        let whole = ContractJSON.timestamp(Date(timeIntervalSince1970: Double(second))).prefix(20)
        for millisecond in 0..<1000 {
            let text = "\(whole)\(String(format: "%03d", millisecond))Z"
            #expect(ContractJSON.timestamp(try #require(ContractJSON.date(text))) == text)
        }
    }

    @Test("every day from the year 1 to 9999 is written as it is read")
    func days() throws {
        for year in Array(stride(from: 1, to: 10_000, by: 37)) + [4, 100, 400, 1582, 1900, 2000, 9999] {
            let year = String(format: "%04d", year)
            for day in ["01-01", "02-28", "03-01", "04-30", "10-10", "12-31"] {
                let text = "\(year)-\(day)T23:59:59.999Z"
                #expect(ContractJSON.timestamp(try #require(ContractJSON.date(text))) == text)
            }
        }
        #expect(ContractJSON.timestamp(.init(timeIntervalSince1970: .infinity)) == "9999-12-31T23:59:59.999Z")
        #expect(ContractJSON.timestamp(.init(timeIntervalSince1970: -1e300)) == "0001-01-01T00:00:00.000Z")
    }

    @Test(
        "an RFC 3339 time is read with any offset and fraction",
        arguments: [
            ("2026-11-02T08:15:30Z", "2026-11-02T08:15:30.000Z"), ("2026-11-02t08:15:30z", "2026-11-02T08:15:30.000Z"),
            ("2026-11-02T00:15:30-08:00", "2026-11-02T08:15:30.000Z"),
            ("2026-11-02T13:45:30.5+05:30", "2026-11-02T08:15:30.500Z"),
            ("2026-11-02T08:15:30.123456789Z", "2026-11-02T08:15:30.123Z"),
            ("2026-12-31T23:59:59.9996Z", "2027-01-01T00:00:00.000Z"),
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
            ("1969-12-31T23:59:59.250Z", "1969-12-31T23:59:59.250Z"),
            ("2000-03-01T00:00:00Z", "2000-03-01T00:00:00.000Z"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
        ])
    func read(text: String, expected: String) throws {
        #expect(ContractJSON.timestamp(try #require(ContractJSON.date(text))) == expected)
    }

    @Test("a fraction as long as a message is only a fraction")
    func longFraction() throws {
        let date = try #require(ContractJSON.date("2026-11-02T08:15:30.\(String(repeating: "9", count: 5000))Z"))
        #expect(ContractJSON.timestamp(date) == "2026-11-02T08:15:31.000Z")
    }

    @Test(
        "a time that does not exist, or is not one, is refused",
        arguments: [
            "", "yesterday", "2026-11-02", "2026-11-02T08:15:30", "2026-11-02 08:15:30Z", "2026-11-02T08:15Z",
            "2026-02-29T12:00:00Z", "2026-02-30T12:00:00Z", "1900-02-29T12:00:00Z", "2026-04-31T12:00:00Z",
            "2026-13-02T08:15:30Z", "2026-00-02T08:15:30Z", "2026-11-00T08:15:30Z", "2026-11-02T24:00:00Z",
            "2026-11-02T08:60:30Z", "2026-11-02T08:15:60Z", "2026-11-02T08:15:30.Z", "2026-11-02T08:15:30Zjunk",
            "2026-11-02T08:15:30+0800", "2026-11-02T08:15:30+24:00", "+2026-11-02T08:15:30Z", "0000-01-01T00:00:00Z",
            "２026-11-02T08:15:30Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        ])
    func refused(text: String) {
        #expect(ContractJSON.date(text) == nil)
    }
}
