import Foundation

/// What is going on, for whoever waits: on standard error, so that the report alone is on standard output.
enum Progress {
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
