"""The command line is read as kubectl reads it, and no secret gets into a command that is printed."""

import pytest

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.flags import GLOBAL, command_of, connection_flags, names_namespace, needs_cluster, printable, spelled_out


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("pod -l=app=x", "--selector=app=x -- pod"),
        ("pod -lapp=x", "--selector=app=x -- pod"),
        ("pod -l app=x a", "--selector=app=x -- pod a"),
        ("-nshop -ojson", "--namespace=shop --output=json --"),
        ("-Rf dir", "--recursive --filename=dir --"),
        ("--all-namespaces=false -A", "--all-namespaces --"),
        ("-A=false", "--"),
        ("--context kind-dev pod", "--context=kind-dev -- pod"),
        ("--insecure-skip-tls-verify=true pod", "--insecure-skip-tls-verify -- pod"),
        ("-- -x --y", "-- -x --y"),
        ("-f -", "--filename=- --"),
        ("-h", "--help --"),
        ("--unknown pod", "--unknown -- pod"),
    ],
)
def test_spelled_out(typed: str, read: str) -> None:
    assert spelled_out(typed.split()) == read.split()


@pytest.mark.parametrize("typed", ["pod -n", "--context", "-l", "-Rf"])
def test_a_flag_without_its_value(typed: str) -> None:
    with pytest.raises(UserError, match="flag needs an argument"):
        spelled_out(typed.split())


def test_connection_flags_are_all_passed_on() -> None:
    typed = [f"--{flag.name}" if flag.switch else f"--{flag.name}=x" for flag in GLOBAL]
    assert connection_flags(["pod", *typed, "-n", "shop", "-o", "json"]) == tuple(typed)
    assert connection_flags(["-s", "https://h", "-v=6", "--as-group=a", "--as-group", "b"]) == (
        "--server=https://h",
        "--v=6",
        "--as-group=a",
        "--as-group=b",
    )


def test_no_secret_is_printed() -> None:
    flags = ("--context=dev", "--token=t", "--password=p", "--client-key=k", "--as=jane", "--kubeconfig=/k")
    assert printable(flags) == ("--context=dev", "--as=jane", "--kubeconfig=/k")
    assert printable(("--proxy-url=http://me:secret@proxy", "--server=https://me:secret@h")) == ()
    assert printable(("--proxy-url=http://proxy", "--request-timeout=5s")) == ("--proxy-url=http://proxy",)


@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        ("", True),
        ("pod -l app=x", True),
        ("--help", False),
        ("pod -h", False),
        ("--version", False),
        ("--from dump.json pod", False),
        ("--from=dump.json", False),
        ("rules -o json", False),
        ("-o json schema", False),
        ("-n rules pod", True),
        ("explain image-not-found", False),
        ("pod version", True),
        ("-- rules", False),
    ],
)
def test_needs_cluster(typed: str, needed: bool) -> None:
    assert needs_cluster(typed.split()) is needed


def test_command_of() -> None:
    assert command_of(["-n", "version", "rules"]) == "rules"
    assert command_of(["pod", "rules"]) == ""


@pytest.mark.parametrize(
    ("typed", "named"), [("pod -n shop", True), ("pod --namespace=shop", True), ("pod -A", False), ("-nshop", True)]
)
def test_whether_a_namespace_is_named(typed: str, named: bool) -> None:
    assert names_namespace(typed.split()) is named
