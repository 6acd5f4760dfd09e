"""Each attack by an upload: it wins nothing, touches nothing, disturbs nobody, and would without what stops it."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.loader import load_package
from runner.submissions.normalise import normalise
from runner.submissions.uploads import ArchiveUpload, PatchUpload
from tests.adversarial.uploads import names
from tests.adversarial.uploads.attacks import ATTACKS
from tests.adversarial.uploads.builders import part
from tests.adversarial.uploads.controls import CONTROLS
from tests.adversarial.uploads.model import CANARY, Disk, Form, Json, Sent, UploadAttack, attempt
from tests.submissions.builders import STARTER, diff_of, normal, zip_of

HONEST = {"app/views.py": b"def show():\n    return 'honest'\n"}
HONEST_UPLOAD = ArchiveUpload(zip_of(HONEST))
CHALLENGES = Path(__file__).parents[3] / "challenges"
_TOUCHING = {
    "os.mkdir",
    "os.rename",
    "os.symlink",
    "os.link",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "subprocess.Popen",
    "socket.connect",
}


class Watch:
    """What the process does to the outside while it is on. An audit hook can't be taken out, so there is one."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[tuple[str, Any]] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and (event in _TOUCHING or (event == "open" and not self._of_python(arguments))):
            self.seen.append((event, arguments))

    @staticmethod
    def _of_python(arguments: tuple[Any, ...]) -> bool:
        return str(arguments[0]).endswith((".py", ".pyc", ".so")) and str(arguments[0]).startswith(
            (sys.prefix, sys.base_prefix)
        )


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder two below another, which has the canary; what an attack leads out of is still here."""
    folder = tmp_path / "room" / "folder"
    folder.mkdir(parents=True)
    (folder.parent / "canary.txt").write_text(CANARY)
    return folder


def _tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path): path.read_bytes() if path.is_file() and not path.is_symlink() else None for path in folder.rglob("*")
    }


def _sent(attack: UploadAttack, folder: Path) -> Sent:
    sent = attack.build()
    if isinstance(sent, Disk):
        sent.lay(folder)
    return sent


@pytest.fixture
def neighbour() -> Iterator[list[str]]:
    """Somebody honest who sends the same again and again meanwhile."""
    digests: list[str] = []
    over = threading.Event()

    def send() -> None:
        while not over.is_set():
            digests.append(normal(HONEST_UPLOAD).digest)

    thread = threading.Thread(target=send)
    thread.start()
    yield digests
    over.set()
    thread.join()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_wins_nothing_touches_nothing_and_disturbs_nobody(
    attack: UploadAttack, folder: Path, watch: Watch, neighbour: list[str]
) -> None:
    sent = _sent(attack, folder)
    before = _tree(folder.parent)
    watch.on, watch.seen[:] = True, []
    result = attempt(sent, folder, editable=attack.editable)
    watch.on = False

    if attack.reason is None:
        assert result.files == {}, "files taken"
    else:
        assert result.files is None, f"taken: {sorted(result.files or {})}"
        assert re.search(attack.reason, result.reason), result.reason
    assert CANARY not in result.reason
    assert _tree(folder.parent) == before
    if isinstance(sent, Disk):
        opened = {str(arguments[0]) for event, arguments in watch.seen if event == "open"}
        assert not opened & {"stolen.py", "pipe", "canary.txt"}, "what is no file is not even opened"
    else:
        assert watch.seen == []
    assert normal(HONEST_UPLOAD).files == HONEST
    assert set(neighbour) <= {normal(HONEST_UPLOAD).digest}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_succeeds_when_what_stops_it_is_off(attack: UploadAttack, folder: Path) -> None:
    won = CONTROLS[attack.stopped_by](attack, _sent(attack, folder), folder)
    assert won, f"without {attack.stopped_by} it wins nothing either: something else stops it"


def _honest_of(sent: Sent, folder: Path) -> Sent:
    """Something honest of the same kind."""
    if isinstance(sent, Disk):
        (folder / "app").mkdir()
        (folder / "app" / "views.py").write_bytes(HONEST["app/views.py"])
        return sent
    if isinstance(sent, Form):
        return Form(part("challenge", b"my-app") + part("archive", HONEST_UPLOAD.data, "x.zip") + b"--b--\r\n")
    if isinstance(sent, Json):
        return Json(b'{"role":"candidate"}')
    return PatchUpload(diff_of(HONEST)) if isinstance(sent, PatchUpload) else HONEST_UPLOAD


@pytest.mark.parametrize("mitigation", CONTROLS)
def test_a_control_finds_nothing_in_what_is_honest(mitigation: str, tmp_path: Path) -> None:
    kinds = {type(attack.build()): attack for attack in ATTACKS if attack.stopped_by == mitigation}
    assert kinds, "no attack is stopped by it"
    for kind, attack in kinds.items():
        folder = tmp_path / kind.__name__ / "room" / "folder"
        folder.mkdir(parents=True)
        honest = _honest_of(attack.build(), folder)
        assert attempt(honest, folder).files is not None
        assert CONTROLS[mitigation](attack, honest, folder) is None


def test_attacks_are_named_and_told() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 100
    for attack in ATTACKS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", attack.name)
        assert attack.tries
        assert attack.threat
        assert attack.stopped_by in CONTROLS


def test_what_is_not_editable_stays_the_starters() -> None:
    """A grade is given on the starter with the submission over it: no attack that is taken changes more than it may."""
    for attack in ATTACKS:
        sent = attack.build()
        if attack.reason is None and isinstance(sent, ArchiveUpload):
            tree = {**STARTER, **normal(sent, editable=attack.editable).files}
            assert tree == dict(STARTER)


@pytest.mark.parametrize("slug", sorted(path.name for path in CHALLENGES.iterdir()))
def test_no_challenge_lets_its_own_parts_be_sent(slug: str) -> None:
    package = load_package(CHALLENGES / slug)
    for attack in ATTACKS:
        if attack.threat == names.OUTSIDE:
            with pytest.raises(SubmissionRejected, match="can't be"):
                normalise(attack.build(), package.starter, package.manifest.editable, slug, SubmissionLimits())
