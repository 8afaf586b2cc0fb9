"""Local server for the part of Google's Calendar API v3 and OAuth 2.0 that the program uses.

Every call is checked against Google's own discovery document (from google-api-python-client): the path, the query, the
names and types of the body's fields, and whether the token's scopes suffice.
"""

import base64
import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from desktop.calendars.google_sign_in import GoogleClient


@cache
def discovery() -> dict[str, Any]:
    path = files("googleapiclient").joinpath("discovery_cache/documents/calendar.v3.json")
    return json.loads(path.read_text())


class UnknownCall(AssertionError):
    """A call that Google's API does not have."""


def method_of(verb: str, path: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """The discovery document's method of a call, with the parameters in its path."""
    for resource, holder in discovery()["resources"].items():
        for name, method in holder["methods"].items():
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", method["path"])
            match = re.fullmatch(pattern, path)
            if match and method["httpMethod"] == verb:
                return f"{resource}.{name}", method, {key: unquote(value) for key, value in match.groupdict().items()}
    raise UnknownCall(f"{verb} {path}")


def check_body(schema: str, body: Any, where: str = "") -> None:
    """Fail for a field that the schema does not have, or that has another type there."""
    properties = discovery()["schemas"][schema]["properties"]
    for name, value in body.items():
        if name not in properties:
            raise UnknownCall(f"{schema} has no {where}{name}")
        _check_value(properties[name], value, f"{where}{name}.")


def _check_value(kind: dict[str, Any], value: Any, where: str) -> None:
    types = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if "$ref" in kind:
        return check_body(kind["$ref"], value, where)
    if not isinstance(value, types[kind["type"]]):
        raise UnknownCall(f"{where} is no {kind['type']}")
    if kind["type"] == "array":
        for each in value:
            _check_value(kind["items"], each, where)
    if kind["type"] == "object":
        for name, each in value.items():
            if name in kind.get("properties", {}):
                _check_value(kind["properties"][name], each, f"{where}{name}.")
            elif "additionalProperties" in kind:
                _check_value(kind["additionalProperties"], each, f"{where}{name}.")
            else:
                raise UnknownCall(f"{where}{name}")
    return None


@dataclass
class Fault:
    """A fault for one request: `refuse` it, `lose` its answer, or `say` a status with a reason."""

    kind: str
    status: int = 0
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class GoogleServer:
    """The server and its contents. `fault` and `part_fault` are called for requests and for the parts of batches."""

    def __init__(self) -> None:
        self.calendars: dict[str, dict[str, dict[str, Any]]] = {}
        self.summaries: dict[str, str] = {}
        self.version = 0
        self.versions: dict[str, dict[str, int]] = {}
        self.oldest_token = 0
        self.refresh_tokens: dict[str, str] = {}  # token -> scopes
        self.access_tokens: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.expires_in = 3600
        self.purged: set[str] = set()  # ids of deleted events that are taken, though a GET answers 404
        self.lets_come_back = True  # whether an update brings such an event back; some calendars answer 403
        self.fault: Callable[[str, str], Fault | None] = lambda verb, path: None
        self.part_fault: Callable[[str, str], Fault | None] = lambda verb, path: None
        self.seen: list[tuple[str, str, int]] = []
        self.wrong: list[BaseException] = []
        self._lock = threading.RLock()
        self._count = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> "GoogleServer":
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def client(self, client_id: str = "id-1") -> GoogleClient:
        return GoogleClient(client_id, "", f"{self.url}/auth", f"{self.url}/token", f"{self.url}/revoke", self.url)

    def _new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}-{self._count}"

    # OAuth 2.0

    def grant(self, question: dict[str, str]) -> str:
        """Grant access as a person does in the browser: the redirect address with the code."""
        assert question["response_type"] == "code"
        assert question["code_challenge_method"] == "S256"
        assert len(question["state"]) >= 16
        scopes = discovery()["auth"]["oauth2"]["scopes"]
        assert all(scope in scopes for scope in question["scope"].split())
        code = self._new("code")
        self.codes[code] = question
        return f"{question['redirect_uri']}?state={question['state']}&code={code}"

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != "id-1":
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            question = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                not question
                or question["code_challenge"] != challenge
                or question["redirect_uri"] != form["redirect_uri"]
            ):
                return 400, {"error": "invalid_grant"}
            refresh, scopes = self._new("refresh"), question["scope"]
            self.refresh_tokens[refresh] = scopes
        else:
            refresh = form["refresh_token"]
            scopes = self.refresh_tokens.get(refresh, "")
            if not scopes:
                return 400, {"error": "invalid_grant"}
        access = self._new("access")
        self.access_tokens[access] = scopes
        answer = {"access_token": access, "expires_in": self.expires_in, "scope": scopes, "token_type": "Bearer"}
        return 200, answer | ({"refresh_token": refresh} if form["grant_type"] == "authorization_code" else {})

    def revoke_all(self) -> None:
        """Revoke all access, as a student does in the Google account under Third-party access."""
        self.refresh_tokens.clear()
        self.access_tokens.clear()

    # The API

    def api(self, verb: str, target: str, headers: dict[str, str], content: bytes) -> tuple[int, Any]:
        parts = urlsplit(target)
        path = parts.path.removeprefix("/" + discovery()["servicePath"])
        name, method, where = method_of(verb, path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        for key in query:
            if key not in method["parameters"] | discovery()["parameters"]:
                raise UnknownCall(f"{name} takes no {key}")
        body = json.loads(content) if content else {}
        if body:
            check_body(method["request"]["$ref"], body)
        scopes = self.access_tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
        if scopes is None:
            return error(401, "authError")
        if not set(scopes.split()) & set(method["scopes"]):
            return error(403, "insufficientPermissions")
        with self._lock:
            status, answer = getattr(self, "_" + name.replace(".", "_"))(where, query, body, headers)
            return status, select_fields(answer, query["fields"]) if "fields" in query and status == 200 else answer

    def change(self, calendar: str, event: dict[str, Any]) -> dict[str, Any]:
        """Put an event as it now is."""
        self.version += 1
        event["etag"] = f'"{self.version}"'
        event["kind"] = "calendar#event"
        self.calendars[calendar][event["id"]] = event
        self.versions[calendar][event["id"]] = self.version
        return event

    def _calendars_insert(self, where, query, body, headers):
        key = self._new("cal") + "@group.calendar.google.com"
        self.calendars[key], self.versions[key], self.summaries[key] = {}, {}, body["summary"]
        return 200, {"id": key, "summary": body["summary"]}

    def _calendars_delete(self, where, query, body, headers):
        if self.calendars.pop(where["calendarId"], None) is None:
            return error(404, "notFound")
        return 204, None

    def _events_list(self, where, query, body, headers):
        calendar = self.calendars.get(where["calendarId"])
        if calendar is None:
            return error(404, "notFound")
        since = int(query.get("syncToken", "0").removeprefix("t"))
        if "syncToken" in query:
            if "privateExtendedProperty" in query:
                return error(400, "badRequest")
            if since < self.oldest_token:
                return error(410, "fullSyncRequired")
        items = []
        for key, event in calendar.items():
            if self.versions[where["calendarId"]][key] <= since:
                continue
            if (
                event["status"] == "cancelled"
                and "recurringEventId" not in event
                and query.get("showDeleted") != "true"
            ):
                continue
            if wanted := query.get("privateExtendedProperty"):
                name, _, value = wanted.partition("=")
                if event.get("extendedProperties", {}).get("private", {}).get(name) != value:
                    continue
            # Google promises no more of what was cancelled (the reference, under the status of an event).
            told = ("id", "status", "etag", "recurringEventId", "originalStartTime")
            is_cancelled = event["status"] == "cancelled"
            items.append({name: event[name] for name in told if name in event} if is_cancelled else event)
        start, most = int(query.get("pageToken", 0)), min(int(query.get("maxResults", 250)), 4)
        if start + most < len(items):
            return 200, {"items": items[start : start + most], "nextPageToken": str(start + most)}
        return 200, {"items": items[start:], "nextSyncToken": f"t{self.version}"}

    def _events_get(self, where, query, body, headers):
        if where["eventId"] in self.purged:
            return error(404, "notFound")
        event = self.calendars.get(where["calendarId"], {}).get(where["eventId"])
        return (200, event) if event else error(404, "notFound")

    def _events_insert(self, where, query, body, headers):
        calendar = where["calendarId"]
        if calendar not in self.calendars:
            return error(404, "notFound")
        if not re.fullmatch(r"[0-9a-v]{5,1024}", body["id"]):
            return error(400, "invalid")
        if body["id"] in self.calendars[calendar]:
            return error(409, "duplicate")
        return self._stored(calendar, body)

    def _stored(self, calendar, body):
        for reminder in body.get("reminders", {}).get("overrides", []):
            assert 0 <= reminder["minutes"] <= 40320
        assert len(body.get("reminders", {}).get("overrides", [])) <= 5
        event = {"status": "confirmed", **body}
        for edge in ("start", "end"):  # as Google returns times: with the offset
            if datetime.fromisoformat(event[edge]["dateTime"]).tzinfo is None:
                event[edge] = event[edge] | {"dateTime": event[edge]["dateTime"] + "+02:00"}
        for name in ("location", "description"):
            if event.get(name) == "":
                del event[name]  # what is empty is left out
        if event.get("visibility") == "default":
            del event["visibility"]
        return 200, self.change(calendar, event)

    def _events_update(self, where, query, body, headers):
        event = self.calendars.get(where["calendarId"], {}).get(where["eventId"])
        if event is None:
            return error(404, "notFound")
        if where["eventId"] in self.purged and not self.lets_come_back:
            return error(403, "forbidden")
        self.purged.discard(where["eventId"])
        if headers.get("if-match", event["etag"]) != event["etag"]:
            return error(412, "conditionNotMet")
        if body.get("sequence", 0) < event.get("sequence", 0):
            return error(400, "invalid")
        kept = {name: event[name] for name in ("recurringEventId", "originalStartTime") if name in event}
        return self._stored(where["calendarId"], {**body, **kept, "id": where["eventId"]})

    def _events_instances(self, where, query, body, headers):
        calendar = self.calendars.get(where["calendarId"], {})
        series = calendar.get(where["eventId"])
        if series is None:
            return error(404, "notFound")
        plain = {"recurringEventId": series["id"], "originalStartTime": series["start"], "id": f"{series['id']}_first"}
        odd = [event for event in calendar.values() if event.get("recurringEventId") == series["id"]]
        return 200, {"items": [series | plain, *odd]}

    def _events_delete(self, where, query, body, headers):
        event = self.calendars.get(where["calendarId"], {}).get(where["eventId"])
        if event is None:
            return error(404, "notFound")
        if event["status"] == "cancelled":
            return error(410, "deleted")
        if headers.get("if-match", event["etag"]) != event["etag"]:
            return error(412, "conditionNotMet")
        self.change(where["calendarId"], event | {"status": "cancelled"})
        calendar = self.calendars[where["calendarId"]]
        for key in [key for key, each in calendar.items() if each.get("recurringEventId") == event["id"]]:
            del calendar[key]  # the dates go with their series
        return 204, None

    def _batch(self, headers: dict[str, str], content: bytes) -> tuple[str, bytes]:
        boundary = re.search(r"boundary=(\S+)", headers["content-type"])[1]
        found = content.split(f"--{boundary}".encode())[1:-1]
        assert len(found) <= 50
        answers = []
        for part in found:
            outer, _, request = part.strip(b"\r\n").partition(b"\r\n\r\n")
            number = re.search(rb"Content-ID: <(\d+)>", outer)[1].decode()
            head, _, body = request.partition(b"\r\n\r\n")
            line, *fields = head.decode().split("\r\n")
            verb, target, _ = line.split(" ")
            inner = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
            fault = self.part_fault(verb, target)
            if fault is not None:
                status, answer = error(fault.status, fault.reason)
            else:
                status, answer = self.api(verb, target, {"authorization": headers["authorization"], **inner}, body)
            self.seen.append((verb, target, status))
            text = json.dumps(answer).encode() if answer is not None else b""
            outside = f"--out\r\nContent-Type: application/http\r\nContent-ID: <response-{number}>\r\n\r\n"
            inside = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            answers.append((outside + inside).encode() + text + b"\r\n")
        # Google promises no order.
        return "multipart/mixed; boundary=out", b"".join(reversed(answers)) + b"--out--\r\n"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        google = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: object) -> None:
                pass

            def _do(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                fault = google.fault(self.command, self.path)
                if fault is not None and fault.kind == "refuse":
                    return self._cut()
                if fault is not None and fault.kind == "say":
                    status, answer = error(fault.status, fault.reason)
                    return self._say(status, "application/json", json.dumps(answer).encode(), fault.headers)
                try:
                    told = self._answer(headers, content)
                except BaseException as wrong:
                    google.wrong.append(wrong)
                    raise
                if fault is not None and fault.kind == "lose":
                    return self._cut()
                return self._say(*told, {})

            def _answer(self, headers: dict[str, str], content: bytes) -> tuple[int, str, bytes]:
                if self.path in {"/token", "/revoke"}:
                    form = {name: values[0] for name, values in parse_qs(content.decode()).items()}
                    if self.path == "/revoke":
                        google.refresh_tokens.pop(form["token"], None)
                        return 200, "application/json", b"{}"
                    status, answer = google._token(form)
                    return status, "application/json", json.dumps(answer).encode()
                if self.path == "/" + discovery()["batchPath"]:
                    return 200, *google._batch(headers, content)
                status, answer = google.api(self.command, self.path, headers, content)
                google.seen.append((self.command, self.path, status))
                return status, "application/json", json.dumps(answer).encode() if answer is not None else b""

            def _say(self, status: int, kind: str, content: bytes, more: dict[str, str]) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _cut(self) -> None:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(2)

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self._do
                raise AttributeError(name)

        return Handler


def select_fields(answer: dict[str, Any], fields: str) -> dict[str, Any]:
    """The parts of an answer selected by `fields`, in the forms this program uses: items(a,b),nextPageToken."""
    inner = re.fullmatch(r"items\(([\w,]+)\),nextPageToken", fields)
    if inner is None:
        raise UnknownCall(fields)
    names = inner[1].split(",")
    for name in names:
        if name not in discovery()["schemas"]["Event"]["properties"]:
            raise UnknownCall(name)
    made = {"items": [{name: item[name] for name in names if name in item} for item in answer["items"]]}
    return made | {name: answer[name] for name in ("nextPageToken",) if name in answer}


def error(status: int, reason: str) -> tuple[int, dict[str, Any]]:
    """An error answer in Google's format."""
    return status, {"error": {"code": status, "message": "No.", "errors": [{"reason": reason, "domain": "calendar"}]}}
