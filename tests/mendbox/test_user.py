"""`mendbox user`: passwords come from a terminal or standard input, and are shown nowhere."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import threading

import pyotp
import pytest

from store.identities import Proven
from store.records import Role, UserRecord
from store.store import Store
from tests.mendbox.cli import PATIENCE_S, Cli
from tests.support.mail import MailServer

PASSWORD = "correct horse battery staple"
OTHER = "another long password entirely"


def _typed(mendbox: Cli, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        mendbox._command(arguments),
        cwd=mendbox.folder,
        env=dict(mendbox.environ),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def _store(mendbox: Cli) -> Store:
    return Store.open(f"sqlite:///{mendbox.environ['MENDBOX_HOME']}/mendbox.db")


def test_an_account_is_made_listed_changed_and_closed(mendbox: Cli) -> None:
    made = json.loads(
        _typed(mendbox, f"{PASSWORD}\n", "user", "add", "Ada@x.org", "--role", "recruiter", "--json").stdout
    )
    assert (made["account"], made["role"], made["disabled_at"]) == ("ada@x.org", "recruiter", None)
    listed = mendbox("user", "list", "--json").json
    assert listed == {"users": [made]}
    assert "ada@x.org" in mendbox("user", "list").out
    with _store(mendbox) as store:
        assert store.users.authenticate("ada@x.org", PASSWORD)[0] is not None
        closed = mendbox("user", "disable", "ada@x.org", "--json").json
        assert closed["disabled_at"]
        assert store.users.authenticate("ada@x.org", PASSWORD)[0] is None
        assert _typed(mendbox, OTHER, "user", "password", "ada@x.org").returncode == 0
        assert store.users.authenticate("ada@x.org", OTHER)[0] is None
        assert mendbox("user", "enable", "ada@x.org", "--json").json["disabled_at"] is None
        found, _ = store.users.authenticate("ada@x.org", OTHER)
        assert found is not None
        assert found.role is Role.RECRUITER
        actors = {record.deed.actor for record in store.audit.page().items}
        assert actors == {"command line"}


def test_a_second_factor_is_taken_away_on_the_command_line(mendbox: Cli) -> None:
    key = (b"k" * 32,)
    _typed(mendbox, f"{PASSWORD}\n", "user", "add", "ada", "--role", "admin")
    with _store(mendbox) as store:
        ada = store.users.named("ada")
        code = pyotp.TOTP(store.factors.begin(ada, key).secret).now()
        assert store.factors.confirm(ada, code, key) is not None
    (listed,) = mendbox("user", "list", "--json").json["users"]
    assert listed["second_factor_since"]
    assert "yes" in mendbox("user", "list").out

    removed = mendbox("user", "reset-factor", "ada", "--json").json

    assert removed["second_factor_since"] is None
    with _store(mendbox) as store:
        assert store.users.named("ada").second_factor_since is None
        assert store.audit.page().items[0].deed.action == "user.factor_remove"
    assert "no second factor" in mendbox("user", "reset-factor", "ada").out


def test_a_link_to_a_provider_is_taken_away(mendbox: Cli) -> None:
    assert _typed(mendbox, f"{PASSWORD}\n", "user", "add", "ada@example.org", "--role", "admin").returncode == 0
    with _store(mendbox) as store:
        user = store.identities.arrive(Proven("https://id.example", "1", "ada@example.org"))
        assert isinstance(user, UserRecord)
    assert "is not linked any more" in mendbox("user", "unlink", "ada@example.org").out
    with _store(mendbox) as store:
        assert store.identities.of(user.id) == ()
        assert store.audit.page().items[0].deed.action == "user.unlink"


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(mendbox: Cli) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        mendbox._command(("user", "add", "ada", "--role", "admin")),
        cwd=mendbox.folder,
        env={**mendbox.environ, "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        # Without a terminal of its own it would ask on that of whoever runs the tests.
        start_new_session=True,
    )
    os.close(theirs)
    patience = threading.Timer(PATIENCE_S, process.kill)
    patience.start()
    shown, answered = b"", 0
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not more:
            break
        shown += more
        asked = shown.count(b"password:") + shown.count(b"confirmation:")
        while answered < min(asked, 2):
            os.write(ours, PASSWORD.encode() + b"\n")
            answered += 1
    os.close(ours)
    patience.cancel()

    assert process.wait(PATIENCE_S) == 0, shown
    assert answered == 2
    assert PASSWORD.encode() not in shown
    with _store(mendbox) as store:
        assert store.users.authenticate("ada", PASSWORD)[0] is not None


@pytest.mark.parametrize(
    ("typed", "arguments", "words"),
    [
        ("", ("user", "add", "ada", "--role", "admin"), "there is no password"),
        ("short\n", ("user", "add", "ada", "--role", "admin"), "12 to 200 characters"),
        (f"{PASSWORD}\n", ("user", "add", "a b", "--role", "admin"), "an account's name"),
        (f"{PASSWORD}\n", ("user", "password", "nobody"), "there is no account nobody"),
        ("", ("user", "disable", "nobody"), "there is no account nobody"),
        ("", ("user", "enable", "nobody"), "there is no account nobody"),
        ("", ("user", "reset-factor", "nobody"), "there is no account nobody"),
        ("", ("user", "unlink", "nobody"), "there is no account nobody"),
        (f"{PASSWORD}\n", ("user", "add", "ada", "--role", "candidate"), "candidate"),
        ("", ("user", "add", "ada", "--role", "admin", PASSWORD), "unexpected extra argument"),
    ],
)
def test_what_can_not_be_done_is_said_with_a_next_step(
    mendbox: Cli, typed: str, arguments: tuple[str, ...], words: str
) -> None:
    done = _typed(mendbox, typed, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert typed.strip() == "" or typed.strip() not in done.stdout + done.stderr


def test_a_code_is_mailed_and_shown_only_where_it_was_not(mendbox: Cli) -> None:
    with MailServer() as server:
        environ = {
            "MENDBOX_SMTP_URL": f"smtp://127.0.0.1:{server.port}?tls=none",
            "MENDBOX_MAIL_FROM": "no-reply@hiring.example",
            "MENDBOX_PUBLIC_URL": "https://mendbox.example/",
        }
        asked = ("user", "add", "ada@example.org", "--role", "admin", "--mail")
        made = mendbox(*asked, **environ)
        assert made.code == 0, made.err
        (mail,) = server.taken
        assert "https://mendbox.example/password?account=ada%40example.org" in mail.text
        assert "its code was mailed" in made.err
        assert mail.secret not in made.out + made.err
        with _store(mendbox) as store:
            assert store.codes.owner("ada@example.org", mail.secret) is not None
        server.refuse("ada@example.org")
        again = mendbox("user", "code", "ada@example.org", "--mail", "--json", **environ)
        told = json.loads(again.out)
        assert told["mailed"] is False
        assert told["fault"].startswith("the mail server refused the address: 550")
        with _store(mendbox) as store:
            assert store.codes.owner("ada@example.org", told["code"]) is not None
        refused = mendbox("user", "add", "grace", "--role", "admin", "--mail", **environ)
        assert (refused.code, "no mail address" in refused.err) == (2, True)
    without = mendbox("user", "add", "grace@example.org", "--role", "admin", "--mail")
    assert (without.code, "no mail is set up" in without.err) == (2, True)
    with _store(mendbox) as store:
        assert [each.account for each in store.users.list()] == ["ada@example.org"]
