"""
Recordings: folders that hold what an API server answered at one moment, and how to make them small.

``objects.json`` (a List), ``logs/POD/CONTAINER.log`` and ``.previous.log``, ``recorded.json`` (when, which namespace,
what was listed to its end). Trimming drops what no diagnosis reads and shortens names without meaning; it never
changes or adds a status.
"""

import json
import re
from pathlib import Path
from typing import Any

from kubectl_diagnose.model import KINDS

NAMESPACE = "shop"
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
NODE_CHATTER = {"Starting", "CgroupV1", "NodeAllocatableEnforced", "RegisteredNode", "NodeReady"}
POD_DEFAULTS = {
    "preemptionPolicy": "PreemptLowerPriority",
    "priority": 0,
    "schedulerName": "default-scheduler",
    "enableServiceLinks": True,
    "dnsPolicy": "ClusterFirst",
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "lastProbeTime": None,
}
NEVER_READ = {
    "managedFields",
    "resourceVersion",
    "selfLink",
    "generateName",
    "blockOwnerDeletion",
    "hostIPs",
    "podIPs",
    "images",
}
NEVER_READ |= {
    "serviceAccount",
    "bootID",
    "machineID",
    "systemUUID",
    "daemonEndpoints",
    "reportingComponent",
    "reportingInstance",
}
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

Recording = dict[str, Any]


def load(folder: Path, story: str = "") -> Recording:
    """Return a recording as a case: takenAt, listed, objects, logs; trimmed, in the namespace ``shop``."""
    about = json.loads((folder / "recorded.json").read_text(encoding="utf-8"))
    text = (folder / "objects.json").read_text(encoding="utf-8")
    objects = [tidy(o) for o in json.loads(_shorten(text, about["namespace"]))["items"] if not _noise(o)]
    return {
        "origin": f"recorded on Kubernetes {about.get('server', '?')}, scenario {story or folder.name}",
        "takenAt": about["takenAt"],
        "listed": _listed(about["listed"]),
        "objects": objects,
        "logs": _logs(folder / "logs", about["namespace"]),
        "recorded": {**about, "namespace": NAMESPACE},
    }


def _shorten(text: str, namespace: str) -> str:
    """Give uids short names that stay different, cut digests, and rename the namespace."""
    short: dict[str, str] = {}
    text = UUID.sub(lambda m: short.setdefault(m[0], f"u{len(short) + 1}"), text)
    return rename(DIGEST.sub(r"\1", text), namespace)


def rename(text: str, namespace: str) -> str:
    """Rename the namespace that was recorded wherever it is written."""
    return re.sub(rf"(?<![\w-]){re.escape(namespace)}(?![\w-])", NAMESPACE, text) if namespace else text


def _noise(item: Any) -> bool:
    kind, name = item["kind"], item["metadata"]["name"]
    if kind == "Event":
        return item.get("reason") in NODE_CHATTER or str(item.get("reason")).startswith(("NodeHasSufficient", "NodeHasNo"))
    return bool(kind == "Endpoints" or name == "kube-root-ca.crt" or (kind == "PriorityClass" and name.startswith("system-")))


def tidy(raw: Any) -> Any:
    """Return a copy of a raw value without what is a default everywhere or is never read."""
    if isinstance(raw, list):
        return [tidy(item) for item in raw if not _default_item(item)]
    if not isinstance(raw, dict):
        return raw
    kept = {k: tidy(v) for k, v in raw.items() if k not in NEVER_READ and k != LAST_APPLIED}
    kept = {k: v for k, v in kept.items() if k not in POD_DEFAULTS or v != POD_DEFAULTS[k]}
    if raw.get("kind") == "Secret" and "data" in kept:
        kept["data"] = dict.fromkeys(kept["data"], "")
    emptied = ("volumes", "volumeMounts", "tolerations", "annotations")
    return {k: v for k, v in kept.items() if not (k in emptied and not v)}


def _default_item(item: Any) -> bool:
    """Whether a list item is one that the API server adds to every pod (token volume, not-ready tolerations)."""
    if not isinstance(item, dict):
        return False
    if str(item.get("name", "")).startswith("kube-api-access-"):
        return True
    return item.get("tolerationSeconds") == 300 and str(item.get("key")).startswith("node.kubernetes.io/")


def _listed(listed: dict[str, list[str]]) -> list[list[str]]:
    kinds = {kind.plural: kind.kind for kind in KINDS if kind.group != "metrics.k8s.io"}
    found = [[kinds[p], NAMESPACE] for p in listed["namespace"] if p in kinds]
    return found + [[kinds[p], ""] for p in listed["cluster"] if p in kinds]


def _logs(folder: Path, namespace: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*/*.log")):
        container = path.name.removesuffix(".log").removesuffix(".previous")
        which = "previous" if path.name.endswith(".previous.log") else "current"
        lines = rename(path.read_text(encoding="utf-8", errors="replace"), namespace).splitlines()
        found.setdefault(path.parent.name, {}).setdefault(container, {})[which] = lines
    return found


def save(recording: Recording, folder: Path) -> None:
    """Write a recording as a folder, one object a line."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(o, ensure_ascii=False, separators=(", ", ": ")) for o in recording["objects"])
    (folder / "objects.json").write_text(f'{{"apiVersion": "v1", "kind": "List", "items": [\n{lines}\n]}}\n', encoding="utf-8")
    about = {"origin": recording["origin"], **recording["recorded"]}
    (folder / "recorded.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    for pod, containers in recording["logs"].items():
        for container, runs in containers.items():
            for which, lines_of in runs.items():
                suffix = ".previous.log" if which == "previous" else ".log"
                path = folder / "logs" / pod / (container + suffix)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(lines_of) + "\n", encoding="utf-8")
