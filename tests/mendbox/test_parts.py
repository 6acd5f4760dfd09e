"""The smaller commands, what all have in common, and settings that can't be used."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from rich.cells import cell_len

from mendbox.cli import main
from mendbox.doctor import run_checks
from store.settings import Settings
from tests.mendbox.cli import Cli, refused
from tests.support.mail import MailServer

#: The README's and the design's; each is a promise.
COMMANDS = {
    "up",
    "demo",
    "grade",
    "submit",
    "challenge",
    "assessment",
    "bench",
    "api",
    "worker",
    "webhooks",
    "db",
    "token",
    "user",
    "image",
    "doctor",
}


def every_command(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name), command


def test_every_command_says_what_it_does_and_each_option_what_it_is_for() -> None:
    found = dict(every_command())
    assert {path[0] for path in found} == COMMANDS
    for path, command in found.items():
        assert command.help, path
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert [each.name for each in options if not (each.help or isinstance(each.type, click.Choice))] == [], path
        assert "--json" in {name for each in options for name in each.opts}, path


@pytest.mark.parametrize("group", [(), ("challenge",), ("assessment",), ("db",), ("token",), ("user",), ("image",)])
def test_the_help_fits_80_columns_and_no_summary_is_cut(mendbox: Cli, group: tuple[str, ...]) -> None:
    done = mendbox.on_terminal(80, *group, "--help")
    assert done.code == 0
    assert "Commands:" in done.out
    assert "..." not in done.out.partition("Commands:")[2]
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []


def test_a_command_line_that_is_not_understood_exits_2_also_as_json(mendbox: Cli) -> None:
    done = mendbox("garde")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'garde'" in done.err
    done = mendbox("up", "--slots", "-1", "--json")
    assert done.code == 2
    assert "--slots" in done.json["error"]["message"]
    assert done.json["error"]["hint"] == "see: mendbox up --help"


def test_a_database_is_made_and_looked_at(mendbox: Cli) -> None:
    refused(mendbox("db", "status"), "the database is empty", "mendbox db upgrade", code=3)
    made = mendbox("db", "upgrade", "--json").json
    assert made["before"] is None
    assert mendbox("db", "upgrade", "--json").json == {"before": made["after"], "after": made["after"]}
    assert mendbox("db", "upgrade").out == f"at {made['after']}\n"
    empty = {"queued": 0, "running": 0, "graded": 0, "error": 0}
    assert mendbox("db", "status", "--json").json == {"revision": made["after"], "gradings": empty}
    assert (mendbox.folder / "home" / "mendbox.db").is_file()


def test_only_postgresql_has_roles_to_grant_to(mendbox: Cli) -> None:
    refused(mendbox("db", "grant", "parts"), "only PostgreSQL has roles", "for its owner alone")


def test_a_database_that_does_not_answer_is_named(mendbox: Cli) -> None:
    done = mendbox("db", "status", MENDBOX_DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:1/x")
    refused(done, "the database is not available", "MENDBOX_DATABASE_URL", code=3)
    assert "hunter2" not in done.err
    refused(mendbox("db", "status", MENDBOX_DATABASE_URL="carrier-pigeon"), "can't be read", "postgresql://")


def test_a_home_that_can_not_be_made_is_refused_by_its_path(mendbox: Cli) -> None:
    (mendbox.folder / "home").write_text("in the way")
    for command in (["db", "upgrade"], ["token", "list"]):
        refused(mendbox(*command), f"{mendbox.folder / 'home'}: File exists")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--role", "candidate"], ["must name the challenges", "--challenge SLUG"]),
        (["--role", "candidate", "--challenge", "user-50"], ["no challenge 'user-50'", "did you mean user-500?"]),
        (["--role", "engineer", "--scope", "partner"], ["can't have the scope partner", "recruiter or admin"]),
        (["--role", "admin", "--challenge", "user-500"], ["may submit to every challenge", "leave the challenges out"]),
    ],
)
def test_a_token_that_would_be_of_no_use_is_not_made(mendbox: Cli, arguments: list[str], words: list[str]) -> None:
    refused(mendbox("token", "create", "x", *arguments), *words)
    assert "no token yet" in mendbox("token", "list").out


@pytest.mark.parametrize("command", ["api", "worker"])
def test_a_part_alone_needs_the_queue_that_it_shares(mendbox: Cli, command: str) -> None:
    refused(mendbox(command), f"mendbox {command} alone needs MENDBOX_REDIS_URL", "mendbox up")
    assert "MENDBOX_REDIS_URL" in mendbox(command, "--json").json["error"]["message"]


@pytest.mark.parametrize("command", ["up", "worker"])
def test_nothing_is_graded_where_there_are_no_challenges(mendbox: Cli, command: str) -> None:
    empty = mendbox.folder / "no-challenges"
    done = mendbox(command, MENDBOX_CHALLENGES=str(empty), MENDBOX_REDIS_URL="redis://127.0.0.1:1")
    assert done.code == 2
    assert f"there is no challenge under {empty}" in done.err
    assert "MENDBOX_CHALLENGES" in done.err


def test_the_images_tag_is_printed_and_is_the_one_that_doctor_finds(mendbox: Cli) -> None:
    built = mendbox("image", "build", "--json").json
    assert built["tag"].startswith("mendbox/sandbox:")
    assert built["id"].startswith("sha256:")
    done = mendbox("doctor", "--json")
    checks = {check["name"]: check for check in done.json["checks"]}
    assert built["tag"] in checks["sandbox image"]["detail"]
    assert done.json["ok"] is (done.code == 0) is True


def test_doctor_lists_every_check_in_80_columns_and_exits_1_where_one_fails(mendbox: Cli) -> None:
    done = mendbox.on_terminal(80, "doctor")
    assert done.code == 0
    names = [check.name for check in run_checks(Settings.from_env({}), mendbox.environ)]
    assert [name for name in names if f"  {name}  " not in done.out] == []
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []
    done = mendbox("doctor", DOCKER_HOST="unix:///nonexistent.sock")
    assert done.code == 1
    assert "✗  container engine" in done.out
    assert "→ scripts/setup" in done.out


def test_doctor_says_whether_the_mail_server_takes_mail(mendbox: Cli) -> None:
    said = {"MENDBOX_MAIL_FROM": "no-reply@hiring.example", "MENDBOX_PUBLIC_URL": "https://mendbox.example"}
    nowhere = {"DOCKER_HOST": "unix:///nonexistent.sock"}  # no engine is asked: this is not about it
    with MailServer() as server:
        done = mendbox(
            "doctor", "--json", **said, **nowhere, MENDBOX_SMTP_URL=f"smtp://127.0.0.1:{server.port}?tls=none"
        )
        assert server.taken == []
    (found,) = [check for check in done.json["checks"] if check["name"] == "mail server"]
    assert found["ok"] is True
    done = mendbox("doctor", "--json", **said, **nowhere, MENDBOX_SMTP_URL="smtp://127.0.0.1:1?tls=none")
    (found,) = [check for check in done.json["checks"] if check["name"] == "mail server"]
    assert (found["ok"], found["detail"]) == (False, "the mail server can't be reached: Connection refused")


def test_a_setting_that_can_not_be_used_is_named_with_its_value_and_what_it_may_be(mendbox: Cli) -> None:
    done = mendbox("challenge", "list", MENDBOX_LOG_LEVEL="loud", MENDBOX_PORT="80a")
    refused(done, "MENDBOX_LOG_LEVEL='loud'", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'", "MENDBOX_PORT='80a'")
    assert mendbox("challenge", "list", MENDBOX_LOG_LEVEL="debug").code == 0
