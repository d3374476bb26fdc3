import Contracts
import OutreachResources
import ServiceKit

@main
enum OutreachResourcesMain {
    static func main() async {
        await Bootstrap.run(.outreachResources, compose: OutreachResourcesService.compose)
    }
}
