/// W3C Trace Context: which trace a message belongs to, and the span that caused it.
package struct TraceContext: Sendable, Equatable {
    package let traceID: String
    package let spanID: String
    package let flags: String

    /// Reads a `traceparent` header. Of a version newer than 00 the first four fields are read, as the standard asks;
    /// returns nil for anything malformed.
    package init?(traceparent: String?) {
        let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false).map(String.init) ?? []
        guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts.count == 4 || parts[0] != "00",
            Self.isHex(parts[1], 32), Self.isHex(parts[2], 16), Self.isHex(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        (traceID, spanID, flags) = (parts[1], parts[2], parts[3])
    }

    private init(traceID: String, spanID: String, flags: String) {
        (self.traceID, self.spanID, self.flags) = (traceID, spanID, flags)
    }

    /// A trace that begins here.
    package static func root() -> Self {
        Self(traceID: randomHex(2), spanID: randomHex(1), flags: "01")
    }

    /// The next step of the same trace.
    package func child() -> Self {
        Self(traceID: traceID, spanID: Self.randomHex(1), flags: flags)
    }

    package var traceparent: String { "00-\(traceID)-\(spanID)-\(flags)" }

    private static func isHex(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func randomHex(_ words: Int) -> String {
        (0..<words).map { _ in
            let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
