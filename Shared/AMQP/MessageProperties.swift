package import Foundation

/// What a message says about itself beside its body. Messages are always published as persistent.
package struct MessageProperties: Hashable, Sendable {
    package var messageID: String?
    package var contentType: String?
    package var correlationID: String?
    package var type: String?
    package var appID: String?
    /// Whole seconds.
    package var timestamp: Date?
    package var headers: [String: HeaderValue]

    package init(
        messageID: String? = nil, contentType: String? = nil, correlationID: String? = nil, type: String? = nil,
        appID: String? = nil, timestamp: Date? = nil, headers: [String: HeaderValue] = [:]
    ) {
        self.messageID = messageID
        self.contentType = contentType
        self.correlationID = correlationID
        self.type = type
        self.appID = appID
        self.timestamp = timestamp
        self.headers = headers
    }
}
