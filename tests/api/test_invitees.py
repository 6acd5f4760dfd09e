"""Lists of people, as spreadsheets export them and hands write them."""

from __future__ import annotations

import csv

import pytest

from api.invitees import MOST_PEOPLE, BadList, Invitee, links_csv, read_people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ada\nGrace\n", [Invitee("Ada"), Invitee("Grace")]),
        ("name,reference,extra minutes\nAda,A-1,30\n", [Invitee("Ada", "A-1", 30)]),
        ("Name;Reference\r\nAda;A-1\r\n\r\nGrace;\r\n", [Invitee("Ada", "A-1"), Invitee("Grace")]),
        ("Ada\tA-1\t15", [Invitee("Ada", "A-1", 15)]),
        ('"Lovelace, Ada",A-1', [Invitee("Lovelace, Ada", "A-1")]),
        ("\ufeffname\nAda\n", [Invitee("Ada")]),
        (" Ada , A-1 ,, \n", [Invitee("Ada", "A-1")]),
        ("Ada, ada@example.org", [Invitee("Ada", email="ada@example.org")]),
        ("Ada, A-1, ada@example.org", [Invitee("Ada", "A-1", email="ada@example.org")]),
        ("Ada, ada@example.org, 30", [Invitee("Ada", None, 30, "ada@example.org")]),
        ("Ada,A-1,30,ada@example.org", [Invitee("Ada", "A-1", 30, "ada@example.org")]),
        ("Ada,ada@example.org,A-1,30", [Invitee("Ada", "A-1", 30, "ada@example.org")]),
        ("ada@example.org", [Invitee("ada@example.org")]),
        ("E-Mail;Name\nada@example.org;Ada\n;Grace\n", [Invitee("Ada", email="ada@example.org"), Invitee("Grace")]),
        ("name,mail,,extra minutes\nAda,a@b.example,,30\n", [Invitee("Ada", None, 30, "a@b.example")]),
        # What has a heading of its own may have an @.
        ("name,reference\nAda,team@home\n", [Invitee("Ada", "team@home")]),
        # Only the first line is a heading.
        ("Ada\nName\n", [Invitee("Ada"), Invitee("Name")]),
    ],
)
def test_a_list_is_read(text: str, people: list[Invitee]) -> None:
    assert read_people(text) == people


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "Write a name at least."),
        ("name,reference\n", "Write a name at least."),
        ("Ada\n,A-2\n", "Line 2: the name is missing."),
        ("Ada,A-1,soon\n", "Line 1: extra minutes must be a number from 0 to 1440."),
        ("Ada,A-1,1441\n", "Line 1: extra minutes must be a number from 0 to 1440."),
        ("Ada,A-1,30,more\n", "Line 1: it has more than name, reference, extra minutes and a mail address."),
        (
            "Ada,A-1,30,a@b.example,more\n",
            "Line 1: it has more than name, reference, extra minutes and a mail address.",
        ),
        ("Ada,a@b\n", "Line 1: the mail address must be one, as ada@example.org."),
        ("Ada,a@b.example,c@d.example\n", "Line 1: it has two mail addresses."),
        ('Ada,"a@b.example, c@d.example"\n', "Line 1: the mail address must be one"),
        ("name,mail\nAda,nobody\n", "Line 2: the mail address must be one"),
        ("name,phone\nAda,1\n", "Line 1: no column is called 'phone'; name, reference, extra minutes, mail are."),
        ("name,mail,email\nAda\n", "Line 1: two columns have the same heading."),
        ("name,mail\nAda,a@b.example,x\n", "Line 2: it has more cells than the heading."),
        ("name,,mail\nAda,x,a@b.example\n", "Line 2: it has something in a column without a heading."),
        ("A\u202eda\n", "Line 1: the name must be at most 200 characters, without control characters."),
        (f"Ada,{'x' * 201}\n", "Line 1: the reference must be at most 200 characters, without control characters."),
        ('"Ada\n', "Line 1: unexpected end of data."),
        ("x\n" * (MOST_PEOPLE + 1), f"There are {MOST_PEOPLE + 1} people, and a list may have {MOST_PEOPLE}."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, wrong: str) -> None:
    with pytest.raises(BadList) as caught:
        read_people(text)
    assert caught.value.wrong[0].startswith(wrong)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadList) as caught:
        read_people("Ada\n,A-2\nGrace,A-3,x\n")
    assert [line[:7] for line in caught.value.wrong] == ["Line 2:", "Line 3:"]


def test_no_spreadsheet_finds_a_formula() -> None:
    written = links_csv([('=HYPERLINK("x")', "+1", "https://x/start#mbx_a"), ('Ada "A", L', "", "y")])
    rows = list(csv.reader(written.splitlines()))
    assert rows[0] == ["name", "reference", "link"]
    assert rows[1] == ['\'=HYPERLINK("x")', "'+1", "https://x/start#mbx_a"]
    assert rows[2] == ['Ada "A", L', "", "y"]
