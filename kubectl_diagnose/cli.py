"""
The command line: flags, exit codes, help; the only import of click.

Exit codes: 0 a diagnosis was made, whatever it says; 1 it could not be made; 3 with ``--fail-on``; 130 interrupted.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kubectl_diagnose import catalogue, terminal
from kubectl_diagnose.answering import from_cluster, from_files
from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.flags import GLOBAL, command_of, connection_flags, printable, spelled_out

if TYPE_CHECKING:
    from kubectl_diagnose.answering import Connection
    from kubectl_diagnose.report import Report
    from kubectl_diagnose.snapshot import Snapshot
    from kubectl_diagnose.targets import Asked

DEBUG = "KUBECTL_DIAGNOSE_DEBUG"
_ABOUT = """Say why a workload does not run, prove it, and print the command that heals it.

It only reads; it never changes anything in the cluster."""
_EXAMPLES = """\
  # Everything in the current namespace
  kubectl diagnose

  # The pods behind a label, a single workload, several objects
  kubectl diagnose pod -l app=hello-server
  kubectl diagnose deployment hello-server
  kubectl diagnose deploy/hello-server svc/hello-server

  # What a manifest or a kustomization describes
  kubectl diagnose -f deployment.yaml
  kubectl diagnose -k overlays/dev

  # In a pipeline: exit status 3 on a problem of that severity or worse
  kubectl diagnose -n shop -o json --fail-on=high

  # Without a cluster, from what was saved with kubectl get
  kubectl get all,events -n shop -o json > shop.json
  kubectl diagnose --from shop.json

  # What a rule means, and which there are
  kubectl diagnose explain image-not-found
  kubectl diagnose rules"""
_USAGE = """\
  kubectl diagnose [TYPE[,TYPE] [NAME...] | TYPE/NAME... | -f FILE | -k DIR] [options]
  kubectl diagnose explain RULE | rules | schema | version

Flags stand after 'diagnose': kubectl refuses them before the name of a plugin.
The global flags of kubectl (kubectl options) are taken as well."""


class _Command(click.Command):
    """A command whose help is laid out as kubectl's."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it does, examples, options and usage."""
        formatter.write(f"{_ABOUT}\n\nExamples:\n{_EXAMPLES}\n")
        self.format_options(ctx, formatter)
        formatter.write(f"\nUsage:\n{_USAGE}\n")


def _option(*names: str, **more: Any) -> click.Option:
    return click.Option(list(names), **more)


def _options() -> list[click.Parameter]:
    own = [
        _option("-n", "--namespace", default="", metavar="NAME", help="The namespace; that of the context by default."),
        _option("-A", "--all-namespaces", is_flag=True, help="Look in all namespaces."),
        _option("-l", "--selector", default="", help="Label selector: a=b, a!=b, a in (b, c), a, !a."),
        _option("--field-selector", default="", metavar="SELECTOR", help="Field selector: status.phase=Pending."),
        _option("-f", "--filename", multiple=True, metavar="FILE|DIR", help="What manifests describe; - for standard input."),
        _option("-R", "--recursive", is_flag=True, help="Go into the folders of a -f folder."),
        _option("-k", "--kustomize", default="", metavar="DIR", help="What a kustomization describes."),
        _option("--from", "from_", default="", metavar="PATH", help="Read output of kubectl get, or a recording."),
        _option("-o", "--output", default="text", metavar="text|json", help="How the report is printed."),
        _option("--fail-on", default="", metavar="SEVERITY", help="Exit with 3 on a problem this bad: low, medium …"),
        _option("--color", default="auto", metavar="WHEN", help="auto, always or never."),
        _option("--no-color", is_flag=True, help="The same as --color=never."),
    ]
    passed = [
        _option(f"--{f.name}", f"global_{f.name.replace('-', '_')}", hidden=True, is_flag=f.switch, multiple=f.repeat)
        for f in GLOBAL
    ]
    words = click.Argument(["words"], nargs=-1)
    return [*own, *passed, _option("--version", is_flag=True, help="Print the version."), words]


def run(argv: Sequence[str], connection: "Connection | None" = None) -> int:
    """
    Do what a command line asks for and return the exit status.

    ``connection`` is what was started for it already. Errors are one line on standard error, never a traceback unless
    KUBECTL_DIAGNOSE_DEBUG is set.
    """
    try:
        status = _run(argv, connection)
        sys.stdout.flush()
    except BrokenPipeError:
        terminal.leave_pipe()
        return 0
    except KeyboardInterrupt:
        return 130
    except (UserError, click.ClickException) as error:
        return _fail(_sentence(error))
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _fail(f"unexpected {type(error).__name__}: {_one_line(error)}: set {DEBUG}=1 to see where it comes from")
    return status


