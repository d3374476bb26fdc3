import Hummingbird
import ServiceKit

/// `GET /v1/rules`: the rules in force, as their authors wrote them. `GET /v1/rules/{hash}`: those that an older decision
/// names. For anyone with a token. `POST /v1/rules/reload`: takes the edited file into use.
struct RuleSetRoutes {
    let rules: Reloadable<RuleSet>
    let archive: DecisionArchive

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/rules") { _, context in
            try context.require()
            let active = rules.current
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
        ReloadRoute("/v1/rules/reload", rules) {
            ActiveFile(file: "triage.yaml", version: $0.version, hash: $0.hash)
        }.add(to: routes)
    }
}
