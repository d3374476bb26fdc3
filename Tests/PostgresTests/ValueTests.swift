import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Values", .privateDatabase)
struct ValueTests {
    /// Sends a value and an array of it with a null through the server.
    private func roundTrip<Value: PostgresCodable & Equatable>(_ values: [Value], as type: String) async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        for value in values {
            let row = try #require(
                try await connection.query(
                    "select \(value)::\(unescaped: type), \(nil as Value?)::\(unescaped: type)"
                ).first)
            let (echo, nothing) = try row.decode(Value.self, Value?.self)
            #expect(echo == value)
            #expect(nothing == nil)
        }
        let sparse = values + [nil]
        let row = try #require(
            try await connection.query(
                """
                select \(values)::\(unescaped: type)[], \(sparse)::\(unescaped: type)[],
                       \([] as [Value])::\(unescaped: type)[], \(nil as [Value]?)::\(unescaped: type)[]
                """
            ).first)
        let (dense, echo, empty, nothing) = try row.decode([Value].self, [Value?].self, [Value].self, [Value]?.self)
        #expect(dense == values)
        #expect(echo == sparse)
        #expect(empty == [])
        #expect(nothing == nil)
    }

    @Test("every type comes back as it was sent, alone, in arrays, as null and beside nulls")
    func types() async throws {
        try await roundTrip([true, false], as: "bool")
        try await roundTrip([Int16.min, 0, .max], as: "int2")
        try await roundTrip([Int32.min, -1, .max], as: "int4")
        try await roundTrip([Int.min, 42, .max], as: "int8")
        try await roundTrip([-0.5, .infinity, .greatestFiniteMagnitude], as: "float8")
        try await roundTrip(["", "Beaumont", "Ñandú 🚓", String(repeating: "x", count: 1 << 20)], as: "text")
        try await roundTrip([UUID(), UUID()], as: "uuid")
        try await roundTrip([Data(), Data([0, 255]), Data(repeating: 7, count: 1 << 20)], as: "bytea")
        try await roundTrip([JSONB(bytes: Data(#"{"a": [1, null]}"#.utf8))], as: "jsonb")
        try await roundTrip([PostgresDay(Date(timeIntervalSince1970: -1)), PostgresDay(.now)], as: "date")
        try await roundTrip(
            [Date(timeIntervalSince1970: 1_795_500_000.123456), .distantPast, Date(timeIntervalSince1970: 0)],
            as: "timestamptz")
    }

    @Test("the server and we mean the same moments, days and numbers")
    func meaning() async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        let row = try #require(
            try await connection.query(
                """
                select '2026-11-24 18:00:00.5+00'::timestamptz, '1969-12-31'::date, 'infinity'::timestamptz,
                       7::int2, 8::int4, 1.5::float4, 'x'::varchar(3)
                """
            ).first)
        let (moment, day, never, small, medium, half, text) = try row.decode(
            Date.self, PostgresDay.self, Date.self, Int.self, Int.self, Double.self, String.self)
        #expect(moment == Date(timeIntervalSince1970: 1_795_543_200.5))
        #expect(day == PostgresDay(daysSince1970: -1))
        #expect(never == .distantFuture)
        #expect((small, medium, half, text) == (7, 8, 1.5, "x"))
    }

    @Test("no date is too far away to be sent")
    func extremeDates() async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        for seconds in [Double.infinity, -.infinity, .nan] {
            let date = Date(timeIntervalSinceReferenceDate: seconds)
            let rows = try await connection.query("select \(date), \(PostgresDay(date)), \(PostgresDay(date))::text")
            let (echo, day, text) = try #require(rows.first).decode(Date.self, PostgresDay.self, String.self)
            #expect(echo == (seconds == -.infinity ? .distantPast : .distantFuture))
            #expect(day == PostgresDay(date))
            #expect(text == (seconds == -.infinity ? "-infinity" : "infinity"))
        }
    }

    private enum Color: String, PostgresCodable { case red, green }

    @Test("a raw-representable type is stored as its raw value, and an unknown one is an error that names the column")
    func rawValues() async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        let rows = try await connection.query("select \(Color.green) as color, \([Color.red])")
        let (color, colors) = try #require(rows.first).decode(Color.self, [Color].self)
        #expect(color == .green)
        #expect(colors == [.red])
        let other = try #require(try await connection.query("select 'blue'::text as hue").first)
        let error = #expect(throws: PostgresError.self) { try other.decode(Color.self) }
        #expect(error?.code == .decoding)
        #expect(error?.message.contains("hue") == true)
    }

    @Test("a wrong type, an unexpected null, a wrong count and a deeper array are errors, never traps")
    func mismatches() async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        let row = try #require(
            try await connection.query("select 1::int8 as n, null::text as t, '{{1,2}}'::int4[] as a").first)
        #expect(throws: PostgresError.self) { try row.decode(String.self, String?.self, [Int].self) }
        #expect(throws: PostgresError.self) { try row.decode(Int.self, String.self, [Int].self) }
        #expect(throws: PostgresError.self) { try row.decode(Int.self, String?.self, [Int].self) }
        #expect(throws: PostgresError.self) { try row.decode(Int.self) }
        #expect(throws: PostgresError.self) { try row.decode(Int16.self, String?.self, [Int].self) }
    }

    @Test("a value cannot become syntax")
    func injection() async throws {
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        let text = "'; drop table calls; --"
        let row = try #require(try await connection.query("select \(text)").first)
        #expect(try row.decode(String.self) == text)
        #expect(("select \(text)" as SQL).text == "select $1")
        #expect(SQL.quoted(identifier: #"odd"name"#) == #""odd""name""#)
    }
}
