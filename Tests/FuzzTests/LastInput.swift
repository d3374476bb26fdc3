import Glibc

/// The input that is being tried, for the process that dies of it: there is nobody left to ask.
enum LastInput {
    private static let capacity = 1 << 16
    // SAFETY: one campaign at a time writes, and the handler reads when nothing else will run any more.
    private nonisolated(unsafe) static let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    private nonisolated(unsafe) static var count = 0

    static func note(_ input: [UInt8]) {
        count = min(input.count, capacity)
        bytes.update(from: input, count: count)
    }

    /// Has a trap print the input, in hexadecimal, before the process ends.
    static func tellAtDeath() {
        note([])
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
            signal(number) { number in
                LastInput.tell()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    private static func tell() {
        var text: StaticString = "\nthe process died of this input: "
        write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        let digits: StaticString = "0123456789abcdef"
        for index in 0..<count {
            write(STDERR_FILENO, digits.utf8Start + Int(bytes[index] >> 4), 1)
            write(STDERR_FILENO, digits.utf8Start + Int(bytes[index] & 15), 1)
        }
        text = "\n"
        write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }
}
