"""`mendbox user add | list | disable | enable | password | code | reset-factor | unlink`, on the database's machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import click
from rich.table import Table

from api.mailing.messages import code_mail
from api.mailing.sending import Mailer, mailer_of
from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.show import plain
from runner.errors import MendboxError
from store.errors import NotFound
from store.mail import is_address
from store.passwords import MOST
from store.records import PasswordCode, Role, UserRecord
from store.store import Store

_ACTOR = "command line"
_ROLES = [role.value for role in Role if role is not Role.CANDIDATE]


@click.group()
def user() -> None:
    """People who sign in: recruiters, engineers, admins."""


@user.command("add", short_help="Make an account.")
@click.argument("account")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--code", is_flag=True, help="No password: a code by which the account's user chooses one.")
@click.option("--mail", is_flag=True, help="No password: the code is mailed to the account, which is a mail address.")
@json_option
@pass_context
@ends_well
def add_command(context: Context, account: str, role: str, code: bool, mail: bool) -> None:
    """Make an account. The password is asked for, or is the first line of standard input; never an argument."""
    mailer = _mailer(context, account) if mail else None
    password = None if code or mail else _read_password()
    with _store(context) as store:
        record = store.users.add(account, Role(role), password, actor=_ACTOR)
        issued = store.codes.issue(record.account, actor=_ACTOR, by=_way(mailer)) if code or mail else None
    _tell(context, record, "made", issued, mailer)


@user.command("code", short_help="Let an account's user choose a password.")
@click.argument("account")
@click.option("--mail", is_flag=True, help="Mail it to the account, which is a mail address.")
@json_option
@pass_context
@ends_well
def code_command(context: Context, account: str, mail: bool) -> None:
    """Make a code by which an account's user chooses a password that nobody else knows. It works once, for a day."""
    mailer = _mailer(context, account) if mail else None
    with _store(context) as store, _named():
        issued = store.codes.issue(account, actor=_ACTOR, by=_way(mailer))
    _tell(context, issued.user, "a code for", issued, mailer)


@user.command("list", short_help="List accounts.")
@json_option
@pass_context
@ends_well
def list_command(context: Context) -> None:
    """List accounts by name, disabled ones too."""
    with _store(context) as store:
        records = store.users.list()
    if context.json:
        context.print_json({"users": [_described(record) for record in records]})
        return
    if not records:
        context.out.print("no account yet; make one: mendbox user add NAME --role admin")
        return
    table = Table(box=None, header_style="dim", padding=(0, 1, 0, 0))
    for column in ("id", "role", "state", "second factor", "account"):
        table.add_column(column, no_wrap=column == "id")
    for record in records:
        state = "disabled" if record.disabled_at else "open"
        factor = "yes" if record.second_factor_since else "no"
        table.add_row(record.id, record.role.value, state, factor, plain(record.account))
    context.out.print(table)


@user.command("disable", short_help="Close an account.")
@click.argument("account")
@json_option
@pass_context
@ends_well
def disable_command(context: Context, account: str) -> None:
    """Close an account and end its sessions. A new password does not open it again; `mendbox user enable` does."""
    with _store(context) as store, _named():
        record = store.users.disable(account, actor=_ACTOR)
    _tell(context, record, "disabled")


@user.command("enable", short_help="Open a closed account again.")
@click.argument("account")
@json_option
@pass_context
@ends_well
def enable_command(context: Context, account: str) -> None:
    """Open an account that was closed, with the password that it had."""
    with _store(context) as store, _named():
        record = store.users.enable(account, actor=_ACTOR)
    _tell(context, record, "enabled")


@user.command("password", short_help="Give an account another password.")
@click.argument("account")
@json_option
@pass_context
@ends_well
def password_command(context: Context, account: str) -> None:
    """Give an account another password and end its sessions. It is asked for, or the first line of standard input."""
    password = _read_password()
    with _store(context) as store, _named():
        record = store.users.set_password(account, password, actor=_ACTOR)
    _tell(context, record, "has a new password:")


