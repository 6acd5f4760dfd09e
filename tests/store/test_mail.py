"""What settings say of mail, and what is an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from mendbox.processes import environment_of
from store.mail import MailServer, Sender, Tls, is_address, mail_server, sender
from store.outbound import Place, mail_places
from store.secret_files import SettingsInvalid
from store.settings import Settings

SET = {
    "MENDBOX_SMTP_URL": "smtps://u:hush@mail.example",
    "MENDBOX_MAIL_FROM": "Mendbox <no-reply@mail.example>",
    "MENDBOX_PUBLIC_URL": "https://mendbox.example",
}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example", MailServer("mail.example", 465, Tls.AT_ONCE)),
        ("smtp://Mail.example", MailServer("mail.example", 587, Tls.STARTTLS)),
        ("smtp://mail.example:25/", MailServer("mail.example", 25, Tls.STARTTLS)),
        ("smtp://[::1]?tls=none", MailServer("::1", 25, Tls.NONE)),
        (
            "smtps://ada%40example.org:a%2Fb%23c@mail.example:4650?ca=/etc/ca.pem",
            MailServer("mail.example", 4650, Tls.AT_ONCE, "ada@example.org", "a/b#c", "/etc/ca.pem"),
        ),
    ],
)
def test_a_url_names_a_server(url: str, server: MailServer) -> None:
    assert mail_server(url) == server
    assert mail_places(url) == [Place(server.host, server.port)]
    assert "a/b#c" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example", "http://u:hush@mail.example", "smtp://", "smtp:///etc", "smtp://u:hush@mail.example/inbox"),
        *("smtp://u:hush@mail.example:99999", "smtp://u:hush@mail.example:x", "smtp://u:hu/sh@mail.example"),
        *("smtp://u@mail.example", "smtps://u:hush@mail.example?tls=none", "smtp://u:hush@mail.example?tls=off"),
        *("smtp://u:hush@mail.example?tls=none&ca=/x", "smtp://u:hush@mail.example?verify=no", "smtp://m.example?ca="),
        "smtp://u:hush@mail.example?tls=none&tls=none",
    ],
)
def test_any_other_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({**SET, "MENDBOX_SMTP_URL": url})
    assert "MENDBOX_SMTP_URL=…" in caught.value.message
    assert "hu" not in caught.value.message.replace("host", "").replace("without", "")


def test_without_one_there_is_no_place() -> None:
    assert mail_places("") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no-reply@example.org", Sender("", "no-reply@example.org")),
        ("Mendbox <no-reply@example.org>", Sender("Mendbox", "no-reply@example.org")),
        ('"Hiring, us" <a@b.example>', Sender("Hiring, us", "a@b.example")),
    ],
)
def test_a_sender_may_have_a_name(text: str, found: Sender) -> None:
    assert sender(text) == found
    assert found.domain in text


@pytest.mark.parametrize("text", ["Mendbox", "a@b", "Mendbox <a@b.example>\r\nBcc: x@y.example", "a@b.example, c@d"])
def test_a_sender_without_an_address_is_none(text: str) -> None:
    with pytest.raises(SettingsInvalid, match="MENDBOX_MAIL_FROM="):
        Settings.from_env({**SET, "MENDBOX_MAIL_FROM": text})


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *(
            (text, True)
            for text in ("a@b.example", "A.b+c@x-y.b.example", "o'neil@b.example", "a@xn--bcher-kva.example")
        ),
        *((text, False) for text in ("", "a", "@b.example", "a@b", "a@b.example ", "a b@c.example", "a@b..example")),
        *(
            (text, False)
            for text in (".a@b.example", "a.@b.example", "a..b@b.example", '"a"@b.example', "a@-b.example")
        ),
        *(
            (text, False)
            for text in ("a@b.example\n", "a@b.example\r\nRCPT TO:<x@y.example>", "<a@b.example>", "a@b@c.de")
        ),
        *(
            (text, False)
            for text in ("ä@b.example", "a@bücher.example", "a@[127.0.0.1]", "a,b@c.example", "a\0@b.example")
        ),
        *((text, False) for text in (f"{'a' * 65}@b.example", f"a@{'b' * 64}.example", f"a@{'b.' * 130}example")),
    ],
)
def test_what_an_address_is(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("MENDBOX_SMTP_URL", "need each other"),
        ("MENDBOX_MAIL_FROM", "need each other"),
        ("MENDBOX_PUBLIC_URL", "MENDBOX_PUBLIC_URL"),
    ],
)
def test_the_settings_need_each_other(left_out: str, says: str) -> None:
    assert Settings.from_env(SET).mail_from
    with pytest.raises(SettingsInvalid, match=says):
        Settings.from_env({**SET, left_out: ""})


def test_links_lead_to_no_address_that_a_server_listens_on() -> None:
    with pytest.raises(SettingsInvalid, match="MENDBOX_PUBLIC_URL"):
        Settings.from_env({**SET, "MENDBOX_PUBLIC_URL": "http://0.0.0.0:8080"})


def test_a_url_from_a_file_reaches_processes_that_are_started(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("smtps://u:hush@mail.example\n")
    environ = {**SET, "MENDBOX_SMTP_URL": "", "MENDBOX_SMTP_URL_FILE": str(file)}
    settings = Settings.from_env(environ)
    assert Settings.from_env({**environ, **environment_of(settings)}) == settings
