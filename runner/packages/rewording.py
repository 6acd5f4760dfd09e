"""A variant of a package, as a package of its own: another bug seeded, and the words of its variations put in. Pure.

Words are put in wherever the package has them, names of files included, and all at once, so that no word that was put
in is taken for another. A word ends where letters and digits do: `hut` is found in `hut_id` and not in `shutter`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from runner.errors import PackageInvalid, Problem
from runner.packages.certificate import CERTIFICATE
from runner.packages.inventory import Inventory
from runner.packages.manifest import MANIFEST, Manifest, Variation
from runner.packages.package import ChallengePackage, Files, Mistake
from runner.packages.variant import BASE, NoSuchVariant, Variant, variant_named
from runner.packages.words import pattern_of
from runner.submissions.globs import matches_any

#: So many variants of a challenge are worth keeping in memory, some 100 kB each.
MOST_VARIANTS = 64
_BUGS = re.compile(r"^bugs/[^/]*/")
_BRIEF, _NOTES, _HARNESS = "brief.md", "notes.md", "harness.py"


def package_of(package: ChallengePackage, variant: Variant) -> ChallengePackage:
    """The variant, which has no variants itself and no certificate. `variant` must be one that `variant_named` gave."""
    seeded = package if variant.bug is None else package.bugs[variant.bug]
    manifest = seeded.manifest.model_copy(update={"variations": (), "bugs": ()})
    text = str(variant) if package.manifest.varies else package.variant
    plain = replace(seeded, manifest=manifest, bugs={}, certificate=None, variant=text)
    if not variant.values:
        return plain
    return _reworded(plain, Wording.of(package.manifest.variations, variant))


def variant_kept(package: ChallengePackage, text: str | None) -> ChallengePackage:
    """The variant that was stored with a candidate or a submission; of what was stored without one, `base`.

    Raises PackageInvalid where the package has it no more.
    """
    try:
        variant = variant_named(text, package.manifest) if text is not None else BASE
    except NoSuchVariant as error:
        said = f"has no variant {text} any more, which a candidate has: {error.message}; put it back"
        raise PackageInvalid(package.slug, [Problem(MANIFEST, "variations", said)]) from error
    return package_of(package, variant)


def in_the_folders_words(package: ChallengePackage, text: str | None, files: Files) -> Files:
    """A submission to a variant as it would be to the folder as it stands, lines in their places: for comparing."""
    if text is None:
        return files
    try:
        variant = variant_named(text, package.manifest)
    except NoSuchVariant:
        return files
    back = Wording.of(package.manifest.variations, variant).undone
    # Paths stay: two that differ in their words would become one.
    return {path: back.content(f"starter/{back.path(path)}", data) for path, data in files.items()}


@dataclass(frozen=True)
class Wording:
    """What is put in for which word, in which files. `undone` gives the way back."""

    swaps: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]

    @classmethod
    def of(cls, variations: tuple[Variation, ...], variant: Variant) -> Wording:
        """The words of a variant."""
        return cls(
            tuple(
                (each.files, dict(zip(each.values[0], each.values[place], strict=True)))
                for each in variations
                if (place := variant.place(each.name))
            )
        )

    @cached_property
    def undone(self) -> Wording:
        """From the variant's words back to the folder's."""
        return Wording(tuple((files, {new: old for old, new in words.items()}) for files, words in self.swaps))

    def in_file(self, place: str) -> Callable[[str], str]:
        """What puts the words into a text of the file at `place`, a path in the package."""
        words: dict[str, str] = {}
        for globs, swap in self.swaps:
            if not globs or matches_any(place, globs):
                words |= swap
        if not words:
            return lambda text: text
        pattern = pattern_of(words)
        return lambda text: pattern.sub(lambda match: words[match[0]], text)

    def path(self, path: str) -> str:
        """A path with all words put in, whichever files they hold for."""
        words = {old: new for _, swap in self.swaps for old, new in swap.items()}
        return pattern_of(words).sub(lambda match: words[match[0]], path) if words else path

    def files(self, below: str, files: Files) -> dict[str, bytes]:
        """Files by their path below a folder of the package, the words put into paths and texts alike."""
        return {self.in_file(below + path)(path): self.content(below + path, data) for path, data in files.items()}

    def test(self, identity: str) -> str:
        """A hidden test's id."""
        return self.in_file("hidden/" + identity.partition("::")[0])(identity)

    def content(self, place: str, data: bytes) -> bytes:
        """A file's content; what is no text stays as it is."""
        try:
            return self.in_file(place)(data.decode()).encode()
        except UnicodeDecodeError:
            return data


