"""The checklist of docs/asvs.md: complete, current, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

from api.browsers import KNOWN_S
from docs.asvs import CHAPTERS, HOLDS, NOT_OURS, STATES, checklist, requirements
from docs.build import block
from store.codes import LIFE
from store.passwords import LEAST, MOST
from store.settings import Settings
from tests.docs.pages import ROOT

#: ASVS 5.0.0: for each section the levels of its requirements, in their order.
LEVELS_BY_SECTION = {
    "V1.1": "22",
    "V1.2": "1111122223",
    "V1.3": "112222222223",
    "V1.4": "222",
    "V1.5": "123",
    "V2.1": "122",
    "V2.2": "112",
    "V2.3": "12223",
    "V2.4": "23",
    "V3.1": "3",
    "V3.2": "113",
    "V3.3": "12223",
    "V3.4": "11222233",
    "V3.5": "11122333",
    "V3.6": "3",
    "V3.7": "22333",
    "V4.1": "12233",
    "V4.2": "23333",
    "V4.3": "22",
    "V4.4": "1222",
    "V5.1": "2",
    "V5.2": "112333",
    "V5.3": "113",
    "V5.4": "222",
    "V6.1": "122",
    "V6.2": "111111112222",
    "V6.3": "11223333",
    "V6.4": "112233",
    "V6.5": "22222333",
    "V6.6": "2223",
    "V6.7": "33",
    "V6.8": "2222",
    "V7.1": "222",
    "V7.2": "1111",
    "V7.3": "22",
    "V7.4": "11222",
    "V7.5": "223",
    "V7.6": "22",
    "V8.1": "1233",
    "V8.2": "1123",
    "V8.3": "133",
    "V8.4": "23",
    "V9.1": "111",
    "V9.2": "1222",
    "V10.1": "22",
    "V10.2": "223",
    "V10.3": "22223",
    "V10.4": "1111122222233333",
    "V10.5": "22222",
    "V10.6": "22",
    "V10.7": "222",
    "V11.1": "2233",
    "V11.2": "22233",
    "V11.3": "11233",
    "V11.4": "1222",
    "V11.5": "23",
    "V11.6": "23",
    "V11.7": "33",
    "V12.1": "12233",
    "V12.2": "11",
    "V12.3": "22223",
    "V13.1": "2333",
    "V13.2": "222223",
    "V13.3": "2233",
    "V13.4": "1222233",
    "V14.1": "22",
    "V14.2": "12223333",
    "V14.3": "122",
    "V15.1": "12233",
    "V15.2": "12233",
    "V15.3": "1222222",
    "V15.4": "3333",
    "V16.1": "2",
    "V16.2": "22222",
    "V16.3": "2222",
    "V16.4": "222",
    "V16.5": "2223",
    "V17.1": "23",
    "V17.2": "22223333",
    "V17.3": "22",
}
EXPECTED = {
    f"{section}.{place}": int(level)
    for section, levels in LEVELS_BY_SECTION.items()
    for place, level in enumerate(levels, 1)
    if level != "3"
}
LISTED = requirements()


def names_of_tests(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def test_the_checklist_is_current() -> None:
    page = (ROOT / "docs" / "asvs.md").read_text()
    assert block(page, "asvs") == checklist(LISTED), "run: python -m docs.build asvs"


def test_every_requirement_of_levels_1_and_2_is_there_once_and_in_order() -> None:
    # As many as version 5.0.0 has.
    assert [list(EXPECTED.values()).count(level) for level in (1, 2)] == [70, 183]
    assert [(each.number, each.level) for each in LISTED] == list(EXPECTED.items())
    assert {each.chapter for each in LISTED} == set(CHAPTERS)


def test_every_requirement_says_what_it_asks_and_how_it_stands() -> None:
    for each in LISTED:
        assert each.asks, each.number
        assert each.state in STATES, each.number
        assert "|" not in each.asks + each.note, each.number


def test_what_holds_is_shown_by_tests_and_what_does_not_says_why() -> None:
    assert [each.number for each in LISTED if each.state == HOLDS and not each.tests] == []
    assert [each.number for each in LISTED if each.state != HOLDS and not each.note] == []
    # A test of something that is not there would show nothing.
    assert [each.number for each in LISTED if each.state == NOT_OURS and each.tests] == []


def test_every_test_that_is_named_is_there() -> None:
    known = {
        path: names_of_tests(ROOT / path)
        for path in {name.partition("::")[0] for each in LISTED for name in each.tests}
    }
    for each in LISTED:
        for name in each.tests:
            path, _, function = name.partition("::")
            assert function.startswith("test_"), (each.number, name)
            assert function in known[path], (each.number, name)


def test_how_soon_a_hole_is_mended_is_said() -> None:
    supply = (ROOT / "docs" / "supply-chain.md").read_text()
    assert [line.count("|") for line in supply.splitlines() if line.endswith(" days |")] == [3, 3]
    assert "uv lock --upgrade" in supply
    policy = (ROOT / "SECURITY.md").read_text()
    for heading in ("How to report", "What you will hear, and when", "Safe harbour", "How advisories are published"):
        assert f"## {heading}\n" in policy


OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def part(page: str, title: str) -> str:
    """A page from this title to the next of any level."""
    return re.split(r"^#+ ", page.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def test_what_is_done_against_guessing_is_said_with_its_settings() -> None:
    said = part(OPERATIONS, "Against guessing")
    for name in Settings.model_fields:
        if name.startswith("sign_ins_") or name in ("anonymous_per_minute", "breached_passwords"):
            assert f"`MENDBOX_{name.upper()}`" in said, name
    assert "locking somebody out" in said
    assert f"within {KNOWN_S // 86400} days" in said


def test_words_that_no_password_may_hold_are_said() -> None:
    said = part(OPERATIONS, "People who sign in")
    assert f"{LEAST} to {MOST} characters" in said
    for word in ("the account's name", "`mendbox`", "`MENDBOX_PASSWORD_WORDS`", "`store/guesses.py`"):
        assert word in said
    assert "`MENDBOX_BREACHED_PASSWORDS`" in said
    assert f"for {LIFE // timedelta(hours=1)} hours" in said


def test_every_way_to_sign_in_is_said_with_how_strong_it_is() -> None:
    said = part(OPERATIONS, "Ways to sign in")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in said.splitlines() if line.startswith("| ")][1:]
    assert [row[1] for row in rows] == [
        "a token, `mbx_…`",
        "a token",
        "account, password and a code of the second factor",
        "a code, and the second factor if there is one",
        "a recovery code in the place of a code",
    ]
    assert all(row[2] and row[3] for row in rows)
    assert "no other way in" in said
    assert "`MENDBOX_SESSIONS_PER_USER`" in said


def test_how_each_key_is_kept_and_changed_is_said() -> None:
    table = (ROOT / "docs" / "inventories.md").read_text().split("NIST SP 800-57:", 1)[1].split("<!--")[0]
    head, _, *rows = [line for line in table.splitlines() if line.startswith("|")]
    assert head == "| key | made | kept | changed | how | ended |"
    keys = [row.split("|")[1].strip() for row in rows]
    assert keys == ["secret key", "secret of webhooks", "TLS key", "passwords of PostgreSQL and queue server"]
    assert all(all(cell.strip() for cell in row.split("|")[1:-1]) for row in rows)
