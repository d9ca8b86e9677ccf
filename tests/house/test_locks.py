"""What is installed is named by version and hash, and by no address."""

import json
import re

import pytest

from tests.house.tree import ROOT, paths

PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock", "requirements-semantic.lock")
NODE_LOCKS = ("web/package-lock.json", "tests/browser/package-lock.json", "tests/bench/peers/node/package-lock.json")
ADDRESS = re.compile(r"[a-z+]+://|--(extra-)?index-url|--find-links|^registry\s*=|_authToken", re.IGNORECASE | re.MULTILINE)
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def unhashed(lock: str) -> list[str]:
    """Requirements that are not followed by a hash."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    return [one.split()[0] for one in entries if "--hash=sha256:" not in one]


def addresses(lock: str) -> list[str]:
    """Addresses in a Node lock; where a package asks for gifts (`funding`) is its own affair."""
    packages = json.loads(lock)["packages"].values()
    bare = [{key: value for key, value in one.items() if key != "funding"} for one in packages]
    return [match.group() for one in bare for match in ADDRESS.finditer(json.dumps(one))]


@pytest.mark.parametrize("path", PYTHON_LOCKS)
def test_a_python_lock_names_versions_and_hashes_only(path):
    assert unhashed(read(path)) == []
    assert ADDRESS.findall(read(path)) == []


@pytest.mark.parametrize("path", NODE_LOCKS)
def test_a_node_lock_names_versions_and_hashes_only(path):
    packages = json.loads(read(path))["packages"]
    from_afar = {name: one for name, one in packages.items() if "node_modules/" in name and not one.get("link")}
    assert addresses(read(path)) == []
    assert [name for name, one in from_afar.items() if "integrity" not in one] == []


def test_no_setting_names_a_registry():
    settings = [path for path in paths() if path.endswith((".npmrc", "pip.conf", "requirements.in", "uv.toml"))]
    assert [path for path in (*settings, "pyproject.toml") if ADDRESS.search(read(path))] == []


def test_what_development_needs_holds_what_running_needs():
    running, developing = (set(REQUIREMENT.findall(read(lock))) for lock in PYTHON_LOCKS[:2])
    assert running - developing == set()


def test_web_versions_are_exact():
    declared = [
        (path, name, version)
        for path in paths() if path.startswith("web/") and path.endswith("package.json")
        for part in ("dependencies", "devDependencies")
        for name, version in json.loads(read(path)).get(part, {}).items()
    ]
    assert [one for one in declared if not re.fullmatch(r"\d+\.\d+\.\d+", one[2])] == []


def test_the_rules_know_a_bad_line():
    assert unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n") == ["b==2"]
    assert ADDRESS.search("--index-url https://example.org/simple")
    assert not ADDRESS.search("aiohttp==3.14.5 \\")
    resolved = {"packages": {"node_modules/a": {"resolved": "https://example.org/a.tgz"}}}
    assert addresses(json.dumps(resolved)) == ["https://"]
    assert addresses(json.dumps({"packages": {"node_modules/a": {"funding": "https://x"}}})) == []
