import Contracts
import Foundation
import Testing

@Suite("JSON Schemas")
struct SchemaTests {
    @Test("an independent validator finds every golden valid and every schema sound")
    func goldensAreValid() throws {
        let cases = try Golden.all.map { SchemaChecker.Case(schema: $0.name, instance: try $0.tree) }
        for (golden, error) in zip(Golden.all, try SchemaChecker.errors(in: cases)) {
            #expect(error == nil, "\(golden.file)")
        }
    }

    /// What the schemas promise to a partner is what the code does: each field is left out once, and spoiled once.
    @Test("schema and code call the same fields required and refuse the same wrong types")
    func schemasAgreeWithCode() throws {
        let variants = try Golden.all.flatMap { golden in
            try golden.tree.variants { member in [nil] + Self.spoiled(member) }
                // "An address or a position" is a rule across fields, which a type cannot say.
                .filter { !(golden.name == "cad.call.v1" && $0.pointer.hasPrefix("/call/location/")) }
                .map { (golden: golden, pointer: $0.pointer, value: $0.value) }
        }
        let errors = try SchemaChecker.errors(
            in: variants.map { SchemaChecker.Case(schema: $0.golden.name, instance: $0.value) })
        for (variant, error) in zip(variants, errors) {
            let decodes = try decodes(variant.value, as: variant.golden.contract)
            #expect((error == nil) == decodes, "\(variant.golden.file) \(variant.pointer): \(error ?? "valid")")
        }
        #expect(errors.contains { $0 != nil } && errors.contains { $0 == nil })
    }

    private static func spoiled(_ member: JSON) -> [JSON] {
        switch member {
        case .string(let text) where ContractJSON.date(text) != nil || UUID(uuidString: text) != nil:
            [.integer(1), .string("neither a time nor an id")]
        case .string: [.integer(1)]
        default: [.string("text")]
        }
    }

    private func decodes(_ value: JSON, as type: any Contract.Type) throws -> Bool {
        let data = try ContractJSON.encode(value)
        do {
            _ = try ContractJSON.decode(type, from: data)
            return true
        } catch is DecodingError {
            return false
        }
    }
}
