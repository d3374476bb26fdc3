/// All series of one metric: they share name and kind and differ in their labels.
package struct MetricFamily: Sendable {
    package struct Kind: Sendable, Hashable {
        let rawValue: String
        let suffix: String

        package static let counter = Kind(rawValue: "counter", suffix: "_total")
        package static let gauge = Kind(rawValue: "gauge", suffix: "")
        /// A histogram of seconds, made by a timer.
        package static let durations = Kind(rawValue: "histogram", suffix: "_seconds")
        /// A histogram of counts or sizes, made by a recorder.
        package static let sizes = Kind(rawValue: "histogram", suffix: "")

        /// `http.server.request.duration` → `http_server_request_duration_seconds`
        func name(_ label: String) -> String {
            let name = PrometheusText.name(label)
            return name.hasSuffix(suffix) ? name : name + suffix
        }
    }

    let kind: Kind
    var help: String?
    var series: [[MetricLabel]: any MetricSeries] = [:]

    init(_ kind: Kind) {
        self.kind = kind
    }
}

/// A label's name, as Prometheus spells it, and its value.
struct MetricLabel: Hashable, Comparable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = PrometheusText.name(name, isLabel: true)
        self.value = value
    }

    static func < (a: Self, b: Self) -> Bool { (a.name, a.value) < (b.name, b.value) }
}
