import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// A request's query parameters, each read as what it should be; a wrong one is a 400 that names it.
struct QueryReader {
    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    func text(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].flatMap { $0.isEmpty ? nil : String($0) }
    }

    func flag(_ name: String) throws(Problem) -> Bool {
        try value(name, "true or false") { ["": true, "true": true, "false": false][$0] } ?? false
    }

    func id(_ name: String) throws(Problem) -> UUID? {
        try value(name, "a UUID") { UUID(uuidString: $0) }
    }

    func time(_ name: String) throws(Problem) -> Date? {
        try value(name, "an RFC 3339 time", ContractJSON.date)
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        try value(name, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func word<Word: OpenEnumeration>(_ name: String, _ type: Word.Type = Word.self) throws(Problem) -> Word? {
        try value(name, "one of \(Word.allCases.map { "\($0)" }.joined(separator: ", "))") { text in
            let word = Word(rawValue: text)
            return word.isKnown ? word : nil
        }
    }

    private func value<Value>(
        _ name: String, _ expected: String, _ read: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = request.uri.queryParameters[name[...]].map(String.init) else { return nil }
        guard let value = read(text) else { throw .badRequest("invalid-parameter", "`\(name)` must be \(expected)") }
        return value
    }
}
