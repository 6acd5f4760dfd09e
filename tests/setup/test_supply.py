"""What goes into an image is what the lock file and Debian's archive say, and nothing comes in on the way."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docker
import pytest

from mendbox.service_images import _POSTGRES_RECIPE, service_inputs
from runner.errors import SandboxUnavailable
from runner.sandbox import base_image
from runner.sandbox.base_image import KEYRING, DebianRecipe, make_own_base
from runner.sandbox.build import ImageInputs, ensure_built
from runner.sandbox.image import CHECKOUT, read_inputs
from runner.sandbox.packages import Target, find_uv, python_target

TARGET = Target("3.13", "x86_64")
DOCKERFILES = sorted([*CHECKOUT.glob("runner/**/*Dockerfile"), *CHECKOUT.glob("mendbox/**/*Dockerfile")])


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that uv takes wheels from, without a network and with a cache of its own."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def put_wheel(folder: Path, code: str) -> str:
    """A wheel of the package `probe` with this code; returns the line that pins it."""
    path = folder / "probe-1.0-py3-none-any.whl"
    parts = {"METADATA": "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n"}
    parts["WHEEL"] = "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    parts["RECORD"] = "probe.py,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("probe.py", code)
        for name, text in parts.items():
            archive.writestr(f"probe-1.0.dist-info/{name}", text)
    return f"probe==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def install(tmp_path: Path, pinned: str) -> str:
    """The package's code as it would go into an image."""
    site = tmp_path / "site"
    shutil.rmtree(site, ignore_errors=True)
    python_target(site, pinned, TARGET, checkout=CHECKOUT)
    return (site / "probe.py").read_text()


def test_a_wheel_that_has_its_hash_goes_in_and_a_changed_one_is_refused(tmp_path: Path, wheelhouse: Path) -> None:
    pinned = put_wheel(wheelhouse, "HONEST = True\n")
    assert install(tmp_path, pinned) == "HONEST = True\n"
    put_wheel(wheelhouse, "HONEST = False\n")
    with pytest.raises(SandboxUnavailable, match=r"Hash mismatch for `probe==1\.0`"):
        install(tmp_path, pinned)


@pytest.mark.parametrize(("variable", "value"), [("UV_NO_VERIFY_HASHES", "1"), ("UV_REQUIRE_HASHES", "0")])
def test_no_variable_turns_the_check_off(
    tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    pinned = put_wheel(wheelhouse, "HONEST = True\n")
    put_wheel(wheelhouse, "HONEST = False\n")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SandboxUnavailable, match="Hash mismatch"):
        install(tmp_path, pinned)


def test_a_package_without_a_hash_is_refused(tmp_path: Path, wheelhouse: Path) -> None:
    put_wheel(wheelhouse, "HONEST = True\n")
    with pytest.raises(SandboxUnavailable, match="all requirements must have a hash"):
        install(tmp_path, "probe==1.0\n")


def test_what_was_changed_in_the_cache_does_not_go_in(tmp_path: Path, wheelhouse: Path) -> None:
    pinned = put_wheel(wheelhouse, "HONEST = True\n")
    listed = tmp_path / "listed.txt"
    listed.write_text(pinned)

    def with_cache(target: str) -> str:
        arguments = ["pip", "install", "--quiet", "--no-config", "--link-mode", "copy", "--require-hashes"]
        arguments += ["--target", str(tmp_path / target), "--requirements", str(listed)]
        subprocess.run([*find_uv(CHECKOUT), *arguments], check=True)
        return (tmp_path / target / "probe.py").read_text()

    assert with_cache("first") == "HONEST = True\n"
    (cached,) = (tmp_path / "cache").rglob("probe.py")
    cached.write_text("HONEST = False\n")
    # uv alone would not see it.
    assert with_cache("second") == "HONEST = False\n"
    assert install(tmp_path, pinned) == "HONEST = True\n"


def test_only_wheels_go_in_and_none_is_built_from_source(tmp_path: Path, wheelhouse: Path) -> None:
    source = tmp_path / "probe-1.0"
    source.mkdir()
    (source / "setup.py").write_text("from setuptools import setup\nsetup(name='probe', version='1.0')\n")
    shutil.make_archive(str(wheelhouse / "probe-1.0"), "gztar", tmp_path, "probe-1.0")
    digest = hashlib.sha256((wheelhouse / "probe-1.0.tar.gz").read_bytes()).hexdigest()
    with pytest.raises(SandboxUnavailable, match="no usable wheels"):
        install(tmp_path, f"probe==1.0 --hash=sha256:{digest}\n")


