"""Completes the OpenAPI document that Litestar generates: problems, 304 answers, closed bodies."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

from syncserver import wire

METHODS = ("get", "head", "post", "put", "delete")
PROBLEM_MEDIA_TYPE = "application/problem+json"


class OpenApiPlugin(JsonRenderPlugin):
    """Serves the OpenAPI document, completed and encoded once."""

    def __init__(self, path: str) -> None:
        super().__init__(path=path)
        self._rendered = b""

    def render(self, _: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Returns the encoded document."""
        if not self._rendered:
            self._rendered = wire.encode(complete_schema(openapi_schema))
        return self._rendered


def complete_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Adds to `schema`, in place, what Litestar cannot derive; returns it."""
    schemas = schema["components"]["schemas"]
    for name, body in schemas.items():
        kind = getattr(wire, name, None)
        if isinstance(kind, type) and issubclass(kind, wire.RequestBody):
            body["additionalProperties"] = False
    blob = schemas["NewRecord"]["properties"]["blob"]
    blob |= {"pattern": wire.base64url_pattern(1, wire.BLOB_BYTES), "maxLength": wire.base64url_length(wire.BLOB_BYTES)}
    schemas["Problem"] = problem_schema()
    problem = {
        "description": "A problem document (RFC 9457)",
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                _complete_operation(path, item[method], problem)
    return schema


def problem_schema() -> dict[str, Any]:
    """Returns the schema of the members that every problem document has."""
    text = {"type": "string"}
    return {
        "type": "object",
        "title": "Problem",
        "required": ["type", "title", "status", "instance"],
        "properties": {
            "type": {"type": "string", "pattern": "^/problems/[a-z-]+$"},
            "title": text,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text,
            "instance": {"type": "string", "pattern": "^urn:request:[0-9a-f]+$"},
        },
    }


def _complete_operation(path: str, operation: dict[str, Any], problem: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("400", None)
    responses["default"] = problem
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "If-None-Match" in names:
        responses["304"] = {"description": "Not modified: the client's copy is current"}
    if path.startswith("/v1/feeds/") and "200" in responses:
        responses["201"] = responses["200"]
    for response in responses.values():
        for content in response.get("content", {}).values():
            either = content["schema"].get("oneOf", [])
            kept = [option for option in either if option != {"type": "null"}]
            if len(kept) == 1:
                content["schema"] = kept[0]
