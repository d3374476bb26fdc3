/// Waits longer after each failure, with jitter, up to fifteen seconds.
struct Backoff {
    private var failures = 0

    mutating func reset() {
        failures = 0
    }

    mutating func pause() async {
        let ceiling = min(15, 0.2 * Double(1 << min(failures, 7)))
        failures += 1
        try? await Task.sleep(for: .seconds(Double.random(in: ceiling / 2...ceiling)))
    }
}
