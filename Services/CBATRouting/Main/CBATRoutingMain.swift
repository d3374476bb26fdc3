import CBATRouting
import Contracts
import ServiceKit

@main
struct CBATRoutingMain {
    static func main() async {
        await Bootstrap.run(.cbatRouting) { try CBATRoutingService.compose($0) }
    }
}
