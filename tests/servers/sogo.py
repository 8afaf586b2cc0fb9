"""SOGo as packaged by Debian, with one user, over a private Postgres and memcached."""

import base64
import contextlib
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.clients.servers import PASSWORD, USER, free_port, running
from tests.services import postgres

SOGOD = Path("/usr/sbin/sogod")


def unavailable_reason() -> str:
    """Returns why SOGo cannot be started here, or ''."""
    if not SOGOD.exists() or shutil.which("memcached") is None:
        return "sogo and memcached are not installed (make test-servers installs them)"
    if os.geteuid() != 0:
        return "only root can start SOGo, which runs as a user of its own"
    return postgres.unavailable_reason()


@contextlib.contextmanager
def sogo() -> Iterator[str]:
    """Runs SOGo; yields its address."""
    salt = b"salt"
    password = base64.b64encode(hashlib.sha1(PASSWORD.encode() + salt).digest() + salt).decode()
    # Not in pytest's folder, where SOGo's user may not go.
    with postgres.running_postgres() as server, tempfile.TemporaryDirectory(prefix="sogo-") as name:
        folder, port, cache = Path(name), free_port(), free_port()
        shutil.chown(folder, "sogo", "sogo")
        database = server.new_database()
        server.run_sql(
            "CREATE TABLE users (c_uid text, c_name text, c_password text, c_cn text, mail text);"
            f"INSERT INTO users VALUES ('{USER}', '{USER}', '{password}', '{USER}', '{USER}@localhost')",
            database.rpartition("/")[2],
        )
        tables = database.replace("postgres@", "postgres:any@")  # SOGo wants a password, and Postgres none
        settings = {
            "WOPort": f"127.0.0.1:{port}",
            "WOUseWatchDog": "NO",
            "WONoDetach": "YES",
            "WOLogFile": "-",
            "WOPidFile": f"{folder}/pid",
            "SOGoMemcachedHost": f"127.0.0.1:{cache}",
            "SOGoProfileURL": f"{tables}/sogo_user_profile",
            "OCSFolderInfoURL": f"{tables}/sogo_folder_info",
            "OCSSessionsFolderURL": f"{tables}/sogo_sessions_folder",
            "SOGoUserSources": f'({{type=sql; id=users; viewURL="{tables}/users"; canAuthenticate=YES;'
            " userPasswordAlgorithm=ssha;})",
            "SOGoTimeZone": "Africa/Johannesburg",
        }
        command = [str(SOGOD), *(word for key, value in settings.items() for word in (f"-{key}", value))]
        memory = ["memcached", "-l", "127.0.0.1", "-p", str(cache), "-U", "0"]
        # These settings go before Debian's own configuration, but SOGo does not start where it cannot read that.
        as_sogo = {"user": "sogo", "group": "sogo", "extra_groups": [], "env": {"HOME": name, "PATH": "/usr/bin:/bin"}}
        with (
            running(memory, cache, folder / "memcached.log", **as_sogo),
            # Asked to end, it takes up to half a minute.
            running(command, port, folder / "sogo.log", signal.SIGKILL, **as_sogo),
        ):
            yield f"http://127.0.0.1:{port}/"
