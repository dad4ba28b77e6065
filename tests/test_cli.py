"""The command as people run it: exit codes, one-sentence errors, colour, and every way to say what is meant."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kubectl_diagnose import __version__, answering, cli, terminal
from kubectl_diagnose.collect.budget import Progress
from kubectl_diagnose.progress import ProgressLine
from kubectl_diagnose.rules import all_rules

ROOT = Path(__file__).parent.parent
STORIES = ROOT / "tests" / "scenarios"
HEALTHY = f"--from={STORIES / 'healthy'}"
BROKEN = f"--from={STORIES / 'exercise-destruction'}"
Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *argv: str) -> tuple[int, str, str]:
    """Run a command line; return its exit status, standard output and standard error."""
    status = cli.run(argv)
    out, err = capsys.readouterr()
    return status, out, err


def report(capsys: Capture, *argv: str) -> dict[str, Any]:
    status, out, err = said(capsys, *argv, "-o", "json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["pod"],
        ["pods", "-l", "app=hello-server"],
        ["pods", "-l=app in (hello-server, other)"],
        ["deployment", "hello-server"],
        ["deploy/hello-server"],
        ["deploy,po"],
        ["all"],
        ["pod", "--field-selector", "status.phase=Running"],
        ["-A"],
        ["-n", "shop"],
        ["-l", "app=hello-server"],
    ],
    ids=" ".join,
)
def test_every_form_of_a_target(capsys: Capture, words: list[str]) -> None:
    found = report(capsys, HEALTHY, *words)
    assert found["verdict"] == "healthy"
    assert not found["problems"]


def test_a_broken_workload_is_a_diagnosis(capsys: Capture) -> None:
    found = report(capsys, BROKEN, "pod", "-l", "app=hello-server")
    assert found["target"]["kinds"] == ["Pod"]
    assert found["target"]["selector"] == "app=hello-server"
    assert found["target"]["namespace"] == "shop"
    assert found["problems"]


def test_objects_in_a_manifest(capsys: Capture, tmp_path: Path) -> None:
    manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hello-server}\n"
    (tmp_path / "app.yaml").write_text(manifest)
    assert report(capsys, BROKEN, "-f", str(tmp_path))["target"]["names"] == ["hello-server"]
    status, _, err = said(capsys, BROKEN, "-f", str(tmp_path), "pod")
    assert status == 1
    assert "no resource may be named as well" in err


def test_a_selector_that_matches_nothing_is_a_diagnosis(capsys: Capture) -> None:
    found = report(capsys, HEALTHY, "pod", "-l", "app=hello-servr")
    assert [p["cause"]["rule"] for p in found["problems"]] == ["selector-matches-nothing"]


@pytest.mark.parametrize("output", ["text", "wide", "json"])
def test_outputs(capsys: Capture, output: str) -> None:
    status, out, err = said(capsys, HEALTHY, "-o", output)
    assert (status, err) == (0, "")
    assert out.startswith("{") == (output == "json")
    assert out.endswith("\n")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{healthy} deploy hello-servr", 'did you mean "hello-server"?'),
        ("{healthy} deploymnt", 'error: the server doesn\'t have a resource type "deploymnt": did you mean "deployment"?'),
        ("{healthy} -l a=(b", "invalid selector"),
        ("{healthy} --field-selector x", "invalid field selector"),
        ("{healthy} -n nope", 'namespace "nope" is not in'),
        ("{healthy} -o yaml", 'invalid value "yaml" of --output: use text, json'),
        ("{healthy} --fail-on=worst", 'invalid value "worst" of --fail-on: use low, medium, high, critical'),
        ("{healthy} --color=blue", 'invalid value "blue" of --color'),
        ("{healthy} -f /nowhere.yaml", "does not exist"),
        ("{healthy} -k /nowhere", "no kustomization"),
        ("{healthy} pod --context", "flag needs an argument: --context"),
        ("{healthy} -A=maybe", "does not take a value"),
        ("{healthy} --nope", "unknown flag: --nope: see 'kubectl diagnose --help'"),
        ("--from /nowhere", "'/nowhere' does not exist"),
        ("explain", "see 'kubectl diagnose rules'"),
        ("explain image-not-fond", 'did you mean "image-not-found"?'),
        ("explain xyz", "see 'kubectl diagnose rules'"),
        ("rules -o yaml", 'invalid value "yaml"'),
        ("rules more", "unexpected extra argument"),
        ("version --nope", "unknown flag: --nope"),
    ],
)
def test_errors_are_one_sentence(capsys: Capture, line: str, says: str) -> None:
    status, out, err = said(capsys, *(word.format(healthy=HEALTHY) for word in line.split()))
    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_bad_file_is_named(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"kind": "List", "items": [{"kind": "Pod"')
    status, _, err = said(capsys, "--from", str(tmp_path / "cut.json"))
    assert status == 1
    assert err.startswith(f"error: '{tmp_path / 'cut.json'}' is cut short")


@pytest.mark.parametrize(("severity", "status"), [("low", 3), ("high", 3), ("", 0)])
def test_fail_on(capsys: Capture, severity: str, status: int) -> None:
    more = [f"--fail-on={severity}"] if severity else []
    assert said(capsys, BROKEN, *more)[0] == status
    assert said(capsys, HEALTHY, *more)[0] == 0


@pytest.mark.parametrize("command", ["rules", "schema", "version", "--version", "--help", "-h", "explain image-not-found"])
def test_nothing_else_needs_a_cluster(capsys: Capture, command: str) -> None:
    status, out, err = said(capsys, *command.split())
    assert (status, err) == (0, "")
    assert out


def test_what_the_commands_say(capsys: Capture) -> None:
    listed = json.loads(said(capsys, "rules", "-o", "json")[1])
    assert [rule["id"] for rule in listed] == [rule.id for rule in all_rules()]
    assert json.loads(said(capsys, "version", "-o=json")[1])["version"] == __version__
    assert json.loads(said(capsys, "schema")[1])["$schema"]
    assert "## How to fix it" in said(capsys, "explain", "image-not-found")[1]
    assert "kubectl diagnose [TYPE" in said(capsys, "--help")[1]


def test_connection_flags_are_repeated_without_secrets(capsys: Capture) -> None:
    flags = ["--context=dev", "--as=jane", "--token=s3cret", "--password", "hunter2", "--request-timeout=5s"]
    out = said(capsys, BROKEN, *flags, "-o", "json")[1]
    command = json.loads(out)["problems"][0]["fixes"][0]["command"]
    assert "--context=dev" in command
    assert "--as=jane" in command
    assert "s3cret" not in out
    assert "hunter2" not in out
    assert "--request-timeout" not in command


def test_an_unexpected_error_is_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(cli, "from_files", fail)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    status, _, err = said(capsys, HEALTHY)
    assert status == 1
    assert err == "error: unexpected RuntimeError: two lines: set KUBECTL_DIAGNOSE_DEBUG=1 to see where it comes from\n"
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(RuntimeError):
        cli.run([HEALTHY])


def test_an_interrupt_is_quiet(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "from_files", interrupt)
    assert said(capsys, HEALTHY) == (130, "", "")


def started(*argv: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kubectl_diagnose", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **more
    )


def test_a_closed_pipe_is_quiet() -> None:
    process = started(BROKEN, "-o", "json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_any_encoding_will_do() -> None:
    process = started(BROKEN, env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.isascii()


def test_without_a_cluster_it_says_what_to_do(tmp_path: Path) -> None:
    env = {**os.environ, "PATH": str(tmp_path), "HOME": str(tmp_path), "KUBECONFIG": str(tmp_path / "none")}
    env.pop("KUBECTL_PATH", None)
    process = started("pod", env=env)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.startswith(b"error: kubectl is not on PATH")
    assert err.count(b"\n") == 1


@pytest.mark.parametrize(
    ("tty", "env", "when", "expected"),
    [
        (True, {"TERM": "xterm"}, "auto", True),
        (False, {"TERM": "xterm"}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, "auto", False),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, "always", True),
        (True, {"TERM": "xterm"}, "never", False),
    ],
)
def test_colour(monkeypatch: pytest.MonkeyPatch, tty: bool, env: dict[str, str], when: str, expected: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: tty))
    assert terminal.coloured(when) is expected


def test_colour_reaches_the_report(capsys: Capture) -> None:
    assert "\033[" in said(capsys, BROKEN, "--color=always")[1]
    assert "\033[" not in said(capsys, BROKEN, "--color=always", "--no-color")[1]
    assert "\033[" not in said(capsys, BROKEN)[1]


@pytest.mark.parametrize(("tty", "seconds", "shown"), [(True, 2, True), (True, 0, False), (False, 2, False)])
def test_progress(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tty: bool, seconds: int, shown: bool) -> None:
    clock = iter([0.0, float(seconds)])
    monkeypatch.setattr("time.monotonic", lambda: next(clock, float(seconds)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: tty)
    with ProgressLine() as line:
        line(Progress(1, 3, 9))
    err = capsys.readouterr().err
    assert ("3 of 9 requests answered" in err) is shown
    assert err.endswith("\r\033[K") is shown


@pytest.mark.parametrize(
    ("name", "called"), [("kubectl-diagnose", "kubectl diagnose"), ("kubectl-why_broken", "kubectl why-broken")]
)
def test_it_goes_by_its_own_name(capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, called: str) -> None:
    monkeypatch.setattr(sys, "argv", [f"/usr/bin/{name}"])
    assert f"see '{called} --help'" in said(capsys, "--nope", HEALTHY)[2]


def test_the_connection_is_used_and_closed(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what ``__main__`` started: the context's namespace, the proxy, and its end."""
    closed: list[bool] = []
    transport = SimpleNamespace(close=lambda: closed.append(True))
    monkeypatch.setattr("kubectl_diagnose.collect.open_transport", lambda flags, proxy: transport)
    seen: dict[str, Any] = {}

    def read(asked: Any, namespace: str, *_: Any) -> Any:
        seen.update(asked=asked, namespace=namespace)
        raise KeyboardInterrupt

    monkeypatch.setattr(answering, "_read", read)
    context = SimpleNamespace(result=lambda: SimpleNamespace(name="dev", namespace="team"))
    connection: Any = (None, context)
    assert cli.run(["pod", "--as=jane"], connection) == 130
    assert (seen["namespace"], seen["asked"].flags) == ("team", ("--as=jane",))
    assert cli.run(["pod", "-n", "shop"], connection) == 130
    assert seen["namespace"] == "shop"
    assert closed == [True, True]
    assert capsys.readouterr().err == ""
