import Foundation
import Testing

/// A field put wrong, and the one problem that must be told.
struct BadField: Sendable, CustomTestStringConvertible {
    let path: [String]
    /// JSON; nil takes the field away.
    let json: String?
    /// `/pointer code`
    let fault: String

    var testDescription: String { "\(path.joined(separator: ".")) = \(json?.prefix(40) ?? "nothing"): \(fault)" }

    /// - Parameter at: the pointer of the fault, when it is not the field's own.
    private init(_ path: String, _ json: String?, _ code: String, under root: String, at pointer: String? = nil) {
        self.path = path.split(separator: ".").map(String.init)
        self.json = json
        fault = "/\(root)/\(pointer ?? path.replacing(".", with: "/")) \(code)"
    }

    func spoil(_ object: inout [String: Any]) {
        let value = json.map {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)) ?? $0
        }
        Self.put(value, at: path[...], in: &object)
    }

    private static func put(_ value: Any?, at path: ArraySlice<String>, in object: inout [String: Any]) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            object[first] = value
            return
        }
        var nested = object[first] as? [String: Any] ?? [:]
        put(value, at: path.dropFirst(), in: &nested)
        object[first] = nested
    }

    private static func long(_ count: Int) -> String { "\"\(String(repeating: "x", count: count))\"" }
    private static func list(_ count: Int, of item: String) -> String {
        "[\(Array(repeating: item, count: count).joined(separator: ","))]"
    }

    static let calls: [BadField] = {
        func bad(_ path: String, _ json: String?, _ code: String, at pointer: String? = nil) -> BadField {
            BadField(path, json, code, under: "call", at: pointer)
        }
        let missing = ["number", "version", "status", "typeCode", "receivedAt", "location"].flatMap {
            [bad($0, nil, "missing"), bad($0, "null", "missing")]
        }
        let wrongKind = [
            "number", "status", "typeCode", "receivedAt", "updatedAt", "language", "ageBand", "disposition",
        ]
        .flatMap { [bad($0, "7", "wrong-type"), bad($0, "{}", "wrong-type"), bad($0, "[]", "wrong-type")] }
        return missing + wrongKind + [
            bad("number", "\"  \"", "missing"), bad("number", long(61), "too-long"),
            bad("number", #""B\u0000""#, "bad-character"),
            bad("version", "\"2\"", "wrong-type"), bad("version", "true", "wrong-type"),
            bad("version", "0", "out-of-range"), bad("version", "-1", "out-of-range"),
            bad("version", "1.5", "not-an-integer"), bad("version", "1000001", "out-of-range"),
            bad("priority", "100", "out-of-range"), bad("priority", "-1", "out-of-range"),
            bad("priority", "\"P1\"", "wrong-type"),
            bad("receivedAt", "\"yesterday\"", "not-a-time"),
            bad("receivedAt", "\"2026-02-30T00:00:00Z\"", "not-a-time"),
            bad("receivedAt", "\"2026-11-02T16:12:00\"", "not-a-time"),
            bad("receivedAt", "\"0001-01-01T00:00:00+14:00\"", "not-a-time"),
            bad("receivedAt", "\"9999-12-31T23:59:59-14:00\"", "not-a-time"),
            bad("updatedAt", "\"2026-11-02T16:11:59Z\"", "impossible-time"),
            bad("location", "\"100 Example Ave\"", "wrong-type"), bad("location", "[]", "wrong-type"),
            bad("location", "{}", "missing", at: "location/address"),
            bad("location", #"{"address":" ","city":"Banning"}"#, "missing", at: "location/address"),
            bad("location.address", long(201), "too-long"),
            bad("location.latitude", "90.1", "out-of-range"), bad("location.longitude", "-180.5", "out-of-range"),
            bad("location.latitude", "\"33.9\"", "wrong-type"), bad("location.latitude", nil, "missing"),
            bad("location.longitude", nil, "missing"), bad("location.placeType", "1", "wrong-type"),
            bad("flags", "[]", "wrong-type"), bad("flags.weapon", "true", "wrong-type"),
            bad("flags.a/b", "1", "wrong-type", at: "flags/a~1b"),
            bad("flags", #"{" x":"yes"}"#, "bad-name", at: "flags/ x"),
            bad("flags", #"{"":"yes"}"#, "bad-name", at: "flags/"),
            bad("flags", #"{"a\u0000":"yes"}"#, "bad-character", at: "flags/a\u{FFFD}"),
            bad("narrative", "\"he is scared\"", "wrong-type"),
            bad("narrative", "[7]", "wrong-type", at: "narrative/0"),
            bad("narrative", #"[{"text":"x"}]"#, "missing", at: "narrative/0/at"),
            bad("narrative", #"[{"at":"2026-11-02T16:12:00Z"}]"#, "missing", at: "narrative/0/text"),
            bad(
                "narrative", #"[{"at":"9999-12-31T23:59:59-14:00","text":"x"}]"#, "not-a-time",
                at: "narrative/0/at"),
            bad("narrative", list(501, of: "7"), "too-many"), bad("persons", list(51, of: "{}"), "too-many"),
            bad("persons", "{}", "wrong-type"), bad("persons", "[{}]", "missing", at: "persons/0/role"),
            bad("persons", #"[{"role":"caller","phone":19515550100}]"#, "wrong-type", at: "persons/0/phone"),
        ]
    }()

    static let unitStatuses: [BadField] = {
        func bad(_ path: String, _ json: String?, _ code: String, at pointer: String? = nil) -> BadField {
            BadField(path, json, code, under: "unitStatus", at: pointer)
        }
        return ["unit", "status", "at"].map { bad($0, nil, "missing") } + [
            bad("at", "\"now\"", "not-a-time"), bad("callNumber", "31", "wrong-type"),
            bad("outcome", "\"ok\"", "wrong-type"),
            bad("outcome.disposition", nil, "missing"), bad("outcome.needs", "\"food\"", "wrong-type"),
            bad("outcome.needs", "[\"food\",7]", "wrong-type", at: "outcome/needs/1"),
            bad("outcome.secondary", #"["\u0000"]"#, "bad-character", at: "outcome/secondary/0"),
            bad("outcome.needs", list(101, of: "\"food\""), "too-many"), bad("outcome.consent", "true", "wrong-type"),
        ]
    }()
}
