"""The sandbox image, on the real engine: what is in it, what is not, and that it is built once."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from runner.errors import SandboxUnavailable
from runner.sandbox import base_image
from runner.sandbox.build import ImageInputs, ImageRef, find_image
from runner.sandbox.image import CHECKOUT, ensure_image, image_inputs, read_inputs
from runner.sandbox.packages import Target, export_requirements

FILES = {"runner/__init__.py": b"", "runner/inside/boot.py": b"print()\n"}
INPUTS = image_inputs(b"FROM x\n", "sha256:base", "flask==3.1\n", FILES)


@pytest.mark.parametrize(
    "change",
    [
        lambda i: replace(i, dockerfile=b"FROM y\n"),
        lambda i: replace(i, base="sha256:other"),
        lambda i: replace(i, requirements="flask==3.2\n"),
        lambda i: replace(i, files={**i.files, "runner/inside/boot.py": b"print(1)\n"}),
        lambda i: replace(i, files={**i.files, "runner/inside/new.py": b""}),
        lambda i: replace(i, files={"runner/__init__.py": b"", "runner/inside/moved.py": b"print()\n"}),
        # The same bytes in a row, divided elsewhere.
        lambda i: replace(i, dockerfile=i.dockerfile + b"s", base=i.base[1:]),
    ],
    ids=["dockerfile", "base", "requirements", "code", "new file", "renamed file", "boundary"],
)
def test_every_input_changes_the_tag(change: Callable[[ImageInputs], ImageInputs]) -> None:
    assert change(INPUTS).tag != INPUTS.tag


def test_the_order_of_files_does_not_change_the_tag() -> None:
    backwards = dict(reversed(list(FILES.items())))
    assert image_inputs(INPUTS.dockerfile, INPUTS.base, INPUTS.requirements, backwards).tag == INPUTS.tag


def test_neither_bytecode_nor_host_code_is_an_input() -> None:
    more = {
        **FILES,
        "runner/inside/__pycache__/boot.cpython-311.pyc": b"x",
        "runner/sandbox/engine.py": b"x",
        "runner/errors.py": b"x",
        "store/tables.py": b"x",
    }
    assert image_inputs(INPUTS.dockerfile, INPUTS.base, INPUTS.requirements, more) == INPUTS


def test_the_tag_names_twelve_hex_digits_of_the_digest() -> None:
    assert re.fullmatch(r"mendbox/sandbox:[0-9a-f]{12}", INPUTS.tag)


def test_every_package_is_pinned_and_hashed() -> None:
    text = export_requirements(CHECKOUT, group="sandbox")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert {"flask", "pytest", "sqlalchemy"} <= {entry.split("==")[0] for entry in entries}
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_an_image_that_is_there_is_found_without_a_step(engine: docker.DockerClient, image: ImageRef) -> None:
    steps: list[str] = []
    assert ensure_image(engine, progress=steps.append) == image
    assert steps == []
    assert image.id.startswith("sha256:")
    assert re.fullmatch(r"3\.\d+\.\d+", image.python)


def test_workers_that_start_together_build_one_image(engine: docker.DockerClient, tmp_path: Path) -> None:
    checkout = checkout_with(tmp_path, f"UNIQUE = {os.urandom(8)!r}\n")
    steps: list[str] = []
    found: list[ImageRef] = []

    def work() -> None:
        found.append(ensure_image(engine, progress=steps.append, checkout=checkout))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    try:
        assert len(found) == 3
        assert len(set(found)) == 1
        assert len([step for step in steps if step.startswith("building")]) == 1
        run(
            engine,
            found[0],
            ["python3", "-c", "import sys; sys.path.insert(0, '/opt/mendbox/lib'); import runner.inside.extra"],
        )
    finally:
        for tag in {image.tag for image in found}:
            engine.images.remove(tag)


def test_an_edit_inside_gives_another_tag_and_one_outside_does_not(tmp_path: Path) -> None:
    before = read_inputs("sha256:base", checkout=checkout_with(tmp_path / "a", "ONE = 1\n"))
    after = read_inputs("sha256:base", checkout=checkout_with(tmp_path / "b", "ONE = 2\n"))
    assert before.tag != after.tag
    (tmp_path / "b" / "runner" / "errors.py").write_text("changed")
    assert read_inputs("sha256:base", checkout=tmp_path / "b").tag == after.tag


def test_no_file_gives_its_runner_another_identity(engine: docker.DockerClient, image: ImageRef) -> None:
    assert run(engine, image, ["find", "/", "-xdev", "-type", "f", "-perm", "/6000"], user="0") == ""


def test_there_is_no_pip_and_no_package_cache(engine: docker.DockerClient, image: ImageRef) -> None:
    # A name that is there shows that the search works.
    found = run(
        engine,
        image,
        ["find", "/", "-xdev", "(", "-name", "pip*", "-o", "-name", "ensurepip", "-o", "-name", "*.deb", "-o", "-name",
         "*_Packages*", "-o", "-name", "python3", ")", "-not", "-path", "/usr/share/*", "-not", "-path", "*/_vendor/*"],
        user="0",
    ).split()  # fmt: skip
    programs = [path for path in found if "/bin/" in path or path.endswith("ensurepip") or "dist-info" in path]
    assert [path for path in programs if "pip" in path] == []
    assert any(path.endswith("/bin/python3") for path in programs)
    assert [path for path in found if path.endswith(".deb") or "_Packages" in path] == []
    assert "No module named pip" in run(engine, image, ["sh", "-c", "python3 -m pip 2>&1 || true"])


def test_our_code_inside_is_what_runs_inside_and_nothing_else(engine: docker.DockerClient, image: ImageRef) -> None:
    assert run(engine, image, ["ls", "/opt/mendbox/lib"]).split() == ["runner"]
    names = run(engine, image, ["ls", "/opt/mendbox/lib/runner"]).split()
    assert sorted(set(names) - {"__pycache__"}) == ["__init__.py", "inside"]


def test_it_runs_as_a_user_without_rights_on_a_root_that_cannot_be_written(
    engine: docker.DockerClient, image: ImageRef
) -> None:
    code = """
