import Contracts
import Foundation

/// Shows the day as it goes: a line for each notable event, and below them one that moves.
struct Stage {
    let isInteractive: Bool
    let isQuiet: Bool
    private var lastShown = ContinuousClock.now - .seconds(60)

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isInteractive = isatty(STDERR_FILENO) == 1
    }

    mutating func show(now: Date, day: SampleDay, sent: Int, receipts: Int, open: Int) {
        let interval: Duration = isInteractive ? .milliseconds(200) : .seconds(10)
        guard !isQuiet, ContinuousClock.now - lastShown > interval else { return }
        lastShown = .now
        let start = day.messages.first?.at ?? now
        let share = min(max(now.timeIntervalSince(start) / max(day.end.timeIntervalSince(start), 1), 0), 1)
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let line = "\(bar) \(Self.time(now))  \(sent) sent, \(receipts) receipts, \(open) calls open"
        write(isInteractive ? "\r\u{1B}[K\(line)" : line + "\n")
    }

    func tell(_ line: String, at now: Date) {
        guard !isQuiet else { return }
        write((isInteractive ? "\r\u{1B}[K" : "") + "\(Self.time(now))  \(line)\n")
    }

    func end() {
        if !isQuiet && isInteractive { write("\r\u{1B}[K") }
    }

    private static func time(_ date: Date) -> String {
        String(ContractJSON.timestamp(date).dropFirst(5).prefix(11)).replacing("T", with: " ") + "Z"
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
