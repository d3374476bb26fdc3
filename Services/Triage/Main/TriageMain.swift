import Contracts
import ServiceKit
import Triage

@main
struct TriageMain {
    static func main() async {
        await Bootstrap.run(.triage) { try TriageService.compose($0) }
    }
}
