import Foundation

/// Where one broker listens: the only one, or a node of a cluster.
package struct BrokerAddress: Sendable, Equatable, CustomStringConvertible {
    /// A host name or an address.
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port`, or an IPv6 address, which has colons of its own and takes the default port.
    package init?(_ text: some StringProtocol, defaultPort: Int) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard !text.isEmpty, !text.contains(where: \.isWhitespace) else { return nil }
        guard parts.count == 2 else {
            self.init(host: String(text), port: defaultPort)
            return
        }
        guard !parts[0].isEmpty, let port = Int(parts[1]), 1...65535 ~= port else { return nil }
        self.init(host: String(parts[0]), port: port)
    }

    /// Reads a list with commas; nil when it is empty or an entry is malformed.
    package static func list(_ text: String, defaultPort: Int) -> [BrokerAddress]? {
        let entries = text.split(separator: ",", omittingEmptySubsequences: false)
        let addresses = entries.compactMap {
            BrokerAddress($0.trimmingCharacters(in: .whitespaces), defaultPort: defaultPort)
        }
        return addresses.count == entries.count ? addresses : nil
    }

    package var description: String { "\(host):\(port)" }
}
