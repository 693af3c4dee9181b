"""Drawings of a procedure: Mermaid and tables for the docs, SVG for pages. Drawn from the compiled dict alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from linli.cases.procedures.procedure import Procedure, StepSpec

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 156, 36, 126, 22, 40


def mermaid(procedure: Procedure, language: str = "en") -> str:
    """A state diagram. Steps that may be taken nearly everywhere, and those that stay where they are, are left out."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state}: {title(procedure, 'state', state, language)}" for state in _in_order(procedure)]
    lines += [f"    [*] --> {state}" for state in dict.fromkeys(row.state for row in procedure.opens)]
    for (before, after), steps in _edges(procedure).items():
        names = " / ".join(title(procedure, "step", step, language) for step in steps)
        lines.append(f"    {before} --> {after}: {names}")
    lines += [f"    {state} --> [*]" for state in _in_order(procedure) if state in procedure.ends]
    return "\n".join(lines)


def title(procedure: Procedure, what: str, name: str, language: str = "en") -> str:
    """The name that people read of a `state`, `step` or `clock`."""
    return procedure.titles[f"{what}.{name}"][language]


def _in_order(procedure: Procedure) -> list[str]:
    return [key.removeprefix("state.") for key in procedure.titles if key.startswith("state.")]


def is_everywhere(procedure: Procedure, step: StepSpec) -> bool:
    """Whether a step leaves nearly every state that is not an end."""
    return len(step.leaves - procedure.ends) >= len(procedure.states - procedure.ends) - 1


def _edges(procedure: Procedure) -> dict[tuple[str, str], list[str]]:
    edges: dict[tuple[str, str], list[str]] = {}
    for step in procedure.steps.values():
        if is_everywhere(procedure, step):
            continue
        for target in [one for one in _in_order(procedure) if one == step.to or one in step.reach]:
            for source in [one for one in _in_order(procedure) if one in step.leaves and one != target]:
                edges.setdefault((source, target), []).append(step.id)
    return edges


def reference(procedure: Procedure) -> str:
    """The page of a kind in docs/reference: diagram, states, clocks, steps."""
    kind = procedure.kind
    parts = [
        f"# The kind `{kind}`",
        (
            "Made by `linli cases chart` from the procedure; a test keeps it true. The diagram leaves out steps that stay in"
            " their state or may be taken nearly everywhere: the table has them all."
        ),
        f"```mermaid\n{mermaid(procedure)}\n```",
        "## States\n\n| state | 中文 | what the reporter reads | |\n|---|---|---|---|\n"
        + "\n".join(_states(procedure)),
        "## Clocks\n\n| clock | 中文 | whose | limit | alarms |\n|---|---|---|---|---|\n"
        + "\n".join(_clocks(procedure)),
        "## Steps\n\n| step | 中文 | from | to | who | form | clocks |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(_steps(procedure)),
    ]
    return "\n\n".join(parts) + "\n"


def _states(procedure: Procedure) -> Iterator[str]:
    for state in _in_order(procedure):
        mark = "end" if state in procedure.ends else "rest" if state in procedure.rests else ""
        yield f"| `{state}` | {title(procedure, 'state', state, 'zh')} | {procedure.public[state]['zh']} | {mark} |"


def _clocks(procedure: Procedure) -> Iterator[str]:
    for clock in procedure.clocks.values():
        alarms = []
        for alarm in clock.alarms:
            when = f"before, {alarm.before}" if alarm.before else f"after, {alarm.after}" if alarm.after else "when due"
            alarms.append(f"`{alarm.step}` ({when})")
        limit = ", else ".join(f"`{key}`" for key in clock.limit) or "a day that is named"
        yield f"| `{clock.name}` | {title(procedure, 'clock', clock.name, 'zh')} | {clock.whose} | {limit} | {'; '.join(alarms)} |"


def _steps(procedure: Procedure) -> Iterator[str]:
    for step in procedure.steps.values():
        alive = procedure.states - procedure.ends
        leaves = "any open state" if step.leaves >= alive else ", ".join(sorted(step.leaves))
        reach = [step.to or "stays", *sorted(step.reach)]
        yield (
            f"| `{step.id}` | {title(procedure, 'step', step.id, 'zh')} | {leaves} | {' or '.join(reach)} |"
            f" {', '.join(step.who)}{' (not a doer)' if step.apart else ''} | {step.form or ''} | {_moves(step)} |"
        )


