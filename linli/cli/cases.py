"""`linli cases …`: drawings of the procedures."""

from __future__ import annotations

from pathlib import Path

import click

from linli.cli import output


@click.group()
def cases() -> None:
    """Cases and their procedures."""


@cases.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder for one page a kind; default: print."
)
@click.option("--svg", "as_svg", is_flag=True, help="SVG in place of the page.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds.")
def chart(out: Path | None, as_svg: bool, kinds: tuple[str, ...]) -> None:
    """Draw each kind's procedure: diagram, states, clocks, steps."""
    from linli.cases.procedures.chart import reference, svg
    from linli.cases.procedures.compiler import compile_procedures
    from linli.cases.procedures.procedure import procedure_of
    from linli.rules.problems import RuleErrors

    compiled, problems = compile_procedures({})
    if problems:
        raise RuleErrors(problems)
    for kind, data in compiled.items():
        if kinds and kind not in kinds:
            continue
        text = svg(procedure_of(data)) if as_svg else reference(procedure_of(data))
        if out is None:
            output.line(text)
        else:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{kind}.{'svg' if as_svg else 'md'}").write_text(text, encoding="utf-8")
