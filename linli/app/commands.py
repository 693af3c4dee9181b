"""The commands of the house itself: `setup`, `db`, `work`, `serve`."""

from __future__ import annotations

import os

import click

from linli.app import homes
from linli.app.server import Server
from linli.cli import output
from linli.kernel.errors import SetupError


@click.command()
@click.option("--pack", default="", metavar="NAME", help="Rule pack to publish; `national` on a new installation.")
@output.json_option
def setup(pack: str, as_json: bool) -> None:
    """Make database, keys and rule pack ready; run again, it changes nothing."""
    from linli.app import setup as steps

    done = list(output.progress(steps.run(pack, output.now(), tell=output.note), label="Setting up"))
    rows = [{"step": step.name, "changed": step.changed, "detail": step.detail} for step in done]
    document = {"home": str(homes.home_folder()), "steps": rows}
    output.emit(document, as_json=as_json, show=lambda: output.table(rows, title=f"Linli in {homes.home_folder()}"))


@click.group()
def db() -> None:
    """Start, stop and look at the embedded database server."""


@db.command()
def start() -> None:
    """Start the server; waits until it takes connections."""
    server = _embedded()
    if server.is_running():
        output.line("The database server is running already.")
        return
    server.start(tell=output.note)
    output.line(f"The database server runs; its data is in {server.data}.")


@db.command()
def stop() -> None:
    """Stop the server; sessions are ended, nothing is lost."""
    said = "The database server has stopped." if _embedded().stop() else "The database server was not running."
    output.line(said)


@db.command()
@output.json_option
def status(as_json: bool) -> None:
    """Say whether the server runs, and where it keeps its data."""
    found = _embedded().status()
    document = {
        "running": found.running,
        "version": found.version,
        "data": str(found.data),
        "socket_folder": str(found.socket_folder),
        "user": found.user,
    }
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.option("--name", default="", help="Name of this worker in logs; host and process by default.")
@output.json_option
def work(once: bool, name: str, as_json: bool) -> None:
    """Work: due cases, outbox, jobs; any number of workers may run."""
    from linli.app import ready, worker

    ready.database()
    called = name or worker.default_name()
    if not once:
        worker.run(called)
        return
    done = worker.once(called, output.now)
    output.emit(done, as_json=as_json, show=lambda: output.facts(done))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes for pages.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(0, 16), help="Workers beside them.")
def serve(host: str, port: int, processes: int, workers: int) -> None:
    """Serve the pages, with workers beside; ends when told to stop."""
    from linli.app import ready, serving

    ready.database()
    output.line(f"Linli serves on http://{host}:{port}/ (Ctrl+C ends it).")
    serving.serve(serving.Serving(host, port, processes, workers))


def _embedded() -> Server:
    """Return the server of this home.

    Raises:
        SetupError: a server of one's own is named, which is not ours to start or stop.
    """
    if os.environ.get("DATABASE_URL"):
        raise SetupError(
            "DATABASE_URL names a server of your own.",
            code="db.not_embedded",
            hint="Start and stop it as you always do; unset DATABASE_URL to use the embedded one.",
        )
    return Server(homes.home_folder())