def test_every_package_of_both_images_is_pinned_to_hashes() -> None:
    for inputs in (read_inputs("sha256:base"), service_inputs("sha256:base")):
        entries = re.split(r"\n(?=\S)", inputs.requirements.strip())
        assert len(entries) > 10
        assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_a_build_has_no_network(engine: docker.DockerClient, image: object) -> None:
    # Routes as the kernel lists them, below one line of headings.
    look = b"RUN python3 -c \"print('routes:', open('/proc/net/route').read().count(chr(10)) - 1)\"\n"
    refuse = b'RUN test "$(wc -l < /proc/net/route)" -gt 1\n'
    base = str(engine.images.get(base_image.present_base(engine)).id)
    unique = os.urandom(8).hex().encode()
    dockerfile = b"ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nENV UNIQUE=" + unique + b"\n" + look + refuse
    inputs = ImageInputs(dockerfile, base, "", {}, "mendbox-test/network")
    with pytest.raises(SandboxUnavailable, match="routes: 0"):
        ensure_built(engine, inputs, "the base", progress=print, checkout=CHECKOUT)


def test_no_dockerfile_fetches_anything() -> None:
    assert len(DOCKERFILES) == 5
    for path in DOCKERFILES:
        instructions = [line.split()[0] for line in path.read_text().splitlines() if re.match(r"[A-Z]", line)]
        assert "ADD" not in instructions, path
        assert re.findall(r"https?://|\bcurl\b|\bwget\b|apt-get|pip install|uv pip", path.read_text()) == [], path


@pytest.mark.parametrize("recipe", [DebianRecipe(), _POSTGRES_RECIPE], ids=["base", "postgres"])
def test_a_base_is_made_with_debians_keys_and_no_check_left_out(recipe: DebianRecipe) -> None:
    arguments = recipe.arguments
    assert [each for each in arguments if each.startswith("--keyring")] == [f"--keyring={KEYRING}"]
    assert [each for each in arguments if re.search(r"trusted|no-check|skip=|--mode=chrootless", each)] == []
    assert {f'--aptopt={option} "false"' for option in WEAK} <= set(arguments)
    assert [each for each in arguments if re.search(r'(Allow\w+|Verify[\w:-]+) "(?!false)', each)] == []


WEAK = [
    "APT::Get::AllowUnauthenticated",
    "Acquire::AllowInsecureRepositories",
    "Acquire::AllowDowngradeToInsecureRepositories",
    "Acquire::AllowWeakRepositories",
]


def test_an_archive_that_debian_did_not_sign_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    archive = tmp_path / "archive"
    index = archive / "dists" / "trixie" / "main" / "binary-amd64" / "Packages"
    index.parent.mkdir(parents=True)
    index.write_text("")
    (archive / "dists" / "trixie" / "Release").write_text(
        "Suite: trixie\nCodename: trixie\nArchitectures: amd64\nComponents: main\n"
        "Date: Sat, 01 Nov 2025 00:00:00 UTC\n"
        f"SHA256:\n {hashlib.sha256(b'').hexdigest()} 0 main/binary-amd64/Packages\n"
    )

    def make(options: str) -> str:
        arguments = [each for each in DebianRecipe().arguments if each != "--quiet"]
        mirror = f"deb {options}copy:{archive} trixie main"
        command = ["mmdebstrap", "--architectures=amd64", *arguments, "trixie", str(tmp_path / "base.tar"), mirror]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        return done.stderr

    assert "is not signed" in make("")
    # With the check off it gets as far as finding the archive empty.
    assert "did not find any indices" in make("[trusted=yes] ")


def test_without_debians_keys_no_base_is_made(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_image, "KEYRING", tmp_path / "none.gpg")
    with pytest.raises(SandboxUnavailable, match="signatures can't be checked") as raised:
        make_own_base(engine, print, DebianRecipe(), instead_of="python:3.13-slim")
    assert "debian-archive-keyring" in raised.value.hint
