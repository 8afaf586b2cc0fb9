"""The protocol's endpoints: they translate between HTTP (docs/sync-protocol.md) and the parts that do the work."""

from __future__ import annotations

import hashlib
from typing import Annotated, cast

from litestar import MediaType, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream

from syncserver import wire
from syncserver.accounts.challenge_response import normalise_name
from syncserver.accounts.links import LINK_SECONDS
from syncserver.errors import Problem, invalid
from syncserver.http import common_reads, operator_routes
from syncserver.http.common_reads import etag_matches
from syncserver.http.middleware import Receive
from syncserver.http.routing import (
    ACCOUNT_GUARDS,
    BEARER_SECURITY,
    EXPORT_GUARDS,
    PUBLIC_GUARDS,
    PUBLISH_GUARDS,
    PUSH_GUARDS,
    REGISTRATION_GUARDS,
    SIGN_IN_GUARDS,
    SYNC_GUARDS,
    Route,
    SyncRequest,
    delete,
    get,
    not_modified,
    parse_if_match,
    post,
    put,
    sync_proof_header,
    to_response,
    valid_identifier,
)
from syncserver.sync.records import CURSOR_LIMIT

PAIRING_PROPERTY = "\r\nX-UP-SCHEDULE-PAIRING:"  # by which clients before `wire.KEYRING_CLIENT` let a device in
EXPORT_TIMEOUT_SECONDS = 600  # after which an export counts as ended, in case its process died
EXPORT_RETRY_SECONDS = 10


@get("/v1/info", guards=PUBLIC_GUARDS)
async def info(request: SyncRequest) -> wire.Info:
    """Returns the server's version, limits and registration mode."""
    services = request.services
    config = services.config
    try:
        registration = await services.accounts.registration_mode()
    except Problem:  # clients request this to see whether the server runs, even if the database is unavailable
        registration = config.registration
    return wire.Info(
        "up-schedule-sync",
        services.version,
        [wire.PROTOCOL],
        config.minimum_client,
        wire.KEYRING_CLIENT,
        registration,
        int(services.clock()),
        wire.KdfDefaults("argon2id", wire.KDF_MEMORY_KIB, wire.KDF_PASSES, 1),
        wire.InfoLimits(
            wire.BATCH_RECORDS,
            wire.BLOB_BYTES,
            config.request_bytes,
            config.account_records,
            config.account_bytes,
            config.account_devices,
            config.account_feeds,
            config.feed_bytes,
            wire.CHANGES_LIMIT,
            config.wait_seconds,
            wire.KEYRING_VERSION_STEP,
            LINK_SECONDS,
        ),
        ["sync-device", "proof-of-work"],
        wire.Operator(config.operator_name, config.operator_contact, config.operator_privacy),
    )


@post("/v1/auth/challenge", status_code=200, guards=SIGN_IN_GUARDS)
async def challenge(request: SyncRequest, data: JSONBody[wire.ChallengeRequest]) -> wire.Challenge:
    """Returns a nonce to sign, and the key derivation parameters for the password of a name."""
    await request.admit_known_device(data.name)
    return await request.services.accounts.challenge(data)


@post("/v1/auth/register", guards=REGISTRATION_GUARDS)
async def register(
    request: SyncRequest, data: JSONBody[wire.Registration], sync_proof: Annotated[str | None, sync_proof_header()]
) -> wire.SignedIn:
    """Creates an account."""
    services = request.services
    signed_in = await services.accounts.register(data, await request.require_proof(sync_proof))
    request.context.account = signed_in.account
    services.metrics.registrations.inc()
    return signed_in


@post("/v1/auth/login", status_code=200, guards=SIGN_IN_GUARDS)
async def login(
    request: SyncRequest, data: JSONBody[wire.Login], sync_proof: Annotated[str | None, sync_proof_header()]
) -> wire.SignedIn:
    """Signs a device in."""
    services = request.services
    await request.admit_known_device(data.name)
    name = hashlib.blake2b(normalise_name(data.name).encode(), digest_size=16).hexdigest()
    # Failures of a stranger at the same address, or who knows only the name, must not delay the account's own devices.
    if await request.has_known_device(data.name):
        who = f"{name}/{request.headers['sync-device']}"
    else:
        who = f"{name}/{request.context.address}"
        await request.check_rate_limit(services.limits.name_logins, name)
    await services.limits.check_delay(who)
    try:
        signed_in = await services.accounts.login(data, await request.require_proof(sync_proof))
    except Problem as problem:
        services.metrics.logins.labels(problem.name).inc()
        if problem.name == "login-refused":
            await services.limits.count_failure(who)
        raise
    services.metrics.logins.labels("ok").inc()
    await services.limits.reset_failures(who)
    request.context.account = signed_in.account
    return signed_in


