"""The server's command line. Each command imports what it needs: `--help` works without the server's packages."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncserver.config import Config

INSTALL_HINT = "The server's packages are not installed: pip install 'up-schedule-generator[server]'"
BACKUP_COMMANDS = (
    "backup-key",
    "backup-signing-key",
    "backup",
    "backups",
    "verify-backup",
    "restore",
    "prune",
    "check-backups",
)
POSSIBLE_ID = re.compile(r"-[A-Za-z0-9_-]{21}")  # no option is as long
OPERATOR_COMMANDS = ("accounts", "sessions", "registrations", "limits")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns the exit code: 0 for success, 1 for failure, 2 for wrong usage or configuration."""
    missing = _missing_package()
    parser = _make_parser(missing)
    parsed = parser.parse_args(protect_ids(sys.argv[1:] if arguments is None else arguments))
    if missing:
        sys.stderr.write(f"{INSTALL_HINT} (missing: {missing})\n")
        return 2
    from syncserver.config import load_config  # noqa: PLC0415
    from syncserver.errors import ConfigurationError, Problem  # noqa: PLC0415

    try:
        return _run_command(parsed, load_config(file=parsed.config))
    except ConfigurationError as error:
        sys.stderr.write(f"syncserver: {error}\n")
        return 2
    except Problem as problem:
        sys.stderr.write(f"syncserver: {problem.title}. {problem.detail}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def protect_ids(arguments: Iterable[str]) -> list[str]:
    """Puts a space before each argument that may be an id and begins with a hyphen, as one id in 64 does: argparse
    would take it for an option."""
    return [f" {word}" if POSSIBLE_ID.fullmatch(word) else word for word in arguments]


def _missing_package() -> str:
    """Returns the name of a package of the extra that is not installed, or ''."""
    from importlib.util import find_spec  # noqa: PLC0415

    packages = ("alembic", "aiosqlite", "asyncpg", "greenlet", "limits", "litestar", "msgspec", "nacl")
    more = ("platformdirs", "prometheus_client", "sqlalchemy", "structlog", "uvicorn")
    return next((name for name in (*packages, *more) if find_spec(name) is None), "")


def _make_parser(missing_package: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="syncserver",
        description="The sync server of UP Schedule Generator: opaque records, published calendars.",
        formatter_class=argparse.RawDescriptionHelpFormatter,  # the line to type stays one line
        epilog=INSTALL_HINT
        if missing_package
        else "Settings come from the environment and a file: see `syncserver config`.",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings in TOML; the environment takes precedence"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="migrate if needed, then serve until stopped")
    commands.add_parser("migrate", help="migrate the database to this version, after a backup")
    commands.add_parser("config", help="show every setting with its meaning and value (secrets masked)")
    invite = commands.add_parser("invite", help="create an invitation, for SYNC_REGISTRATION=invitation")
    invite.add_argument("--uses", type=int, default=1, help="number of accounts it is valid for (default: 1)")
    invite.add_argument("--days", type=int, default=14, help="days it is valid for (default: 14)")
    commands.add_parser("tidy", help="remove expired data: old receipts and sessions, deletions that every device has")
    if missing_package:
        for name in (*BACKUP_COMMANDS, *OPERATOR_COMMANDS):
            commands.add_parser(name)
        return parser
    from syncserver.backup import commands as backup  # noqa: PLC0415
    from syncserver.ops import operator_commands  # noqa: PLC0415

    backup.add_commands(commands)
    operator_commands.add_commands(commands)
    return parser


def _run_command(parsed: argparse.Namespace, config: Config) -> int:
    if parsed.command == "config":
        return _print_settings(config)
    if parsed.command == "serve":
        from syncserver.http.serving import serve  # noqa: PLC0415

        if config.redis_url:
            import asyncio  # noqa: PLC0415

            from syncserver.limits.redis_address import refuse_cluster  # noqa: PLC0415

            asyncio.run(refuse_cluster(config.redis_url))
        _migrate(config)
        return serve(config)
    if parsed.command == "migrate":
        before, after = _migrate(config)
        print(f"{before or 'empty'} -> {after}" if before != after else f"already at {after}")
        return 0
    if parsed.command == "invite":
        return _create_invitation(config, parsed.uses, parsed.days)
    if parsed.command == "tidy":
        return _clean_up(config)
    from syncserver.ops import logs  # noqa: PLC0415

    logs.configure(config.log_level)  # to standard error: what is printed is the answer
    if parsed.command in OPERATOR_COMMANDS:
        _migrate(config)
    handled: int = parsed.handler(config, parsed)
    return handled


def _migrate(config: Config) -> tuple[str, str]:
    from syncserver.db.migrations import migrate  # noqa: PLC0415

    return migrate(config, lambda revision: _back_up(config, revision))


def _back_up(config: Config, revision: str) -> None:
    """Backs up before a migration: an encrypted backup if a key is set, else a copy of SQLite's file beside it."""
    from syncserver.errors import ConfigurationError  # noqa: PLC0415

    if config.backup_public_key:
        from syncserver.backup import archive  # noqa: PLC0415

        try:
            archive.make_backup(config)
        except archive.BACKUP_ERRORS as error:
            raise ConfigurationError(
                f"The backup before the migration failed, so nothing was changed: {error}"
            ) from error
    elif not config.on_postgres:
        import sqlite3  # noqa: PLC0415
        from contextlib import closing  # noqa: PLC0415

        copy = config.sqlite_path.with_suffix(f".{revision}.sqlite3")
        with closing(sqlite3.connect(config.sqlite_path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        copy.chmod(0o600)
    elif not config.migrate_without_backup:
        raise ConfigurationError(
            "A migration begins with a backup, and SYNC_BACKUP_PUBLIC_KEY is empty. Make one with `syncserver "
            "backup-key`, or set SYNC_MIGRATE_WITHOUT_BACKUP=true."
        )


def _print_settings(config: Config) -> int:
    from syncserver.config import effective_settings  # noqa: PLC0415

    for name, value, doc in effective_settings(config):
        print(f"# {doc}\n{name}={value}\n")
    return 0


def _create_invitation(config: Config, uses: int, days: int) -> int:
    import asyncio  # noqa: PLC0415
    import secrets  # noqa: PLC0415
    import time  # noqa: PLC0415

    from syncserver.errors import ConfigurationError  # noqa: PLC0415
    from syncserver.ops.metrics import Metrics  # noqa: PLC0415
    from syncserver.services import running_services  # noqa: PLC0415

    if not (0 < uses < 2**31 and 0 < days < 36_500):
        raise ConfigurationError("An invitation has to be valid for at least one account and one day.")
    code = secrets.token_urlsafe(15)

    async def invite() -> None:
        async with running_services(config, Metrics(config)) as services:
            await services.accounts.create_invitation(code, uses, int(time.time()) + days * 86_400)

    _migrate(config)
    asyncio.run(invite())
    print(code)
    return 0


def _clean_up(config: Config) -> int:
    import asyncio  # noqa: PLC0415
    import time  # noqa: PLC0415

    from syncserver.db.connecting import connect  # noqa: PLC0415
    from syncserver.ops.cleanup import clean_up  # noqa: PLC0415

    async def tidied() -> dict[str, int]:
        database = await connect(config)
        try:
            return await clean_up(database, config, int(time.time()))
        finally:
            await database.close()

    _migrate(config)
    print(", ".join(f"{name}: {count}" for name, count in asyncio.run(tidied()).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