def _moves(step: StepSpec) -> str:
    moves: Mapping[str, tuple[str, ...]] = {
        "start": step.clocks.start,
        "stop": step.clocks.stop,
        "pause": step.clocks.pause,
        "resume": step.clocks.resume,
        "extend": step.clocks.extend,
    }
    return "; ".join(f"{move} {', '.join(names)}" for move, names in moves.items() if names)


# SVG


def svg(procedure: Procedure, language: str = "zh", current: str = "") -> str:
    """The diagram as an SVG with classes and no inline style, so that it stands under a strict content policy.

    Args:
        procedure: what to draw.
        language: `zh` or `en`.
        current: the state to mark, "" = none.
    """
    places = _layout(procedure)
    width = MARGIN * 2 + max(x for x, _ in places.values()) + BOX_WIDTH
    height = MARGIN * 2 + max(y for _, y in places.values()) + BOX_HEIGHT
    lines = [_arrow(places[a], places[b], steps, procedure, language) for (a, b), steps in _edges(procedure).items()]
    boxes = [_box(places[state], state, procedure, language, current) for state in places]
    label = escape(f"{procedure.kind}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" viewBox="0 0 {width} {height}"'
        f' class="chart"><defs><marker id="chart-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        f' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="chart-tip"/></marker></defs>'
        f"{''.join(lines)}{''.join(boxes)}</svg>"
    )


def _layout(procedure: Procedure) -> dict[str, tuple[int, int]]:
    """States from left to right by how many steps away from opening they are; those of one column from above."""
    rank = {row.state: 0 for row in procedure.opens}
    waiting = list(rank)
    edges = _edges(procedure)
    while waiting:
        state = waiting.pop(0)
        for before, after in edges:
            if before == state and after not in rank:
                rank[after] = rank[state] + 1
                waiting.append(after)
    last = max(rank.values(), default=0) + 1
    columns: dict[int, list[str]] = {}
    for state in _in_order(procedure):
        columns.setdefault(rank.get(state, last), []).append(state)
    tallest = max(len(states) for states in columns.values())
    return {
        state: (
            column * (BOX_WIDTH + GAP_X),
            # A shorter column stands in the middle of the tallest.
            row * (BOX_HEIGHT + GAP_Y) + (tallest - len(states)) * (BOX_HEIGHT + GAP_Y) // 2,
        )
        for column, states in columns.items()
        for row, state in enumerate(states)
    }


def _box(place: tuple[int, int], state: str, procedure: Procedure, language: str, current: str) -> str:
    x, y = place[0] + MARGIN, place[1] + MARGIN
    marks = [m for m, holds in (("end", state in procedure.ends), ("now", state == current)) if holds]
    classes = " ".join(["chart-state", *(f"chart-{mark}" for mark in marks)])
    text = escape(title(procedure, "state", state, language))
    return (
        f'<g class="{classes}"><rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{BOX_HEIGHT // 2}"/>'
        f'<text x="{x + BOX_WIDTH // 2}" y="{y + BOX_HEIGHT // 2 + 5}" text-anchor="middle">{text}</text></g>'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], steps: list[str], procedure: Procedure, language: str) -> str:
    """A curve: to the right from edge to edge, back as a thinner one from left edge to right, beside within a column."""
    middle = MARGIN + BOX_HEIGHT // 2
    y1, y2 = start[1] + middle, end[1] + middle
    left, right = start[0] + MARGIN, start[0] + MARGIN + BOX_WIDTH
    if end[0] > start[0]:
        kind, x1, x2, bend1, bend2 = "", right, end[0] + MARGIN, GAP_X // 2, -GAP_X // 2
    elif end[0] < start[0]:
        kind, x1, x2, bend1, bend2 = " chart-back", left, end[0] + MARGIN + BOX_WIDTH, -GAP_X // 2, GAP_X // 2
    else:
        kind, x1, x2, bend1, bend2 = " chart-back", left, left, -MARGIN + 8, -MARGIN + 8
    names = escape(" / ".join(title(procedure, "step", step, language) for step in steps))
    line = f"M{x1} {y1}C{x1 + bend1} {y1} {x2 + bend2} {y2} {x2} {y2}"
    return f'<path class="chart-step{kind}" marker-end="url(#chart-tip)" d="{line}"><title>{names}</title></path>'
