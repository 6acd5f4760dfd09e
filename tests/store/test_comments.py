"""Comments on lines: kept by submission, and changed by their authors alone."""

from __future__ import annotations

import pytest

from store import comments
from store.errors import Conflict, NotFound
from store.records import NewToken, Origin, Role, SourceKind
from store.reviewed import Place, Side
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE

LINE = Place("app.py", Side.AFTER, 3)


def _sent(store: Store) -> tuple[str, str]:
    token = store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",))).record.id
    origin = Origin("late-fees", "sha256:c", SourceKind.ARCHIVE, token)
    return token, store.submissions.add(CHANGE, origin)[0].id


def test_they_are_read_by_submission_and_by_candidate(store: Store, clock: Clock) -> None:
    (ada, first), (_, other) = _sent(store), _sent(store)
    made = [store.comments.add(each, LINE, "x\0y", author="rita") for each in (first, other)]
    (found,) = store.comments.of_candidate(ada)
    assert (found.id, found.place, found.text, found.at) == (made[0], LINE, "x\ufffdy", clock.now)
    assert store.comments.of(first) == [found]
    assert [each.id for each in store.comments.of(other)] == made[1:]


def test_only_its_author_changes_one_and_what_is_taken_back_is_gone(store: Store) -> None:
    _, sent = _sent(store)
    made = store.comments.add(sent, LINE, "x", author="rita")
    for change in (
        lambda: store.comments.edit(sent, made, "y", author="sam"),
        lambda: store.comments.delete(sent, made, author="sam"),
        lambda: store.comments.edit("0" * 32, made, "y", author="rita"),
    ):
        with pytest.raises(NotFound):
            change()
    store.comments.edit(sent, made, "y", author="rita")
    (found,) = store.comments.of(sent)
    assert (found.text, found.changed_at is not None) == ("y", True)
    store.comments.delete(sent, made, author="rita")
    assert store.comments.of(sent) == []
    with pytest.raises(NotFound):
        store.comments.edit(sent, made, "z", author="rita")


def test_there_is_an_end_to_one_authors_and_no_comment_on_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "MOST_COMMENTS", 1)
    _, sent = _sent(store)
    made = store.comments.add(sent, LINE, "x", author="rita")
    with pytest.raises(Conflict):
        store.comments.add(sent, LINE, "x", author="rita")
    store.comments.add(sent, LINE, "x", author="sam")
    store.comments.delete(sent, made, author="rita")
    store.comments.add(sent, LINE, "x", author="rita")
    with pytest.raises(NotFound):
        store.comments.add("0" * 32, LINE, "x", author="rita")
