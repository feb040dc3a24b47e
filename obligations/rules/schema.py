"""The JSON Schema of rules.yaml, by which an editor completes keys and shows what they mean.

``python -m obligations.rules.schema > docs/rules.schema.json`` writes it anew.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

from obligations.rules.sheet import FileSheet


def schema() -> str:
    """Give the schema as the text of docs/rules.schema.json.

    >>> '"title": "规则"' in schema()
    True
    """
    said = FileSheet.model_json_schema(by_alias=True)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_plain(said)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Let every text be a number too: an editor reads ``条目: 3`` as one, the program does not."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _plain(part) for key, part in value.items()}
    if inner.get("type") == "string" and "enum" not in inner:
        inner["type"] = ["string", "number"]
    if "anyOf" in inner:
        inner["anyOf"] = list(_once(inner["anyOf"]))
    return inner


def _once(parts: Iterable[Any]) -> Iterable[Any]:
    seen: list[Any] = []
    for part in parts:
        if part not in seen:
            seen.append(part)
            yield part


if __name__ == "__main__":
    sys.stdout.write(schema())
