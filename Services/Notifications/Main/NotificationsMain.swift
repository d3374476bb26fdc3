import Contracts
import Notifications
import ServiceKit

@main
struct NotificationsMain {
    static func main() async {
        await Bootstrap.run(.notifications) { try NotificationsService.compose($0) }
    }
}
