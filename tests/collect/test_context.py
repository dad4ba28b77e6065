"""The name of the context, read from kubeconfig files as kubectl merges them."""

from pathlib import Path

import pytest

from kubectl_diagnose.collect import named_context


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "yaml": "apiVersion: v1\ncontexts: []\ncurrent-context: kind-dev\nkind: Config\n",
        "quoted": 'current-context: "arn:aws:eks:eu-1:1:cluster/a"\n',
        "json": '{\n "kind": "Config",\n "current-context": "dev"\n}\n',
        "unset": 'current-context: ""\n',
        "empty": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: tmp_path / name for name in texts}


@pytest.mark.parametrize(
    ("names", "context"),
    [
        (["yaml"], "kind-dev"),
        (["quoted"], "arn:aws:eks:eu-1:1:cluster/a"),
        (["json"], "dev"),
        (["unset"], ""),
        (["empty", "yaml", "json"], "kind-dev"),
        (["json", "yaml"], "dev"),
    ],
)
def test_the_first_file_that_sets_it_wins(
    files: dict[str, Path], names: list[str], context: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", ":".join(str(files[name]) for name in names))
    assert named_context() == context


def test_flags_come_first(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(files["yaml"]))
    assert named_context((f"--kubeconfig={files['json']}",)) == "dev"
    assert named_context(("--context=other", "--as=jane")) == "other"


def test_without_a_readable_file_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "not-there"))
    assert named_context() == ""
