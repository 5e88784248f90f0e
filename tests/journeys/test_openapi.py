"""Whatever is sent to a route, it answers as its OpenAPI document says, and never with a failure of its own."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.local.layout import service_names
from deploy.local.state import State
from shared.contracts.envelope import Person
from shared.policy import policy
from tests.support.room import signed

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25


@pytest.mark.parametrize("service", service_names())
def test_every_route_answers_as_its_document_says(system: State, service: str) -> None:
    schema = schemathesis.openapi.from_url(f"{system.url(service)}/openapi.json")
    person = Person(
        "officer-fuzz",
        frozenset(policy().roles),
        frozenset({"polres-sukamaju"}),
    )
    headers = signed(person)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), f"a route is described wrongly: {found}"
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answers_as_documented(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)

        answers_as_documented()
        tried += 1
    assert tried, "the document describes no route"
