"""How long it takes to compare all submissions to one challenge, and whether copies among them are found.

    python -m mendbox.bench.similarity --submissions 10000

The submissions are made from the challenge's reference fixes: each a fix as another would have written it, by seeded
changes of its syntax tree, and one in a hundred a disguised copy of the one before. The fixes are left out of the
common ground here, so that what all submissions took from them is there to be compared: the dearest case. One process,
one core; what is timed begins with the submissions' files and ends with the list of pairs.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from pathlib import Path

from mendbox.bench.disguises import DISGUISES, Files, disguised, rewritten
from runner.integrity.corpus import Corpus, Entry
from runner.integrity.winnowing import fingerprints
from runner.packages.finder import find_challenge
from runner.packages.loader import load_package

#: One in so many is a copy.
COPIED = 100


def synthetic(fixes: list[Files], number: int, seed: int) -> dict[str, bytes]:
    """Submission `number` of a made-up challenge's many."""
    chance = random.Random(f"{seed} {number}")
    if number % COPIED == COPIED - 1:
        change = list(DISGUISES.values())[(number // COPIED) % len(DISGUISES)]
        return disguised(synthetic(fixes, number - 1, seed), change, chance.randrange(2**31))
    return disguised(fixes[number % len(fixes)], rewritten, chance.randrange(2**31))


def main() -> int:
    """Make, compare, say how it went."""
    parser = argparse.ArgumentParser(description="time the comparison of all submissions to a challenge")
    parser.add_argument("--challenge", default="rate-limiter")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    package = load_package(find_challenge(options.challenge, Path("challenges")))
    fixes = [package.fixes[name] for name in sorted(package.fixes)]
    sent = [synthetic(fixes, number, options.seed) for number in range(options.submissions)]
    before_mb = _peak_mb()

    started = time.process_time()
    ground = fingerprints(package.starter)
    entries = [Entry.of(f"{n:05}", f"{n:05}", fingerprints(files) - ground) for n, files in enumerate(sent)]
    read_s = time.process_time() - started
    corpus = Corpus(entries)
    pairs = corpus.pairs()
    total_s = time.process_time() - started

    named = {tuple(sorted((int(pair.a.id), int(pair.b.id)))) for pair in pairs}
    copies = {(n - 1, n) for n in range(COPIED - 1, options.submissions, COPIED)}
    told = {
        "challenge": package.slug,
        "submissions": len(sent),
        "bytes_of_one": sum(len(data) for files in sent for data in files.values()) // len(sent),
        "fingerprints_of_one": sum(len(entry.prints) for entry in entries) // len(entries),
        "ignored_as_common": len(corpus.common),
        "fingerprints_s": round(read_s, 2),
        "pairs_s": round(total_s - read_s, 2),
        "total_s": round(total_s, 2),
        "memory_mb": round(_peak_mb() - before_mb),
        "copies": len(copies),
        "copies_named": len(copies & named),
        "others_named": len(named - copies),
    }
    sys.stdout.write(json.dumps(told, indent=2) + "\n")
    return 0


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
