import Hummingbird
import ServiceKit

/// `GET /v1/rules`: the rules in force, as their authors wrote them. `GET /v1/rules/{hash}`: those that an older decision
/// names. For anyone with a token.
struct RuleSetRoutes {
    let active: RuleSet
    let archive: DecisionArchive

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/rules") { _, context in
            try context.require()
            return JSONBody(
                DecisionArchive.StoredRuleSet(
                    version: active.version, title: active.title, hash: active.hash, text: active.text))
        }
        routes.get("/v1/rules/{hash}") { _, context in
            try context.require()
            guard let ruleSet = try await archive.ruleSet(context.parameters.get("hash") ?? "") else {
                throw Problem.notFound("no decision was made by a rule set of this hash")
            }
            return JSONBody(ruleSet)
        }
    }
}
