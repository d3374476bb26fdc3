import Contracts
import Intake
import ServiceKit

@main
struct IntakeMain {
    static func main() async {
        await Bootstrap.run(.intake) { try IntakeService.compose($0) }
    }
}
