"""Operator's commands for accounts, sessions and registrations: by id, never by name. Each one is logged.

They change the database; running servers notice at once on Postgres, within ten seconds on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from syncserver.config import Config

if TYPE_CHECKING:
    from syncserver.db.database import Database, Row

CommandHandler = Callable[["Database", Config, argparse.Namespace], Coroutine[Any, Any, str]]

LOG_FILE = "operator.log"
ORDERS = {"seen": "seen DESC", "created": "a.created", "bytes": "a.bytes DESC", "records": "a.records DESC"}
ACCOUNTS = """
SELECT a.id, a.created, a.records, a.bytes, a.locked,
    (SELECT max(d.seen) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS seen,
    (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS devices
FROM accounts a"""
ACCOUNT = """
SELECT a.id, a.created, a.pushed, a.head, a.records, a.bytes, a.locked,
    (SELECT max(d.seen) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS seen,
    (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS devices,
    (SELECT count(*) FROM sessions s WHERE s.account = a.id) AS sessions,
    (SELECT count(*) FROM feeds f WHERE f.account = a.id) AS feeds,
    (SELECT count(*) FROM records r WHERE r.account = a.id AND r.deleted) AS deletions
FROM accounts a WHERE a.id = $1"""
EXISTS = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE"
LOCK = "UPDATE accounts SET locked = $2 WHERE id = $1 AND locked IS NULL"
UNLOCK = "UPDATE accounts SET locked = NULL WHERE id = $1"
END_SESSIONS = "DELETE FROM sessions WHERE account = $1"
END_ALL_SESSIONS = "DELETE FROM sessions"
SET_REGISTRATIONS_CLOSED = "UPDATE server SET registrations_closed = $1"


def add_commands(subparsers: Any) -> None:
    """Adds the commands to argparse's `subparsers`, each with its handler as the default `handler`."""

    def group(name: str, doc: str) -> Any:
        parser = subparsers.add_parser(name, help=doc, description=doc)
        return parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(
        parent: Any, name: str, work: CommandHandler, doc: str, *, account: bool = True
    ) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = parent.add_parser(name, help=doc, description=doc)
        if account:
            parser.add_argument("account", type=str.strip, help="the account's id, as in the log and `accounts list`")
        parser.set_defaults(handler=_handler(work))
        return parser

    accounts = group("accounts", "list, show, lock, unlock and delete accounts, by id")
    listed = action(accounts, "list", _list, "list accounts by size or age", account=False)
    listed.add_argument("--by", choices=sorted(ORDERS), default="bytes", help="sort order (default: bytes)")
    listed.add_argument("--limit", type=int, default=50, help="number of accounts to list (default: 50)")
    action(accounts, "show", _show, "show one account's counts and dates")
    action(accounts, "lock", _lock, "end its sessions, stop its calendars, and refuse sign-in")
    action(accounts, "unlock", _unlock, "allow sign-in again")
    delete = action(accounts, "delete", _delete, "delete the account and everything in it permanently")
    delete.add_argument("--yes", action="store_true", help="confirm; without this, nothing is deleted")
    sessions = group("sessions", "end sessions")
    doc = "sign an account's devices out; they sign in again by themselves"
    end = action(sessions, "end", _end_sessions, doc, account=False)
    end.add_argument("account", nargs="?", type=str.strip, help="the account's id")
    end.add_argument("--all", action="store_true", help="end the sessions of every account")
    registrations = group("registrations", "close registrations now, or open them again")
    action(registrations, "close", _close_registrations, "accept no new accounts", account=False)
    action(
        registrations, "open", _open_registrations, "accept new accounts according to SYNC_REGISTRATION", account=False
    )
    limits = group("limits", "show limits")
    action(limits, "show", _limits, "show an account's limits and usage")


def _handler(work: CommandHandler) -> Callable[[Config, argparse.Namespace], int]:
    def handle(config: Config, arguments: argparse.Namespace) -> int:
        from syncserver import wire  # noqa: PLC0415 - `--help` works without the server's packages
        from syncserver.db.connecting import connect  # noqa: PLC0415

        account = getattr(arguments, "account", None) or ""
        if account and not wire.is_identifier(account):
            return _fail(f"{account!r} is no account's id: 22 letters, digits, - and _. Names are not accepted.")

        async def run() -> str:
            database = await connect(config)
            try:
                return await work(database, config, arguments)
            finally:
                await database.close()

        try:
            _record_command(config, f"{arguments.command} {arguments.action}", account)
            output = asyncio.run(run())
        except LookupError:
            return _fail(f"There is no account {account}.")
        except CommandRefused as refused:
            return _fail(str(refused))
        print(output)
        return 0

    return handle


def _record_command(config: Config, command: str, account: str) -> None:
    """Records, before it is done, a command in the log and in a permanent file. Raises `CommandRefused` if that
    fails."""
    import structlog  # noqa: PLC0415 - `--help` works without the server's packages

    structlog.get_logger().warning("operator", command=command, account=account)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    path = config.folder / LOG_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(f"{at} {command} {account}".rstrip() + "\n")
    except OSError as error:
        raise CommandRefused(f"{path} cannot be written ({error.strerror}), so nothing was done.") from error


class CommandRefused(Exception):
    """A command was not carried out. The message says why."""


def _fail(why: str) -> int:
    print(f"syncserver: {why}", file=sys.stderr)
    return 1


async def _list(database: Database, _: Config, arguments: argparse.Namespace) -> str:
    order = f"{ACCOUNTS} ORDER BY {ORDERS[arguments.by]}, a.id LIMIT $1"
    rows = await database.rows(order, max(0, arguments.limit))
    lines = [f"{'account':22}  {'made':10}  {'last seen':10}  {'records':>7}  {'bytes':>10}  {'devices':>7}"]
    for row in rows:
        locked = "  locked" if row["locked"] is not None else ""
        lines.append(
            f"{row['id']:22}  {_format_day(row['created'])}  {_format_day(row['seen'])}  "
            f"{row['records']:>7}  {row['bytes']:>10}  "
            f"{row['devices']:>7}{locked}"
        )
    return "\n".join(lines)


async def _show(database: Database, _: Config, arguments: argparse.Namespace) -> str:
    row = await _account(database, arguments.account)
    return "\n".join(
        (
            f"account    {row['id']}",
            f"made       {_format_day(row['created'])}",
            f"last seen  {_format_day(row['seen'])}",
            f"last push  {_format_day(row['pushed'])}",
            f"records    {row['records']} and {row['deletions']} deletions, {row['bytes']} bytes, head {row['head']}",
            f"devices    {row['devices']}, {row['sessions']} signed in",
            f"calendars  {row['feeds']}",
            f"locked     {_format_day(row['locked']) if row['locked'] is not None else 'no'}",
        )
    )


async def _lock(database: Database, _: Config, arguments: argparse.Namespace) -> str:
    async with database.write() as connection:
        await _fetch_one(connection, EXISTS, arguments.account)
        await connection.run(LOCK, arguments.account, int(time.time()))
        await connection.run(END_SESSIONS, arguments.account)
    await database.announce("sessions", arguments.account)
    return f"{arguments.account} is locked. Its data is kept: `accounts unlock` or `accounts delete`."


async def _unlock(database: Database, _: Config, arguments: argparse.Namespace) -> str:
    async with database.write() as connection:
        await _fetch_one(connection, EXISTS, arguments.account)
        await connection.run(UNLOCK, arguments.account)
    return f"{arguments.account} can sign in."


async def _delete(database: Database, config: Config, arguments: argparse.Namespace) -> str:
    from syncserver.accounts.accounts import delete_account  # noqa: PLC0415

    row = await _account(database, arguments.account)
    if not arguments.yes:
        raise CommandRefused(
            f"{arguments.account} has {row['records']} records and {row['devices']} devices, last seen "
            f"{_format_day(row['seen'])}. Nothing was deleted: confirm with --yes."
        )
    async with database.write() as connection:
        await _fetch_one(connection, EXISTS, arguments.account)
        await delete_account(connection, config.ledger_path, arguments.account, int(time.time()))
    await database.announce("sessions", arguments.account)
    return f"{arguments.account} is deleted, and stays deleted when a backup is restored."


async def _end_sessions(database: Database, _: Config, arguments: argparse.Namespace) -> str:
    if arguments.all == bool(arguments.account):
        raise CommandRefused("Name one account, or --all.")
    if arguments.all:
        await database.run(END_ALL_SESSIONS)
        await database.announce("sessions", "")
        return "Every session has ended. Devices sign in again by themselves."
    async with database.write() as connection:
        await _fetch_one(connection, EXISTS, arguments.account)
        await connection.run(END_SESSIONS, arguments.account)
    await database.announce("sessions", arguments.account)
    return f"The sessions of {arguments.account} have ended. Its devices sign in again by themselves."


async def _close_registrations(database: Database, _: Config, __: argparse.Namespace) -> str:
    await database.run(SET_REGISTRATIONS_CLOSED, True)
    return "Registrations are closed, until `registrations open`."


async def _open_registrations(database: Database, config: Config, _: argparse.Namespace) -> str:
    await database.run(SET_REGISTRATIONS_CLOSED, False)
    return f"Registrations are as SYNC_REGISTRATION says: {config.registration}."


async def _limits(database: Database, config: Config, arguments: argparse.Namespace) -> str:
    from syncserver.limits.rate_limits import Limits  # noqa: PLC0415

    row = await _account(database, arguments.account)
    lines = [
        f"records    {row['records']} of {config.account_records}",
        f"deletions  {row['deletions']}, of which {config.account_deletions} do not count as records",
        f"bytes      {row['bytes']} of {config.account_bytes}",
        f"devices    {row['devices']} of {config.account_devices}",
        f"calendars  {row['feeds']} of {config.account_feeds}",
    ]
    limits = Limits(config)
    try:
        for policy in (limits.requests, limits.batches, limits.publications, limits.exports):
            used = await limits.used(arguments.account, policy)
            counted = "counted in each process" if used is None else f"{used} in this window"
            lines.append(f"{policy.name:9}  {policy.quota} in {policy.window} seconds, {counted}")
    finally:
        await limits.close()
    return "\n".join(lines)


async def _account(database: Database, account: str) -> Row:
    return await _fetch_one(database, ACCOUNT, account)


async def _fetch_one(connection: Any, statement: str, account: str) -> Row:
    from syncserver.db.database import fetch_one  # noqa: PLC0415

    return await fetch_one(connection, statement, account)


def _format_day(seconds: int | None) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds)) if seconds else "never     "
