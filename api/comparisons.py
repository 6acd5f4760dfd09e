"""All submissions to a challenge compared with each other, kept until there are others.

Reading ten thousand submissions takes half a minute of one core, so it is done in a thread of its own that rests for
as long as it worked, every few milliseconds: requests go on meanwhile. A submission is read once in a process; what is
kept of it are its fingerprints, some kilobytes. A request waits a little for the comparison and is told to come again
if that was too short.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field

import structlog

from api.problems import ApiProblem
from runner.integrity.corpus import Corpus, Entry, Pair
from runner.integrity.similarity import common_ground
from runner.integrity.winnowing import Prints, fingerprints
from runner.packages.package import ChallengePackage
from runner.packages.rewording import in_the_folders_words
from store.comparison import Comparison
from store.records import ComparedSubmission

#: The newest submissions to a challenge that are compared.
MOST_COMPARED = 20_000
#: How long a request waits for a comparison that is being made, and what it is then told to wait, in seconds.
WAIT_S = 5.0
RETRY_AFTER_S = 10
#: How long the thread works before it rests.
_SLICE_S = 0.005
_log = structlog.get_logger("mendbox.api")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison that is done: of these submissions, to this state of the challenge."""

    package: str
    members: tuple[ComparedSubmission, ...]
    corpus: Corpus
    pairs: list[Pair]


@dataclass
class _Kept:
    """What is kept of a challenge. `package`: whose starter and fixes the common ground is made of."""

    package: str = ""
    ground: Prints = frozenset()
    prints: dict[str, array[int]] = field(default_factory=dict)
    done: Compared | None = None
    making: Future[Compared] | None = None


class Comparisons:
    """Comparisons by challenge. Safe to share between threads."""

    def __init__(self, records: Comparison, *, wait_s: float = WAIT_S, rest: Callable[[float], None] = time.sleep):
        self._records = records
        self._wait_s = wait_s
        self._rest = rest
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()

    def of(self, package: ChallengePackage) -> Compared:
        """The comparison of all submissions as they are now.

        Raises ApiProblem `comparison-not-ready` when that takes longer than a request should, StoreFault.
        """
        members = tuple(self._records.submissions(package.slug, most=MOST_COMPARED))
        with self._lock:
            kept = self._kept.setdefault(package.slug, _Kept())
            if kept.done is not None and (kept.done.package, kept.done.members) == (package.content_digest, members):
                return kept.done
            making = kept.making
            if making is None or making.done():
                making = kept.making = Future()
                threading.Thread(
                    target=self._make, args=(making, kept, package, members), name="comparison", daemon=True
                ).start()
        try:
            return making.result(self._wait_s)
        except NotYet:
            raise ApiProblem(
                "comparison-not-ready",
                f"{len(members)} submissions are being compared, {len(kept.prints)} of them have been read",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            ) from None

    def _make(
        self, made: Future[Compared], kept: _Kept, package: ChallengePackage, members: tuple[ComparedSubmission, ...]
    ) -> None:
        pace = _Pace(self._rest)
        try:
            with self._one_at_a_time:
                compared = self._compare(kept, package, members, pace)
        except BaseException as error:
            _log.warning("submissions were not compared", challenge=package.slug, reason=str(error))
            made.set_exception(error)
        else:
            made.set_result(compared)

    def _compare(
        self, kept: _Kept, package: ChallengePackage, members: tuple[ComparedSubmission, ...], pace: Callable[[], None]
    ) -> Compared:
        if kept.package != package.content_digest:
            kept.package, kept.prints = package.content_digest, {}
            kept.ground = ground_of(package)
        variants = {member.id: member.variant for member in members}
        wanted = {member.digest: member.id for member in members}
        kept.prints = {digest: prints for digest, prints in kept.prints.items() if digest in wanted}
        missing = [identity for digest, identity in wanted.items() if digest not in kept.prints]
        digests = {member.id: member.digest for member in members}
        for identity, submission in self._records.contents(missing):
            pace()
            files = submission.files if submission is not None else {}
            files = in_the_folders_words(package, variants[identity], files)
            kept.prints[digests[identity]] = array("I", fingerprints(files) - kept.ground)
        entries = [Entry.of(member.id, member.owner, kept.prints.get(member.digest, ())) for member in members]
        corpus = Corpus(entries, pace)
        kept.done = Compared(package.content_digest, members, corpus, corpus.pairs())
        return kept.done


def ground_of(package: ChallengePackage) -> Prints:
    """What submissions have in common without anybody's doing: starter and fixes, of every seeded bug. Pure."""
    return frozenset().union(*(common_ground(each.starter, each.fixes) for each in (package, *package.bugs.values())))


class _Pace:
    """Called between small pieces of work: rests for as long as was worked since."""

    def __init__(self, rest: Callable[[float], None]) -> None:
        self._rest = rest
        self._since = time.monotonic()

    def __call__(self) -> None:
        worked_s = time.monotonic() - self._since
        if worked_s >= _SLICE_S:
            self._rest(worked_s)
            self._since = time.monotonic()
