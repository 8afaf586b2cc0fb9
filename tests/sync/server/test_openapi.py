"""schemathesis over the served OpenAPI document: no 500, and every answer as described."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.sync.server.harness import Harness, Person, server, somebody

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with server(tmp_path_factory.mktemp("openapi"), wait_seconds=0) as running:
        yield running


def sent(person: Person, case: Case) -> httpx.Response:
    """A generated request, sent as somebody who is signed in."""
    keywords = case.as_transport_kwargs(base_url="http://localhost")
    address = urlsplit(keywords.pop("url"))
    path = address.path + (f"?{address.query}" if address.query else "")
    content = {name: keywords[name] for name in ("json", "files") if keywords.get(name) is not None}
    if isinstance(data := keywords.get("data"), str | bytes):
        content["content"] = data
    elif data is not None:
        content["data"] = data
    headers = {key: value.encode("utf-8") for key, value in (keywords.get("headers") or {}).items()}
    headers |= {key: value.encode() for key, value in person.bearer.items()}
    parameters = keywords.get("params") or None
    return person.harness.request(keywords["method"], path, params=parameters, headers=headers, **content)


def try_every_operation(harness: Harness, examples: int) -> None:
    schema = schemathesis.openapi.from_dict(harness.request("GET", "/v1/openapi.json").json())
    schema.config.base_url = "http://localhost"
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        strategy = operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        run = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        run(given(strategy)(attempt_with([somebody(harness)])))()
        tried += 1
    assert tried > 20


def attempt_with(people: list[Person]) -> Callable[[Any], None]:
    """One request by the last of `people`, checked against the OpenAPI."""

    def attempt(case: Any) -> None:
        response = sent(people[-1], case)
        case.validate_response(response, checks=CHECKS)
        if response.status_code in (204, 401):  # it logged out, or ended its own device
            people.append(somebody(people[-1].harness))

    return attempt


def test_every_answer_is_as_described(harness: Harness) -> None:
    try_every_operation(harness, 6)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_answer_is_as_described_for_long(harness: Harness) -> None:
    try_every_operation(harness, 1000)