def _run(argv: Sequence[str], connection: "Connection | None") -> int:
    words = spelled_out(argv)
    name = command_of(argv)
    if name:
        del words[words.index("--") + 1]
        command = _commands()[name]
    else:
        command = _Command("diagnose", params=_options(), callback=lambda **given: _diagnose(argv, connection, **given))
    return _invoke(command, f"{_prog()} {name}".strip(), words)


def _invoke(command: click.Command, name: str, words: list[str]) -> int:
    """Run a command; click's own way would turn interrupts and closed pipes into something else."""
    try:
        with command.make_context(name, words) as context:
            return int(command.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code


def _prog() -> str:
    """Return the name it goes by: a plugin ``kubectl-some-name`` is typed ``kubectl some-name``."""
    name = Path(sys.argv[0]).stem
    return f"kubectl {name.removeprefix('kubectl-').replace('_', '-')}" if name.startswith("kubectl-") else "kubectl diagnose"


def _diagnose(argv: Sequence[str], connection: "Connection | None", **given: Any) -> int:
    if given["version"]:
        terminal.write(catalogue.version("text"))
        return 0
    _check_choices(given)
    asked = _asked(argv, given).checked()
    if given["from_"]:
        report, snapshot = from_files(asked, given["namespace"], given["from_"])
    else:
        flags, ahead = connection_flags(argv), partial(_renderer, given["output"])
        report, snapshot = from_cluster(asked, given["namespace"], flags, connection, ahead)
    _print(report, snapshot, given)
    return _status(report, given["fail_on"])


def _check_choices(given: dict[str, Any]) -> None:
    choices = {
        "output": ("text", "json", "wide"),
        "color": ("auto", "always", "never"),
        "fail_on": ("", "low", "medium", "high", "critical"),
    }
    for option, allowed in choices.items():
        if given[option] not in allowed:
            flag = option.replace("_", "-")
            raise UserError(f'invalid value "{given[option]}" of --{flag}: use {", ".join(filter(None, allowed))}')


def _asked(argv: Sequence[str], given: dict[str, Any]) -> "Asked":
    from kubectl_diagnose.targets import Asked

    return Asked(
        words=tuple(given["words"]),
        selector=given["selector"],
        field_selector=given["field_selector"],
        all_namespaces=given["all_namespaces"],
        filenames=tuple(given["filename"]),
        recursive=given["recursive"],
        kustomize=given["kustomize"],
        flags=printable(connection_flags(argv)),
        context=given["global_context"] or "",
    )


def _renderer(output: str) -> Callable[..., str]:
    """Import what prints a report, and return it."""
    if output == "json":
        from kubectl_diagnose.report.json import render_json

        return render_json
    from kubectl_diagnose.report.text import prepare, render_text

    prepare()
    return render_text


def _print(report: "Report", snapshot: "Snapshot", given: dict[str, Any]) -> None:
    render = _renderer(given["output"])
    when = "never" if given["no_color"] else given["color"]
    look = {} if given["output"] == "json" else {"color": terminal.coloured(when), "width": terminal.width()}
    terminal.write(render(report, snapshot, **look))


def _status(report: "Report", fail_on: str) -> int:
    from kubectl_diagnose.findings import Severity

    if not fail_on:
        return 0
    return 3 if any(p.cause.severity >= Severity[fail_on.upper()] for p in report.problems) else 0


def _commands() -> dict[str, click.Command]:
    output = _option("-o", "--output", default="text", metavar="text|json", help="How it is printed.")
    name = click.Argument(["rule"], default="")
    return {
        "explain": click.Command(
            "explain", params=[name], callback=_printing(catalogue.explain), help="Say what a rule means."
        ),
        "rules": click.Command("rules", params=[output], callback=_printing(catalogue.rules), help="List the rules."),
        "schema": click.Command("schema", callback=_printing(catalogue.schema), help="Print the JSON Schema of -o json."),
        "version": click.Command("version", params=[output], callback=_printing(catalogue.version), help="Print the version."),
    }


def _printing(answer: Callable[..., str]) -> Callable[..., None]:
    return lambda **given: terminal.write(answer(**given))


def _sentence(error: Exception) -> str:
    """Return an error as one sentence; click's are put in kubectl's words."""
    if isinstance(error, click.NoSuchOption):
        return f"unknown flag: {error.option_name}: see '{_prog()} --help'"
    if isinstance(error, click.ClickException):
        text = error.format_message().rstrip(".")
        return f"{text[:1].lower()}{text[1:]}: see '{_prog()} --help'"
    return _one_line(error)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _fail(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return 1
