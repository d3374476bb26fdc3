import Crypto
package import Foundation

/// A bearer token. Only its SHA-256 is ever stored; with 256 random bits it needs no salt.
package enum Token {
    package static func make(using random: inout some RandomNumberGenerator) -> String {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let text = Data(bytes).base64EncodedString()
        return "copps_" + text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    package static func hash(_ token: String) -> Data {
        Data(SHA256.hash(data: Data(token.utf8)))
    }

    /// Reads a SHA-256 as `sha256sum` prints it.
    package static func hash(hexadecimal text: String) -> Data? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.count == 64 else { return nil }
        return Data(stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