import os, pathlib, sys
sys.path[:0] = ["/opt/mendbox/lib", "/opt/mendbox/site"]
import flask, flask_sqlalchemy, pytest, sqlalchemy, sqlite3, time_machine
assert flask.__file__.startswith("/opt/mendbox/site/")
try:
    pathlib.Path("/opt/mendbox/site/flask/mark").write_text("x")
except OSError as error:
    print(os.getuid(), os.getgid(), os.environ["HOME"], os.getcwd(), error.strerror)
"""
    out = run(engine, image, ["python3", "-I", "-c", code], read_only=True)
    assert out == "65532 65532 /nonexistent / Read-only file system"


def test_nobody_inside_may_change_the_code_even_on_a_root_that_can_be_written(
    engine: docker.DockerClient, image: ImageRef
) -> None:
    assert run(engine, image, ["find", "/opt/mendbox", "-writable"]) == ""


def test_every_module_comes_with_bytecode_that_is_never_checked(engine: docker.DockerClient, image: ImageRef) -> None:
    code = """
import pathlib, importlib.util
sources = [p for p in pathlib.Path("/opt/mendbox").rglob("*.py")]
assert len(sources) > 300
for source in sources:
    flags = pathlib.Path(importlib.util.cache_from_source(str(source))).read_bytes()[4:8]
    if int.from_bytes(flags, "little") != 1:
        print(source)
"""
    assert run(engine, image, ["python3", "-c", code]) == ""


def test_the_image_says_what_it_is_and_starts_nothing_of_its_own(engine: docker.DockerClient, image: ImageRef) -> None:
    details = engine.images.get(image.id)
    assert details.labels["org.mendbox.role"] == "sandbox"
    assert not details.attrs["Config"].get("Entrypoint")
    assert details.attrs["Config"]["User"] == "65532:65532"
    assert run(engine, image, None) == f"Python {image.python}"


def test_an_engine_that_does_not_answer_is_a_platform_fault_with_the_next_step(no_engine: str) -> None:
    nobody = docker.DockerClient(base_url=no_engine, version="1.41")
    with pytest.raises(SandboxUnavailable) as raised:
        ensure_image(nobody, progress=print)
    nobody.close()
    assert "scripts/setup" in (raised.value.hint or "")
    assert raised.value.exit_code == 3


def test_another_base_that_cannot_be_had_is_named_and_not_replaced_by_ours(engine: docker.DockerClient) -> None:
    with pytest.raises(SandboxUnavailable, match=r"mendbox\.invalid/base:1 is neither present nor pullable"):
        ensure_image(engine, progress=print, base="mendbox.invalid/base:1")


def test_without_a_base_and_without_the_tool_for_one_both_ways_out_are_named(
    engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(base_image, "DEFAULT_BASE", "mendbox.invalid/base:1")
    monkeypatch.setattr(base_image, "own_base_tag", lambda: "mendbox/base:never-made")
    monkeypatch.setenv("PATH", str(tmp_path))
    steps: list[str] = []
    with pytest.raises(SandboxUnavailable, match="mmdebstrap is not installed") as raised:
        base_image.ensure_base(engine, steps.append, "mendbox.invalid/base:1")
    assert "docker pull" in (raised.value.hint or "")
    assert "scripts/setup" in (raised.value.hint or "")
    assert steps[0] == "pulling mendbox.invalid/base:1"


def test_a_failed_build_shows_the_lines_that_say_why(
    engine: docker.DockerClient, tmp_path: Path, image: ImageRef
) -> None:
    checkout = checkout_with(tmp_path, "def broken(:\n")
    with pytest.raises(SandboxUnavailable, match=r"SyntaxError: invalid syntax"):
        ensure_image(engine, progress=print, checkout=checkout)


def test_without_a_lock_file_the_message_asks_for_a_checkout(tmp_path: Path) -> None:
    with pytest.raises(SandboxUnavailable, match=r"no uv\.lock"):
        export_requirements(tmp_path, group="sandbox")


def test_an_architecture_without_wheels_is_named() -> None:
    assert Target("3.13", "aarch64").platform == "aarch64-manylinux_2_28"
    with pytest.raises(SandboxUnavailable, match="riscv64"):
        _ = Target("3.13", "riscv64").platform


def test_a_tag_that_is_not_there_is_none(engine: docker.DockerClient) -> None:
    assert find_image(engine, "mendbox/sandbox:000000000000") is None


def checkout_with(folder: Path, extra: str) -> Path:
    """A copy of what the image is built from, with one more module inside."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "runner" / "inside", folder / "runner" / "inside", ignore=ignored)
    shutil.copy(CHECKOUT / "runner" / "__init__.py", folder / "runner" / "__init__.py")
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(CHECKOUT / name, folder / name)
    if (CHECKOUT / ".mendbox").exists():
        (folder / ".mendbox").symlink_to(CHECKOUT / ".mendbox")
    (folder / "runner" / "inside" / "extra.py").write_text(extra)
    return folder


def run(
    engine: docker.DockerClient, image: ImageRef, command: list[str] | None, *, user: str = "", read_only: bool = False
) -> str:
    container = engine.containers.create(image.id, command, network_mode="none", read_only=read_only, user=user or None)
    try:
        container.start()
        container.wait()
        output: bytes = container.logs()
    finally:
        container.remove(force=True)
    return output.decode().strip()
