"""The page that lists what each file of a pack may hold, made from the schemas.

python -m linli.rules.reference      writes docs/reference/pack-files.md
"""

from __future__ import annotations

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from linli.rules import schemas
from linli.rules.parameters import TYPES

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "pack-files.md"

_FILES: tuple[tuple[str, str, tuple[type[BaseModel], ...]], ...] = (
    ("pack.yaml", "", (schemas.PackFile, schemas.Title)),
    ("sources.yaml", "key of the source → row", (schemas.SourceRow,)),
    (
        "parameters/*.yaml",
        "key of the parameter → row",
        (schemas.ParameterRow, schemas.DatedValue, schemas.Confirmation),
    ),
    ("calendars/*.yaml", "one year a file", (schemas.CalendarFile, schemas.DayRow)),
    ("the table `calendar.opening`", "a list of rows", (schemas.OpeningRow,)),
    ("roles.yaml", "name of the role → row", (schemas.RoleRow, schemas.HeldBy)),
    ("personal.yaml", "name of the field → row", (schemas.PersonalRow, schemas.KeepFor, schemas.Wording)),
    (
        "matters/*.yaml",
        "code of a major (`event.01`) or a matter (`event.01.002`) → row",
        (schemas.MajorRow, schemas.MatterRow, schemas.MatterLimit, schemas.Closing),
    ),
    ("routing/*.yaml", "", (schemas.RoutingFile, schemas.RoutingRow, schemas.RoutingWhen, schemas.RoutingTo)),
    (
        "replies/*.yaml",
        "key of the template → row; the placeholders are listed in `linli/cases/placeholders.py`",
        (schemas.ReplyRow, schemas.ReplyText, schemas.ReplyWords),
    ),
    ("text/*.yaml", "name of the list → row", (schemas.WordList,)),
)

_HEAD = """# Files of a pack

Made from `linli/rules/schemas.py` by `python -m linli.rules.reference`; a test compares. `packs/examples/whole` has a
small file of each kind. Unknown fields, floats, unquoted codes, keys that stand twice, anchors and tags are errors.

`procedures/<kind>.yaml` is described with the procedures. Files that end in .md, .csv or .txt may lie anywhere and are not read.
"""


def render_reference() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for name, shape, models in _FILES:
        shown = name if "`" in name else f"`{name}`"
        parts.append(
            f"\n## {shown}\n"
            + (f"\nA mapping: {shape}.\n" if "→" in shape else f"\n{shape.capitalize()}.\n" if shape else "")
        )
        parts.extend(_model(model) for model in models)
    parts.append("\n## Types of a parameter\n\n" + "".join(f"* `{name}`: {_SHAPES[name]}\n" for name in TYPES))
    return "".join(parts)


_SHAPES = {
    "limit": "`{amount: 5, unit: workday}`; units `clock_hour`, `work_hour`, `workday`, `day`",
    "integer": "`3`; a great number as `100_000`",
    "fraction": '`"1/20"`, in quotes',
    "text": "a text, not empty",
    "list": '`[web, phone]`; codes in quotes: `["320106"]`',
    "boolean": "`true` or `false`",
    "table": "a list of rows; cells are texts, integers, booleans or lists of these",
}


def _model(model: type[BaseModel]) -> str:
    about = " ".join((model.__doc__ or "").split())
    rows = "".join(
        f"| `{field.alias or name}` | {_type(field.annotation)} | {'yes' if field.is_required() else ''} | {_about(field)} |\n"
        for name, field in model.model_fields.items()
    )
    return f"\n**{model.__name__}.** {about}\n\n| field | form | must | |\n|---|---|---|---|\n{rows}"


def _about(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "or")


def _type(annotation: object) -> str:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(args[0])
    if origin is Literal:
        return " · ".join(f"`{a}`" for a in args)
    if origin in {Union, UnionType}:
        return " or ".join(_type(a) for a in args if a is not NoneType)
    if origin is list:
        return f"list of {_type(args[0])}"
    if origin is dict:
        return f"mapping of {_type(args[0])} to {_type(args[1])}"
    plain = {
        "str": "text",
        "int": "integer",
        "bool": "true, false",
        "object": "in the shape of the type",
        "date": "day",
    }
    name = str(getattr(annotation, "__name__", annotation))
    return plain.get(name, name)


if __name__ == "__main__":
    _PAGE.write_text(render_reference(), encoding="utf-8")