def _reworded(package: ChallengePackage, wording: Wording) -> ChallengePackage:
    reworded = replace(
        package,
        manifest=_manifest(package.manifest, wording.in_file(MANIFEST)),
        brief=wording.in_file(_BRIEF)(package.brief),
        notes=wording.in_file(_NOTES)(package.notes),
        starter=wording.files("starter/", package.starter),
        harness=wording.content(_HARNESS, package.harness),
        hidden=wording.files("hidden/", package.hidden),
        fixes={name: wording.files(f"fixes/{name}/", files) for name, files in package.fixes.items()},
        mistakes={name: _mistake(mistake, wording) for name, mistake in package.mistakes.items()},
        equivalent=tuple(
            each.model_copy(
                update={key: wording.in_file("mutants.toml")(getattr(each, key)) for key in ("file", "before", "after")}
            )
            for each in package.equivalent
        ),
    )
    if package.inventory is None:
        return reworded
    fresh = package.inventory.derived_from == package.evidence_digest
    inventory = Inventory(
        # An inventory that doesn't fit the folder fits no variant either.
        derived_from=reworded.evidence_digest if fresh else package.inventory.derived_from,
        tests=tuple(test.model_copy(update={"id": wording.test(test.id)}) for test in package.inventory.tests),
    )
    return replace(reworded, inventory=inventory)


def _mistake(mistake: Mistake, wording: Wording) -> Mistake:
    place = f"mistakes/{mistake.name}/"
    return Mistake(
        mistake.name,
        wording.files(place, mistake.files),
        wording.in_file(place + "mistake.toml")(mistake.summary),
        tuple(wording.test(test) for test in mistake.must_fail),
    )


def _manifest(manifest: Manifest, put: Callable[[str], str]) -> Manifest:
    requirements = tuple(
        each.model_copy(update={"title": put(each.title), "message": put(each.message)})
        for each in manifest.requirements
    )
    changed: dict[str, Any] = {
        "title": put(manifest.title),
        "summary": put(manifest.summary),
        "editable": tuple(put(glob) for glob in manifest.editable),
        "app": manifest.app.model_copy(update={"entry": put(manifest.app.entry)}),
        "requirements": requirements,
    }
    return manifest.model_copy(update=changed)


def wording_problems(package: ChallengePackage) -> Iterator[Problem]:
    """What is wrong with a package's variations that can be seen by reading: pure."""
    texts = dict(_texts(package))
    for number, variation in enumerate(package.manifest.variations):
        mine = {
            place: text
            for place, text in texts.items()
            # Of a bug by the path that it has where it is graded.
            if not variation.files or matches_any(_BUGS.sub("", place), variation.files)
        }
        for place_of_value, row in enumerate(variation.values):
            for word in row:
                found = next((place for place, text in mine.items() if pattern_of((word,)).search(text)), None)
                key = f"variations.{number}.values.{place_of_value}"
                if found is None and place_of_value == 0:
                    yield Problem(
                        MANIFEST, key, f"no file has the word {word!r}; mend it, or take it out of each value"
                    )
                elif found is not None and place_of_value and word not in variation.values[0]:
                    yield Problem(
                        MANIFEST,
                        key,
                        f"{found} has the word {word!r} as it stands; choose one that the package has not",
                    )


def moved_variants(package: ChallengePackage) -> Iterator[Problem]:
    """Variants that candidates may have since the last certificate, and that are others now, or gone. Pure."""
    if package.certificate is None:
        return
    unless = f"put it back or, where no candidate has one, remove {CERTIFICATE}"
    for number, variation in enumerate(package.manifest.variations):
        known = package.certificate.values.get(variation.name, ())
        for place, (old, new) in enumerate(zip(known, variation.values, strict=False)):
            if old != new:
                said = f"was {list(old)} when the package was certified, and candidates have it by its place; {unless}"
                yield Problem(MANIFEST, f"variations.{number}.values.{place}", said)
    for text in package.certificate.variants:
        try:
            variant_named(text, package.manifest)
        except NoSuchVariant as error:
            said = f"{text} is a variant that candidates may have, and {error.message} any more; {unless}"
            yield Problem(MANIFEST, "variations", said)


def _texts(package: ChallengePackage) -> Iterator[tuple[str, str]]:
    """Every text of the package and its bugs by its path, which is a text, too."""
    yield _BRIEF, package.brief
    yield _NOTES, package.notes
    manifest = package.manifest
    said = [manifest.title, manifest.summary, manifest.app.entry, *manifest.editable]
    said += [text for requirement in manifest.requirements for text in (requirement.title, requirement.message)]
    yield MANIFEST, "\n".join(said)
    yield _HARNESS, _text(package.harness)
    folders: dict[str, Files] = {"starter": package.starter, "hidden": package.hidden}
    folders |= {f"fixes/{name}": files for name, files in package.fixes.items()}
    folders |= {f"mistakes/{name}": mistake.files for name, mistake in package.mistakes.items()}
    for folder, files in folders.items():
        for path, data in files.items():
            yield f"{folder}/{path}", f"{path}\n{_text(data)}"
    for name, bug in package.bugs.items():
        yield from ((f"bugs/{name}/{place}", text) for place, text in _texts(bug))


def _text(data: bytes) -> str:
    """What is no text has no word."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""
