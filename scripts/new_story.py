"""Keep a recording as a story of tests/scenarios/, trimmed; its reports are written by UPDATE=1 pytest."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.recordings import load, save  # noqa: E402 - the path comes first


def main() -> int:
    """Write the folder and say what comes next."""
    parser = argparse.ArgumentParser(prog="scripts/new_story", description=__doc__)
    parser.add_argument("recording", type=Path, help="folder with objects.json, logs/ and recorded.json")
    parser.add_argument("--target", default="", help="what is asked, as in: pod -l app=shop (default: the namespace)")
    parser.add_argument("--cause", action="append", default=[], help="a rule that may come first (default: nothing is wrong)")
    parser.add_argument("--into", type=Path, default=ROOT / "tests" / "scenarios", help="the folder of the stories")
    given = parser.parse_args()
    recording = load(given.recording)
    recording["recorded"] |= {"target": given.target, "causes": given.cause}
    save(recording, given.into / given.recording.name)
    print(f"wrote {given.into / given.recording.name}: UPDATE=1 pytest tests/test_scenarios.py writes its reports")
    return 0


if __name__ == "__main__":
    sys.exit(main())
