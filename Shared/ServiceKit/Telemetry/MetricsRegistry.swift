package import Metrics
import Synchronization

/// The metrics of the process, kept for Prometheus to fetch.
///
/// Names follow Prometheus: dots become underscores, counters end in `_total`, timers are histograms in `_seconds`.
/// Memory is bounded: a metric keeps at most ``seriesLimit`` combinations of label values, and counts what comes after
/// as one more whose values are all `other`. A name used for two kinds of metric shows the first kind only.
package final class MetricsRegistry: MetricsFactory {
    package let seriesLimit: Int
    private let families = Mutex<[String: MetricFamily]>([:])

    package init(seriesLimit: Int = 500) {
        self.seriesLimit = seriesLimit
    }

    /// The text for `# HELP`, by the label the metric is made with.
    package func describe(_ label: String, as kind: MetricFamily.Kind, _ help: String) {
        families.withLock { $0[kind.name(label), default: MetricFamily(kind)].help = help }
    }

    /// Prometheus text format 0.0.4, sorted by name.
    package func text() -> String {
        let families = families.withLock { $0 }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            text.header(name, family.kind.rawValue, help: family.help)
            for (labels, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                series.write(name, labels, to: &text)
            }
        }
        return text.text
    }

    private func series<Series: MetricSeries>(
        _ label: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        let labels = dimensions.map { MetricLabel($0.0, $0.1) }.sorted()
        return families.withLock { families in
            let name = kind.name(label)
            var family = families[name] ?? MetricFamily(kind)
            guard family.kind == kind else { return make() }
            let isFull = family.series.count >= seriesLimit && family.series[labels] == nil
            let key = isFull ? labels.map { MetricLabel($0.name, "other") } : labels
            if let known = family.series[key] as? Series { return known }
            let series = make()
            family.series[key] = series
            families[name] = family
            return series
        }
    }

    private func destroy(_ handler: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                families[name]?.series = family.series.filter { $0.value !== handler }
            }
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { GaugeSeries() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { GaugeSeries() } }
        return series(label, .sizes, dimensions) { HistogramSeries(bounds: HistogramSeries.sizes) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, .durations, dimensions) { HistogramSeries(bounds: HistogramSeries.seconds) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }
}
