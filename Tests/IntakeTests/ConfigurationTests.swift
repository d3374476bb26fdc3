import Contracts
import Foundation
import Testing
@testable import Intake

@Suite("Intake's configuration files")
struct ConfigurationTests {
    @Test("the shipped agencies are the three of the Pass Area")
    func agencies() throws {
        let list = try AgencyList(yaml: try Sample.configuration("agencies.yaml"), file: "agencies.yaml")
        #expect(list.agencies == ["beaumont-pd", "banning-pd", "riverside-sheriff"])
        #expect(
            list.communities == ["beaumont-pd": .beaumont, "banning-pd": .banning, "riverside-sheriff": .cabazon])
    }

    @Test(
        "each agency's own codes mean the common types",
        arguments: [
            ("beaumont-pd", "5150", "MNTL"), ("beaumont-pd", "415dv", "DVA"), ("banning-pd", "SUICTH", "SUICTHRT"),
            ("riverside-sheriff", "918V", "MTLV"), ("riverside-sheriff", "909C", "WELFARE"),
        ])
    func callTypes(_ agency: String, _ code: String, _ common: String) throws {
        let file = "call-types/\(agency).csv"
        let type = try CallTypeTable(csv: try Sample.configuration(file), file: file).type(code)
        #expect(type == CallType(code: code, common: common, isRecognized: true))
    }

    @Test(
        "the city decides, else the position, else a city in the address",
        arguments: [
            (CADLocation(city: "BEAUMONT", latitude: 33.92, longitude: -116.88), Community.beaumont),
            (CADLocation(city: "Cherry Valley"), .unincorporated), (CADLocation(city: "Hemet"), .outside),
            (CADLocation(latitude: 33.9295, longitude: -116.977), .beaumont),
            (CADLocation(latitude: 33.9255, longitude: -116.8764), .banning),
            (CADLocation(latitude: 33.9175, longitude: -116.7870), .cabazon),
            (CADLocation(city: "Nowhere", latitude: 33.923, longitude: -116.64), .unincorporated),
            (CADLocation(latitude: 34.1, longitude: -117.3), .outside),
            (CADLocation(latitude: 0, longitude: 0), .outside),
            (CADLocation(address: "12 Example Way, Banning"), .banning),
            (CADLocation(address: "12 Banning Way, Beaumont, CA"), .beaumont),
            (CADLocation(address: "12 Example Way"), .outside),
        ])
    func communities(_ location: CADLocation, _ community: Community) throws {
        #expect(try Sample.gazetteer().community(of: location) == community)
    }

    @Test("a place that tells no community is the agency's own; one that tells another is not")
    func ownCommunity() throws {
        let gazetteer = try Sample.gazetteer()
        #expect(gazetteer.community(of: CADLocation(address: "12 Example Way"), else: .banning) == .banning)
        #expect(gazetteer.community(of: CADLocation(city: "Hemet"), else: .banning) == .outside)
        #expect(gazetteer.community(of: CADLocation(latitude: 34.1, longitude: -117.3), else: .banning) == .outside)
    }

    @Test(
        "a mistake in a YAML file is told with file, line and what to mend",
        arguments: [
            ("agencies:\n  - id: a-pd\n  - id: A PD\n", "list.yaml, line 3: the id A PD must be of 2 to 40 lower-case"),
            ("agencies:\n  - id: a-pd\n\n  - id: a-pd\n", "list.yaml, line 4: repeats agency a-pd; remove one"),
            ("agencies:\n  - {id: a-pd, community: here}\n", "list.yaml, line 2: here is not a community; use one of"),
            ("agencies:\n  - name: A\n", "list.yaml, line 2: an entry of `agencies` needs `id`"),
            ("agencies: []\n", "list.yaml, line 1: needs a list `agencies`"),
            ("", "list.yaml: needs a list `agencies`"),
            ("agencies:\n  - id: [a\n", "list.yaml, line "), ("agencies:\n  - id: {a: 1}\n", "list.yaml, line 2: "),
        ])
    func agencyMistakes(_ yaml: String, _ message: String) throws {
        let problem = try #require(throws: ConfigurationProblem.self) { try AgencyList(yaml: yaml, file: "list.yaml") }
        #expect(problem.description.hasPrefix(message), "\(problem)")
    }

    @Test(
        "a mistake in the communities is told with its line",
        arguments: [
            (
                "\n  - id: banning\n    cities: [A]\n  - id: atlantis\n",
                "line 4: atlantis is not a community; use one of"
            ),
            (
                "\n  - id: banning\n    cities: [A]\n  - id: cabazon\n    cities: [a]\n",
                "line 4: the city a is already in banning"
            ),
            (
                "\n  - id: banning\n    polygon: [[33, -116], [34, -116]]\n",
                "line 2: the polygon of banning needs three"
            ),
            (
                "\n  - id: banning\n    polygon: [[-116, 33], [-116, 34], [-117, 33]]\n",
                "line 2: the polygon of banning needs"
            ),
            ("\n  - id: banning\n    polygon: far\n", "line 2: `polygon` of this entry of `communities` has a value"),
        ])
    func communityMistakes(_ yaml: String, _ message: String) throws {
        let problem = try #require(throws: ConfigurationProblem.self) {
            try Gazetteer(yaml: "communities:" + yaml, file: "c.yaml")
        }
        #expect(problem.description.hasPrefix("c.yaml, " + message), "\(problem)")
    }

    @Test(
        "a mistake in a table of call types is told with its line",
        arguments: [
            ("kode,common\nA,MNTL\n", "t.csv, line 1: has no column `code`"),
            ("code,description\nA,B\n", "t.csv, line 1: has no column `common`"),
            ("code,description,common\nA,x,MNTL\nB,y,\n", "t.csv, line 3: needs both a code and a common type"),
            ("code,description,common\nA,x,MNTL\na,y,EDP\n", "t.csv, line 3: repeats code a; remove one of them"),
            (
                "code,description,common\nA,x,mental\n",
                "t.csv, line 2: the common type mental must be of capital letters"
            ),
        ])
    func tableMistakes(_ csv: String, _ message: String) throws {
        let problem = try #require(throws: ConfigurationProblem.self) { try CallTypeTable(csv: csv, file: "t.csv") }
        #expect(problem.description.hasPrefix(message), "\(problem)")
    }

    @Test("a table saved by a spreadsheet is read: byte order mark, CRLF, quotes, an empty line at the end")
    func spreadsheet() throws {
        let table = try CallTypeTable(
            csv: "\u{FEFF}code,description,common\r\n5150,\"Crisis, \"\"mental\"\"\",MNTL\r\n A , x , EDP \r\n,,\r\n",
            file: "t.csv")
        #expect(table.type("5150").common == "MNTL")
        #expect(table.type("a").common == "EDP")
        #expect(!table.type("").isRecognized)
    }
}
