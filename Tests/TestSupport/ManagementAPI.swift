import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// RabbitMQ's management interface.
package struct ManagementAPI: Sendable {
    private let url: String
    private let user: String
    private let password: String

    package init(url: String, user: String, password: String) {
        (self.url, self.user, self.password) = (url, user, password)
    }

    func send(_ method: String, _ path: String, json: String = "{}") async throws {
        let (status, body) = try await request(method, path, Data(json.utf8))
        guard 200..<300 ~= status else {
            throw Problem(description: "\(method) \(path): \(status) \(String(decoding: body, as: UTF8.self))")
        }
    }

    /// Nil when there is no such thing.
    package func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value? {
        let (status, body) = try await request("GET", path, nil)
        if status == 404 { return nil }
        guard status == 200 else { throw Problem(description: "GET \(path): \(status)") }
        return try JSONDecoder().decode(type, from: body)
    }

    static func escaped(_ name: String) -> String {
        name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name
    }

    private func request(_ method: String, _ path: String, _ body: Data?) async throws -> (Int, Data) {
        guard let url = URL(string: "\(url)/api/\(path)") else {
            throw Problem(description: "\(url) is not a URL")
        }
        var request = URLRequest(url: url, timeoutInterval: 20)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(
            "Basic " + Data("\(user):\(password)".utf8).base64EncodedString(), forHTTPHeaderField: "Authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }
}
