"""Validates messages against the contract schemas: check_schemas.py <schema directory> <cases.json>

Prints a JSON array with what is wrong with each case, or null. Fails when a schema is itself invalid.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

BASE = "https://copps.example/schemas/"

directory = pathlib.Path(sys.argv[1])
schemas = {}
for path in sorted(directory.rglob("*.schema.json")):
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    expected = BASE + path.relative_to(directory).as_posix()
    if schema.get("$id") != expected:
        sys.exit(f"{path}: $id should be {expected}")
    schemas[expected] = schema

registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
validators = {
    name: Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name, schema in schemas.items()
}

errors = []
for case in json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")):
    found = next(validators[f"{BASE}{case['schema']}.schema.json"].iter_errors(case["instance"]), None)
    errors.append(found and f"{found.json_path}: {found.message}")
print(json.dumps(errors))