@user.command("reset-factor", short_help="Take an account's second factor away.")
@click.argument("account")
@json_option
@pass_context
@ends_well
def reset_factor_command(context: Context, account: str) -> None:
    """Take an account's second factor away, as when the phone and the recovery codes are lost, and end its sessions.

    Be sure who asks. Where second factors are required, the account's user sets up another when they sign in next.
    """
    with _store(context) as store, _named():
        record = store.factors.remove(account, actor=_ACTOR)
    _tell(context, record, "has no second factor:")


@user.command("unlink", short_help="Take an account's link to the provider away.")
@click.argument("account")
@json_option
@pass_context
@ends_well
def unlink_command(context: Context, account: str) -> None:
    """Take an account's link to the OpenID provider away, and end its sessions, as when its user is another one there.

    Whoever comes with the account's verified mail address next is linked to it.
    """
    with _store(context) as store, _named():
        record = store.identities.unlink(account, actor=_ACTOR)
    _tell(context, record, "is not linked any more:")


def _read_password() -> str:
    """From the terminal, twice and unseen, or the first line of standard input. Raises MendboxError."""
    if sys.stdin.isatty():
        return str(click.prompt("password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline(4 * MOST + 2)
    if not line.strip("\r\n"):
        raise MendboxError("there is no password", hint="type it, or write it to standard input")
    return line.rstrip("\r\n")


@contextmanager
def _named() -> Iterator[None]:
    """Turns an account that is not there into words for the command line."""
    try:
        yield
    except NotFound as error:
        raise MendboxError(error.message, hint="see: mendbox user list") from None


def _way(mailer: Mailer | None) -> str:
    return "hand" if mailer is None else "mail"


def _mailer(context: Context, account: str) -> Mailer:
    """Raises MendboxError before anything is made."""
    mailer = mailer_of(context.settings)
    if mailer is None:
        raise MendboxError("no mail is set up", hint="set MENDBOX_SMTP_URL and MENDBOX_MAIL_FROM, or use --code")
    if not is_address(account.strip()):
        raise MendboxError("the account is no mail address", hint="leave --mail out: the code is shown then")
    return mailer


def _mailed(context: Context, issued: PasswordCode, mailer: Mailer) -> str:
    """Mail the code; why it was not sent, or ""."""
    form = f"{context.settings.public_url.rstrip('/')}/password?{urlencode({'account': issued.user.account})}"
    return mailer.send([code_mail(issued.user.account, issued.text, form, issued.expires_at)])[0]


def _tell(
    context: Context,
    record: UserRecord,
    what: str,
    issued: PasswordCode | None = None,
    mailer: Mailer | None = None,
) -> None:
    """`mailer`: sends the code, which is shown where it was not sent."""
    fault = _mailed(context, issued, mailer) if mailer is not None and issued is not None else ""
    is_sent = mailer is not None and not fault
    if context.json:
        code = {} if issued is None else {"code_expires_at": issued.expires_at.isoformat()}
        code |= {} if issued is None or is_sent else {"code": issued.text}
        mailed = {} if mailer is None else {"mailed": is_sent, "fault": fault or None}
        context.print_json({**_described(record), **code, **mailed})
        return
    context.out.print(f"{what} {plain(record.account)} ({record.role.value}, {record.id})", markup=False)
    if fault:
        context.err.print(f"  its code was not mailed: {plain(fault)}", style="yellow", markup=False)
    if is_sent:
        context.err.print("  its code was mailed", style="dim", markup=False)
    elif issued is not None:
        context.out.print(f"  {issued.text}", markup=False)
        until = issued.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        context.err.print(f"  shown this once; good for one use until {until}", style="dim", markup=False)


def _store(context: Context) -> Store:
    context.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(context.settings.effective_database_url, rules=context.settings.password_rules)
    store.upgrade()
    return store


def _described(record: UserRecord) -> dict[str, Any]:
    def moment(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "id": record.id,
        "account": record.account,
        "role": record.role.value,
        "created_at": moment(record.created_at),
        "disabled_at": moment(record.disabled_at),
        "password_changed_at": moment(record.password_changed_at),
        "last_sign_in_at": moment(record.last_sign_in_at),
        "second_factor_since": moment(record.second_factor_since),
    }
