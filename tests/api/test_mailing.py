"""Mail: what is written, and handing it in to a server that speaks SMTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from api.mailing.messages import Mail, Occasion, code_mail, invitation_mail, reminder_mail, written
from api.mailing.sending import Mailer, MailFailed, Patience
from store.mail import Sender, mail_server
from tests.docs.pages import ROOT
from tests.support.certificates import Authority
from tests.support.mail import PASSWORD, USER, MailServer, slow_server

FROM = Sender("Mendbox", "no-reply@hiring.example")
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TEXT = "mbx_" + "t" * 43
LINK = f"https://mendbox.example/start#{TEXT}"
BACKEND = Occasion("Backend developer", 90, None, AT)
MAIL = Mail("ada@example.org", "Hello", "Text.\n.\n.a line with a dot, ä\n")


def _mailer(port: int, query: str = "?tls=none", scheme: str = "smtp", user: str = "", **patience: float) -> Mailer:
    url = f"{scheme}://{user}127.0.0.1:{port}{query}"
    return Mailer(mail_server(url), FROM, Patience(**patience) if patience else None)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_an_invitation_says_what_it_is_to_and_has_the_link() -> None:
    mail = invitation_mail("ada@example.org", "Ada", BACKEND, LINK)
    assert (mail.to, mail.subject) == ("ada@example.org", "Your invitation: Backend developer")
    assert f"\n\n{LINK}\n\n" in mail.text
    assert "until 2026-05-04 09:30 UTC" in mail.text
    assert "opens" not in mail.text
    assert TEXT not in repr(mail)


def test_a_reminder_has_no_link() -> None:
    mail = reminder_mail("ada@example.org", "Ada", Occasion("Backend developer", 90, AT, None))
    assert "opens on 2026-05-04 09:30 UTC" in mail.text
    assert "http" not in mail.text


def test_a_code_says_where_it_goes() -> None:
    mail = code_mail("ada@example.org", "c" * 43, "https://mendbox.example/password", AT)
    assert "https://mendbox.example/password" in mail.text
    assert f"Code:  {'c' * 43}\n" in mail.text
    assert "c" * 43 not in repr(mail)


def test_what_is_written_can_be_read_again() -> None:
    message = written(invitation_mail("ada@example.org", "Ädä <b>", BACKEND, LINK), FROM, AT, "id-1")
    assert message["From"] == "Mendbox <no-reply@hiring.example>"
    assert message["To"] == "ada@example.org"
    assert message["Message-ID"] == "<id-1@hiring.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert message.get_content_type() == "text/plain"
    assert LINK in message.get_content()
    assert "Hello Ädä <b>," in message.get_content()
    assert message.as_bytes().isascii()
    assert all(len(line) <= 80 for line in message.as_bytes().splitlines())


@pytest.mark.parametrize(
    "hostile", ["x\r\nBcc: eve@evil.example", "x\nSubject: y", "x\u2028Bcc: e@evil.example", "x\0y"]
)
def test_no_name_or_title_becomes_a_header(hostile: str) -> None:
    mail = invitation_mail("ada@example.org", hostile, Occasion(hostile, 90, None, None), LINK)
    message = written(mail, FROM, AT, "id-1")
    assert "Bcc" not in message
    assert message.get_all("Subject") == [mail.subject]
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head
    assert head.count(b"\nSubject:") == 1


def test_a_long_title_is_cut() -> None:
    assert len(reminder_mail("a@b.example", "A", Occasion("x" * 500, 1, None, None)).subject) == 120


@pytest.mark.parametrize(
    "to", ["", "ada", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b.example>"]
)
def test_what_is_no_address_is_no_recipient(server: MailServer, to: str) -> None:
    with pytest.raises(ValueError):
        written(Mail(to, "x", "y"), FROM, AT, "id-1")
    assert _mailer(server.port).send([Mail(to, "x", "y"), MAIL]) == ["this is no mail address", ""]
    assert [each.recipients for each in server.taken] == [["ada@example.org"]]


def test_all_are_handed_in_as_they_were_written(server: MailServer) -> None:
    others = [Mail(f"a{number}@example.org", "x", "y\n") for number in range(30)]
    assert _mailer(server.port).send([MAIL, *others]) == [""] * 31
    first, *more = server.taken
    assert (first.sender, first.recipients, first.secured) == (FROM.address, ["ada@example.org"], False)
    assert first.text == MAIL.text
    assert [each.recipients for each in more] == [[mail.to] for mail in others]
    assert len({each.message["Message-ID"] for each in server.taken}) == 31


def test_nothing_is_handed_in_without_a_connection_for_it() -> None:
    assert _mailer(1).send([]) == []


def test_one_that_is_refused_keeps_nobody_else_from_theirs(server: MailServer) -> None:
    server.refuse("grace@example.org")
    reasons = _mailer(server.port).send([MAIL, Mail("grace@example.org", "x", TEXT), MAIL])
    assert reasons == ["", "the mail server refused the address: 550 no such mailbox …", ""]
    assert len(server.taken) == 2


def test_a_server_that_takes_a_few_at_a_time_is_asked_again(server: MailServer) -> None:
    server.hang_up_after(2)
    reasons = _mailer(server.port).send([Mail(f"a{number}@example.org", "x", "y") for number in range(5)])
    # Whether the last of a connection was taken it did not say, so that one is not sent twice.
    assert reasons == ["", "the connection was lost: it may have been sent"] * 2 + [""]
    assert [each.recipients for each in server.taken] == [[f"a{number}@example.org"] for number in range(5)]


@pytest.mark.parametrize(("tls", "scheme"), [("at once", "smtps"), ("starttls", "smtp")])
def test_over_tls_with_a_user(authority: Authority, tls: str, scheme: str) -> None:
    own = authority.sign("127.0.0.1", "IP:127.0.0.1")
    query = f"?ca={authority.own.certificate}"
    user = f"{USER}:{quote(PASSWORD, safe='')}@"
    with MailServer(own, tls=tls, auth=True) as server:
        assert _mailer(server.port, query, scheme, user).send([MAIL]) == [""]
        _mailer(server.port, query, scheme, user).check()
        assert [each.secured for each in server.taken] == [True]
        (reason,) = _mailer(server.port, query, scheme, f"{USER}:wrong@").send([MAIL])
        assert reason.startswith("the mail server takes neither user nor password of MENDBOX_SMTP_URL: 535")
        with pytest.raises(MailFailed, match="certificate is not good"):
            _mailer(server.port, "", scheme, user).check()
    with MailServer(authority.sign("elsewhere", "DNS:mail.example"), tls=tls) as server:
        (reason,) = _mailer(server.port, query, scheme, user).send([MAIL])
        assert reason.startswith("the mail server's certificate is not good: ")
        assert server.taken == []


def test_nothing_is_said_in_plain_text_to_a_server_without_tls(server: MailServer) -> None:
    user = f"{USER}:{quote(PASSWORD, safe='')}@"
    asks = "the mail server can't do what MENDBOX_SMTP_URL asks for: TLS, or signing in"
    assert _mailer(server.port, "", user=user).send([MAIL]) == [asks]
    assert _mailer(server.port, "", "smtps").send([MAIL]) == ["the mail server does not speak TLS as asked"]
    assert server.taken == []


def test_an_authority_that_is_not_there_is_told(tmp_path: Path, server: MailServer) -> None:
    for scheme in ("smtp", "smtps"):
        with pytest.raises(MailFailed, match="ca= can't be read"):
            _mailer(server.port, f"?ca={tmp_path}/none.pem", scheme).check()


def test_handing_in_connects_to_what_is_on_the_list_and_looks_nothing_else_up(server: MailServer) -> None:
    url = f"smtp://127.0.0.1:{server.port}?tls=none"
    code = (
        "import sys\n"
        "from api.mailing.messages import Mail\n"
        "from api.mailing.sending import Mailer\n"
        "from store.mail import mail_server, sender\n"
        "from store.outbound import Outbound, hold_to, mail_places\n"
        "hold_to(Outbound(mail_places(sys.argv[1])))\n"
        "print(Mailer(mail_server(sys.argv[1]), sender('a@b.example')).send([Mail('c@d.example', 'x', 'y')]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "['']" in done.stdout, done.stderr


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    assert _mailer(port).send([MAIL, MAIL]) == ["the mail server can't be reached: Connection refused"] * 2


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_says_nothing_is_waited_for_no_longer_than_a_step(scheme: str) -> None:
    began = time.monotonic()
    with slow_server(b"") as port:
        query = "?tls=none" if scheme == "smtp" else ""
        assert _mailer(port, query, scheme, total_s=10, step_s=0.3).send([MAIL]) == ["the mail server does not answer"]
    assert time.monotonic() - began < 3


def test_a_server_that_speaks_slowly_is_waited_for_no_longer_than_all_may_take() -> None:
    began = time.monotonic()
    with slow_server(b"220 " + b"x" * 500, every_s=0.05) as port:
        reasons = _mailer(port, total_s=0.6, step_s=5).send([MAIL, MAIL])
    assert reasons == ["the mail server took too long"] * 2
    assert time.monotonic() - began < 3


def test_a_server_that_hangs_within_a_mail_is_told_so() -> None:
    with slow_server(b"220 x\r\n250 x\r\n250 x\r\n250 x\r\n") as port:
        reasons = _mailer(port, total_s=10, step_s=0.3).send([MAIL, MAIL])
    assert reasons == ["the connection was lost: it may have been sent"] * 2


def test_a_server_that_wants_nobody_is_quoted() -> None:
    with slow_server(b"554 go\x1b away\r\n") as port:
        assert _mailer(port).send([MAIL]) == ["the mail server refused: 554 go away"]
