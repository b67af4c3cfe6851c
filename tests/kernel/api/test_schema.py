"""The API against its own description: schemathesis asks everything, well and badly; nothing of the neighbour appears."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import IntegrityError, close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contracts.stage import Stage
from tests.kernel.api.program import Program, program_of
from xianxue.config.wsgi import application
from xianxue.kernel import resources
from xianxue.kernel.api.urls import API, BASE

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
# Few examples a form of question: there are a hundred operations, and each is asked well and badly.
EXAMPLES = 2
DESCRIPTION = json.loads(json.dumps(API.get_openapi_schema(path_prefix=f"{BASE}/")))
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
GROUPS: dict[str, list[Any]] = {}
for _found in SCHEMA.get_all_operations():
    _operation: Any = _found.ok()  # type: ignore[union-attr]  # ours can be read, or the test ends here
    GROUPS.setdefault("/".join(_operation.path.split("/")[3:5]), []).append(_operation)
NEIGHBOUR = "第二小学"


@pytest.fixture
def asking(stage: Stage) -> Iterator[tuple[Stage, Program]]:
    for register in resources.all_registers():
        for number, school in ((1, stage.cast.second_primary), (0, stage.cast.first_primary)):
            # Samples of several registers may make the same row, such as the class of a pupil: once is enough.
            if register.units_of:
                with suppress(IntegrityError), transaction.atomic():
                    stage.row(register, number, school)
    # As Django's own client does: the end of a request must not close the connection that holds the test's rows.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield stage, program_of(stage.cast, "registrar")
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_names_every_register_and_has_no_two_operations_of_one_name() -> None:
    paths = DESCRIPTION["paths"]
    for register in resources.all_registers():
        assert f"{BASE}/registers/{register.code}" in paths
        assert ("post" in paths[f"{BASE}/registers/{register.code}"]) is bool(register.sheet and register.creates)
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert sorted(names) == sorted(set(names))
    assert DESCRIPTION["components"]["securitySchemes"]["TokenAuth"]["scheme"] == "bearer"


def test_the_description_is_for_those_who_have_a_token(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    assert program.get("/openapi.json").json()["openapi"].startswith("3.")
    program.text = "xxt_none"
    assert program.get("/openapi.json").status_code == 401
    assert program.get("/no/such/address").json()["code"] == "not_found"


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_operations_keep_their_description(group: str, asking: tuple[Stage, Program], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000
    _stage, program = asking
    for operation in GROUPS[group]:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            _ask(operation, mode, {"Authorization": f"Bearer {program.text}"})


def _ask(operation: Any, mode: Any, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @BOUNDED
    def ask(case: Any) -> None:
        response = case.call(app=application, headers=headers)
        case.validate_response(response, checks=CHECKS, headers=headers)
        assert NEIGHBOUR not in response.text

    try:
        ask()
    except Unsatisfiable:
        # Nothing about this question can be asked badly.
        assert mode is schemathesis.GenerationMode.NEGATIVE
