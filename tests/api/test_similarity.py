"""Similar submissions, as recruiters are told of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from api.comparisons import Comparisons
from api.problems import ApiProblem
from mendbox.bench.disguises import DISGUISES, disguised, rewritten
from runner.packages.loader import load_package
from runner.submissions.model import Submission
from store.records import NewToken, Origin, Role, SourceKind
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, OTHER, SLUG

PAIRS = f"/api/v1/challenges/{SLUG}/similarity"
#: Somebody's work, as different people would have written it.
WORK = {
    "app.py": b"""
from flask import Flask, jsonify, request

def create_app():
    app = Flask(__name__)
    known = {}

    @app.get("/")
    def greet():
        name = request.args.get("name", "world")
        known[name] = known.get(name, 0) + 1
        greetings = [word for word in ("Hello", "Welcome back") if len(word) > known[name]]
        return jsonify(greeting=greetings[0], times={who: count for who, count in known.items() if count > 1})

    @app.post("/names")
    def add_names():
        for name in request.get_json()["names"]:
            if name not in known and not name.startswith("_"):
                known[name] = 0
        return jsonify(names=sorted(known, key=lambda who: (-known[who], who))), 201

    return app
"""
}


def work(seed: int) -> dict[str, bytes]:
    return disguised(WORK, rewritten, seed)


def add(platform: Platform, files: dict[str, bytes], candidate: str | None, challenge: str = SLUG) -> str:
    """Store a submission of a candidate of this name, or of nobody; gives its id."""
    token = None
    if candidate is not None:
        token = platform.store.tokens.create(NewToken(candidate, Role.CANDIDATE, (challenge,), candidate)).record.id
    origin = Origin(challenge, "sha256:c", SourceKind.ARCHIVE, token)
    return platform.store.submissions.add(Submission(files), origin)[0].id


def pairs(platform: Platform, query: str = "") -> dict[str, Any]:
    answer = platform.get(PAIRS + query, Role.RECRUITER)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_a_disguised_copy_is_the_one_pair_that_is_listed(platform: Platform) -> None:
    ada, _, _ = (add(platform, work(seed), name) for seed, name in ((1, "Ada"), (2, "Bob"), (3, "Cid")))
    eve = add(platform, disguised(work(1), DISGUISES["renamed variables"], 1), "Eve")
    add(platform, work(1), "Dan", challenge=OTHER)

    told = pairs(platform)

    assert (told["submissions"], told["owners"], told["next"]) == (4, 4, None)
    assert [{pair["a"], pair["b"]} for pair in told["pairs"]] == [{ada, eve}]
    figures = told["pairs"][0]["figures"]
    assert 0.9 < figures["score"] <= 1
    assert figures["shared"] <= min(figures["own_a"], figures["own_b"])


def test_the_figures_are_of_a_and_b_as_they_are_named(platform: Platform) -> None:
    """Ids are random: of so many pairs some are named the other way round than they were found."""
    larger = set()
    for seed in range(8):
        add(platform, work(seed), f"Ada {seed}")
        files = {"app.py": work(seed)["app.py"] + work(seed + 100)["app.py"]}
        larger.add(add(platform, files, f"Eve {seed}"))

    found = pairs(platform)["pairs"]

    assert len(found) == 8
    for pair in found:
        more, less = ("a", "b") if pair["a"] in larger else ("b", "a")
        figures = pair["figures"]
        assert figures[f"own_{more}"] > figures[f"own_{less}"]
        assert figures[f"{less}_in_{more}"] == figures["score"] > figures[f"{more}_in_{less}"]


def test_a_candidates_own_attempts_are_no_pair(platform: Platform) -> None:
    for seed in (1, 1, 2):
        add(platform, work(seed), "Ada")

    assert pairs(platform)["pairs"] == []


def test_pairs_come_in_parts(platform: Platform) -> None:
    for seed in (1, 2, 3):
        for name in ("Ada", "Eve"):
            add(platform, disguised(work(seed), DISGUISES["moved functions"], len(name)), f"{name} {seed}")
    first = pairs(platform, "?limit=2")
    second = pairs(platform, f"?limit=2&after={first['next']}")

    assert (len(first["pairs"]), len(second["pairs"]), second["next"]) == (2, 1, None)
    assert pairs(platform, "?at_least=1")["pairs"] == pairs(platform)["pairs"]


@pytest.mark.parametrize("query", ["?at_least=0.1", "?at_least=2", "?limit=0", "?after=x", "?unknown=1"])
def test_a_query_that_is_none_is_refused(platform: Platform, query: str) -> None:
    assert platform.get(PAIRS + query, Role.RECRUITER).status_code == 422


def test_the_lines_that_two_share_are_named(platform: Platform) -> None:
    ada = add(platform, work(1), "Ada")
    eve = add(platform, {"app.py": b"\n" * 40 + work(1)["app.py"]}, "Eve")
    add(platform, work(2), "Bob")

    answer = platform.get(f"/api/v1/submissions/{ada}/similar", Role.RECRUITER).get_json()

    first, second = answer["similar"]
    assert (first["id"], first["named"], second["named"]) == (eve, True, False)
    lines = len(work(1)["app.py"].splitlines())
    largest = first["matches"][0]
    assert (largest["path"], largest["other_path"]) == ("app.py", "app.py")
    assert largest["last"] - largest["first"] > lines * 0.5
    assert (largest["other_first"], largest["other_last"]) == (largest["first"] + 40, largest["last"] + 40)


def test_what_is_too_small_gets_no_figure(platform: Platform) -> None:
    small = add(platform, {"app.py": b"x = 1\n"}, "Ada")
    add(platform, {"app.py": b"x = 1\n"}, "Eve")

    answer = platform.get(f"/api/v1/submissions/{small}/similar").get_json()

    assert (answer["comparable"], answer["similar"]) == (False, [])
    assert answer["own"] < answer["least_own"]


def test_a_new_submission_is_in_the_next_answer(platform: Platform) -> None:
    add(platform, work(1), "Ada")
    assert pairs(platform)["submissions"] == 1
    eve = add(platform, work(1), "Eve")

    assert pairs(platform)["submissions"] == 2
    assert platform.get(f"/api/v1/submissions/{eve}/similar").status_code == 200


def test_no_such_submission_or_challenge_is_404(platform: Platform) -> None:
    assert platform.get(f"/api/v1/submissions/{'0' * 32}/similar").status_code == 404
    assert platform.get("/api/v1/challenges/nothing/similarity").status_code == 404


def test_reading_is_audited(platform: Platform) -> None:
    ada = add(platform, work(1), "Ada")
    pairs(platform)
    platform.get(f"/api/v1/submissions/{ada}/similar")

    deeds = [record.deed for record in platform.store.audit.page().items if record.deed.action == "similarity.read"]
    assert [(deed.object_kind, deed.object_id) for deed in deeds] == [("submission", ada), ("challenge", SLUG)]


def test_nobody_is_named_and_no_code_is_shown(platform: Platform) -> None:
    ada = add(platform, {"app.py": work(1)["app.py"] + f"# {ASSESSORS_ONLY}\n".encode()}, ASSESSORS_ONLY)
    add(platform, work(1), "Eve")

    told = platform.get(PAIRS).text + platform.get(f"/api/v1/submissions/{ada}/similar").text

    assert ada in told
    assert ASSESSORS_ONLY not in told


def test_a_comparison_that_takes_long_says_come_again_and_goes_on_meanwhile(platform: Platform) -> None:
    for seed, name in ((1, "Ada"), (1, "Eve"), (2, "Bob")):
        add(platform, work(seed), name)
    package = load_package(platform.settings.challenges / SLUG)
    go_on = threading.Event()
    comparisons = Comparisons(platform.store.comparison, wait_s=0.05, rest=lambda _: None)
    contents = platform.store.comparison.contents

    def slow(ids: Any) -> Any:
        go_on.wait()
        yield from contents(ids)

    comparisons._records.contents = slow  # type: ignore[method-assign]
    with pytest.raises(ApiProblem) as refused:
        comparisons.of(package)
    assert refused.value.name == "comparison-not-ready"
    with platform.app.app_context():
        assert refused.value.response().headers["Retry-After"] == "10"

    go_on.set()
    comparisons._wait_s = 60.0
    first = comparisons.of(package)

    assert len(first.pairs) == 1
    assert comparisons.of(package) is first


def test_a_submission_is_read_once(platform: Platform) -> None:
    package = load_package(platform.settings.challenges / SLUG)
    comparisons = Comparisons(platform.store.comparison, wait_s=60.0)
    asked: list[list[str]] = []
    contents = platform.store.comparison.contents

    def noted(ids: Any) -> Any:
        asked.append(list(ids))
        return contents(ids)

    comparisons._records.contents = noted  # type: ignore[method-assign]
    ids = [add(platform, work(1), "Ada")]
    comparisons.of(package)
    comparisons.of(package)
    ids += [add(platform, work(2), "Bob"), add(platform, work(1), "Eve")]
    comparisons.of(package)

    assert asked == [[ids[0]], [ids[1]]]
