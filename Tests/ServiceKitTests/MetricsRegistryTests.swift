import Metrics
import ServiceKit
import Testing

@Suite("Metrics")
struct MetricsRegistryTests {
    private let registry = MetricsRegistry(seriesLimit: 3)

    @Test("a counter is written with its total suffix, once, and its labels in order")
    func counter() {
        registry.describe("outbox.published", as: .counter, "Events the broker\nhas confirmed.")
        Counter(label: "outbox.published", dimensions: [("type", "a"), ("service", "triage")], factory: registry)
            .increment(by: 2)
        Counter(label: "outbox.published", dimensions: [("service", "triage"), ("type", "a")], factory: registry)
            .increment()
        Counter(label: "parked_total", factory: registry).increment(by: 7)
        #expect(
            registry.text() == #"""
                # HELP outbox_published_total Events the broker\nhas confirmed.
                # TYPE outbox_published_total counter
                outbox_published_total{service="triage",type="a"} 3
                # TYPE parked_total counter
                parked_total 7

                """#)
    }

    @Test("label values escape backslash, quotation mark and line feed, and nothing else")
    func escaping() {
        Counter(label: "c", dimensions: [("path-name", "a\\b\"c\nd é")], factory: registry).increment()
        #expect(registry.text().contains(#"c_total{path_name="a\\b\"c\nd é"} 1"#))
    }

    @Test("a timer is a cumulative histogram in seconds that ends with +Inf and the count")
    func timer() {
        let timer = Timer(label: "work", factory: registry)
        timer.recordMilliseconds(7)
        timer.recordMilliseconds(30)
        timer.recordSeconds(60)
        let text = registry.text()
        #expect(text.hasPrefix("# TYPE work_seconds histogram\n"))
        #expect(text.contains(#"work_seconds_bucket{le="0.005"} 0"#))
        #expect(text.contains(#"work_seconds_bucket{le="0.01"} 1"#))
        #expect(text.contains(#"work_seconds_bucket{le="10"} 2"#))
        #expect(text.contains(#"work_seconds_bucket{le="+Inf"} 3"#))
        #expect(text.contains("work_seconds_count 3"))
        #expect(text.contains("work_seconds_sum 60.037"))
    }

    @Test("gauges and meters show their last value, recorders a histogram of sizes")
    func gauges() {
        Gauge(label: "depth", factory: registry).record(1.5)
        let meter = Meter(label: "open", factory: registry)
        meter.increment(by: 3.0)
        meter.decrement(by: 1.0)
        Recorder(label: "batch", factory: registry).record(256)
        let text = registry.text()
        #expect(text.contains("# TYPE depth gauge\ndepth 1.5\n"))
        #expect(text.contains("# TYPE open gauge\nopen 2\n"))
        #expect(text.contains(#"batch_bucket{le="128"} 0"#))
        #expect(text.contains(#"batch_bucket{le="256"} 1"#))
    }

    @Test("label sets are bounded: what comes after the limit is counted together")
    func bounded() {
        for id in 0..<10 {
            Counter(label: "c", dimensions: [("id", "\(id)")], factory: registry).increment()
        }
        let text = registry.text()
        #expect(text.contains(#"c_total{id="2"} 1"#))
        #expect(!text.contains(#"c_total{id="3"}"#))
        #expect(text.contains(#"c_total{id="other"} 7"#))
    }

    @Test("a name used for two kinds shows the first, and the second harms nothing")
    func conflictingKinds() {
        Gauge(label: "x_total", factory: registry).record(1)
        Counter(label: "x", factory: registry).increment()
        #expect(registry.text() == "# TYPE x_total gauge\nx_total 1\n")
    }

    @Test("a destroyed metric is gone")
    func destroyed() {
        let counter = Counter(label: "c", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(registry.text().isEmpty)
    }
}
