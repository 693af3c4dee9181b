"""The API put together, and its OpenAPI document: problems in their own media type, forms of all kinds as components."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from linli.api import answers, attachments, cases, filing, follow, matters, places, queues, rules, speaking, steps
from linli.api.bodies import StrictParser
from linli.api.forms import form_components
from linli.api.problems import DECLARED, MEDIA_TYPE, add_handlers
from linli.cases.registry import all_kinds

VERSION = "1"
ABOUT = (
    "Cases, steps, photos, queues, places, matters, rules and answers of Linli. Every operation needs a key of the scope that it names in"
    " `x-linli-scope`; what the key's holder may see and do follows from the posts held today. Errors are problems"
    " (RFC 9457) with stable codes."
)
ROUTERS = (
    ("/cases", filing.router),
    ("/cases", cases.router),
    ("/cases", steps.router),
    ("/", attachments.router),
    ("/follow", follow.router),
    ("/follow", speaking.router),
    ("/queues", queues.router),
    ("/places", places.router),
    ("/matters", matters.router),
    ("/rules", rules.router),
    ("/answers", answers.router),
)


class ReadableRenderer(JSONRenderer):
    """JSON with Chinese as it is written."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class LinliApi(NinjaAPI):
    """The API; differs from its framework in how it describes itself."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI document."""
        document = super().get_openapi_schema(**options)
        for path in document["paths"].values():
            for operation in path.values():
                _say_problems(operation)
        _say_forms(document)
        return document


def _say_problems(operation: dict[str, Any]) -> None:
    for status, said in operation["responses"].items():
        if int(status) in DECLARED:
            said["description"] = DECLARED[int(status)]
            said["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _say_forms(document: dict[str, Any]) -> None:
    """Put every form among the components, and let the one operation that takes steps name them all."""
    forms = form_components(all_kinds().values())
    schemas = document["components"]["schemas"]
    schemas |= forms
    given = schemas["StepRequest"]["properties"]["form"]
    given.pop("additionalProperties", None)
    given["anyOf"] = [{"$ref": f"#/components/schemas/{name}"} for name in forms if "." not in name]


def _made() -> LinliApi:
    made = LinliApi(
        title="Linli",
        version=VERSION,
        description=ABOUT,
        docs_url=None,
        parser=StrictParser(),
        renderer=ReadableRenderer(),
        urls_namespace="api",
    )
    add_handlers(made)
    for prefix, router in ROUTERS:
        made.add_router(prefix, router)
    return made


api = _made()