@post("/v1/auth/logout", status_code=204, security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def logout(request: SyncRequest) -> None:
    """Ends this session."""
    await request.services.sessions.end(request.caller)


@get("/v1/account", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def account(request: SyncRequest) -> wire.Account:
    """Returns the account's counters and usage."""
    return await request.services.accounts.account(request.caller)


@delete("/v1/account", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def delete_account(request: SyncRequest, sync_proof: Annotated[str | None, sync_proof_header()]) -> None:
    """Deletes the account and everything in it."""
    await request.services.accounts.delete(request.caller, await request.parse_proof(sync_proof))


@get("/v1/devices", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def devices(request: SyncRequest) -> wire.Devices:
    """Returns the account's devices."""
    return await request.services.sessions.devices(request.caller)


@put("/v1/devices/{device:str}", status_code=204, security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def relabel_device(request: SyncRequest, device: FromPath[str], data: JSONBody[wire.DeviceLabel]) -> None:
    """Changes a device's label."""
    session = request.caller
    await request.services.sessions.relabel(session, valid_identifier(device), data.label)


@delete("/v1/devices/{device:str}", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def revoke_device(request: SyncRequest, device: FromPath[str]) -> None:
    """Revokes a device permanently."""
    await request.services.sessions.revoke(request.caller, valid_identifier(device))


@get("/v1/keyring", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def keyring(
    request: SyncRequest, if_none_match: Annotated[str | None, HeaderParameter(name="If-None-Match", required=False)]
) -> Response[wire.Keyring | None]:
    """Returns the keyring."""
    current = await request.services.accounts.keyring(request.caller)
    headers = {"ETag": f'"{current.etag}"', "Cache-Control": "no-store"}
    if etag_matches(if_none_match, [headers["ETag"]]):
        return cast("Response[wire.Keyring | None]", not_modified(headers))
    return Response(content=current, headers=headers)


@put("/v1/keyring", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def replace_keyring(
    request: SyncRequest,
    data: JSONBody[wire.Keyring],
    if_match: Annotated[str | None, HeaderParameter(name="If-Match", required=False)],
    sync_proof: Annotated[str | None, sync_proof_header()],
) -> Response[wire.Keyring]:
    """Replaces the keyring."""
    request.require_client(wire.KEYRING_CLIENT)
    session = request.caller
    replaced = parse_if_match(if_match)
    if replaced is None:
        raise Problem("precondition-required", "Send If-Match with the etag of the keyring that this one replaces.")
    stored = await request.services.accounts.replace_keyring(
        session, data, replaced, await request.parse_proof(sync_proof)
    )
    return Response(content=stored, headers={"ETag": f'"{stored.etag}"', "Cache-Control": "no-store"})


@get("/v1/head", security=BEARER_SECURITY, guards=SYNC_GUARDS)
async def head(
    request: SyncRequest,
    if_none_match: Annotated[str | None, HeaderParameter(name="If-None-Match", required=False)],
    wait: Annotated[int, QueryParameter(ge=0, le=3600)] = 0,
) -> Response[wire.Head | None]:
    """Returns the account's head; with `wait`, holds the request until there is news (long polling)."""
    return to_response(
        await common_reads.head(
            request.services, request.context, request.caller, if_none_match, wait, cast("Receive", request.receive)
        )
    )


@get("/v1/changes", security=BEARER_SECURITY, guards=SYNC_GUARDS)
async def changes(
    request: SyncRequest,
    cursor: Annotated[str | None, QueryParameter(max_length=64)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=wire.CHANGES_LIMIT)] = wire.CHANGES_DEFAULT,
) -> wire.Changes:
    """Returns the records written after a cursor."""
    return await request.services.records.changes(request.caller, cursor, limit)


@get("/v1/manifest", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def manifest(
    request: SyncRequest,
    after: Annotated[int, QueryParameter(ge=0, lt=CURSOR_LIMIT)] = 0,
    limit: Annotated[int | None, QueryParameter(ge=1, le=wire.MANIFEST_LIMIT)] = None,
) -> wire.Manifest:
    """Returns id and etag of every record, or of a page of them."""
    return await request.services.records.manifest(request.caller, after, limit)


@post("/v1/batches", status_code=200, security=BEARER_SECURITY, guards=PUSH_GUARDS)
async def push(
    request: SyncRequest,
    data: JSONBody[wire.Batch],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key", required=False)],
) -> wire.BatchAnswer:
    """Writes a batch of records, all or nothing."""
    services = request.services
    session = request.caller
    if idempotency_key is None:
        raise Problem("precondition-required", "Send Idempotency-Key.")
    if not wire.is_identifier(idempotency_key):
        raise Problem("malformed", "Idempotency-Key is 16 bytes in base64url.")
    return await services.records.push(session, idempotency_key, await request.body(), data)


@get("/v1/feeds", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def feeds(request: SyncRequest) -> wire.Feeds:
    """Returns the account's published calendars."""
    return await request.services.feeds.list_feeds(request.caller)


@put("/v1/feeds/{feed:str}", security=BEARER_SECURITY, guards=PUBLISH_GUARDS)
async def publish(request: SyncRequest, feed: FromPath[str], data: JSONBody[wire.Publication]) -> Response[wire.Feed]:
    """Publishes a calendar."""
    services = request.services
    session = request.caller
    if PAIRING_PROPERTY in data.calendar:  # such a calendar admitted anybody who saw it, any number of times
        request.require_client(wire.KEYRING_CLIENT)
        raise invalid("/calendar", "devices are let in by /v1/links")
    published, new = await services.feeds.publish(session, valid_identifier(feed), data)
    services.metrics.publications.inc()
    return Response(content=published, status_code=201 if new else 200)


@delete("/v1/feeds/{feed:str}", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def unpublish(request: SyncRequest, feed: FromPath[str]) -> None:
    """Stops publishing a calendar."""
    await request.services.feeds.revoke(request.caller, valid_identifier(feed))


def valid_token(value: str) -> str:
    """Validates the 32-byte token in a path; raises `not-found` if it is malformed."""
    if not wire.is_token(value):
        raise Problem("not-found")
    return value


@put("/v1/links/{address:str}", status_code=201, security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def open_link(request: SyncRequest, address: FromPath[str], data: JSONBody[wire.LinkOpening]) -> wire.Link:
    """Opens a link, through which a new device may ask to be let in."""
    return await request.services.links.open(request.caller, valid_token(address), data.commitment)


@get("/v1/links/{address:str}", guards=PUBLIC_GUARDS)
async def link(request: SyncRequest, address: FromPath[str]) -> wire.Link:
    """Returns a link's messages, to either device."""
    return await request.services.links.find(valid_token(address))


@put("/v1/links/{address:str}/request", guards=PUBLIC_GUARDS)
async def store_link_request(
    request: SyncRequest, address: FromPath[str], data: JSONBody[wire.LinkMessage]
) -> wire.Link:
    """Stores the new device's request in a link."""
    return await request.services.links.store_request(valid_token(address), data.sealed)


@put("/v1/links/{address:str}/key", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def store_link_key(request: SyncRequest, address: FromPath[str], data: JSONBody[wire.LinkMessage]) -> wire.Link:
    """Stores the first device's public key in a link."""
    return await request.services.links.store_reply(request.caller, valid_token(address), "key", data.sealed)


@put("/v1/links/{address:str}/answer", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def store_link_answer(
    request: SyncRequest, address: FromPath[str], data: JSONBody[wire.LinkMessage]
) -> wire.Link:
    """Stores the answer that lets the new device in."""
    return await request.services.links.store_reply(request.caller, valid_token(address), "answer", data.sealed)


@delete("/v1/links/{address:str}", security=BEARER_SECURITY, guards=ACCOUNT_GUARDS)
async def close_link(request: SyncRequest, address: FromPath[str]) -> None:
    """Closes a link."""
    await request.services.links.close(request.caller, valid_token(address))


@Route(
    "/v1/calendars/{name:str}",
    http_method=["GET", "HEAD"],
    status_code=200,
    media_type="text/calendar",
)
async def calendar(
    request: SyncRequest,
    name: FromPath[str],
    if_none_match: Annotated[str | None, HeaderParameter(name="If-None-Match", required=False)],
    if_modified_since: Annotated[str | None, HeaderParameter(name="If-Modified-Since", required=False)],
) -> Response[bytes | None]:
    """Returns a published calendar, for calendar programs."""
    accepted = request.headers.get("accept-encoding", "")
    found = common_reads.calendar(request.services, request.context, name, if_none_match, if_modified_since, accepted)
    return to_response(await found)


@get(
    "/v1/export",
    security=BEARER_SECURITY,
    guards=EXPORT_GUARDS,
    responses={
        200: ResponseSpec(wire.Export, generate_examples=False, description="All data of the account, streamed")
    },
)
async def export(request: SyncRequest) -> Stream:
    """Streams everything the server has of the account."""
    session, limits = request.caller, request.services.limits
    what = f"export/{session.account}"
    if not await limits.claim(what, EXPORT_TIMEOUT_SECONDS):
        raise limits.refusal(limits.exports, EXPORT_RETRY_SECONDS)
    request.context.afterwards = lambda: limits.release_claim(what)
    return Stream(await request.services.export_account(session), media_type=MediaType.JSON)


ROUTES: list[HTTPRouteHandler] = [
    info,
    challenge,
    register,
    login,
    logout,
    account,
    delete_account,
    devices,
    relabel_device,
    revoke_device,
    keyring,
    replace_keyring,
    head,
    changes,
    manifest,
    push,
    feeds,
    publish,
    unpublish,
    open_link,
    link,
    store_link_request,
    store_link_key,
    store_link_answer,
    close_link,
    calendar,
    export,
    *operator_routes.ROUTES,
]
