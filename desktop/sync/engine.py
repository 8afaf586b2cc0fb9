"""The sync engine: plans and performs one step at a time until this machine and the server agree.

A run may be ended at any point by a network failure, cancellation or a crash; the next run continues from the last
committed transaction. No transaction is open while the network is waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.domain.errors import AppError, Cancelled, NotReachable
from desktop.domain.records.merge import HeldRecord, clear_server_version
from desktop.sync import wire
from desktop.sync.change_pages import changes_after
from desktop.sync.checkpoint import (
    Checkpoint,
    after_batch,
    load_checkpoint,
    lost_rows,
    remove_lost_rows,
    save_checkpoint,
    set_lost_rows,
)
from desktop.sync.cipher import RecordCipher
from desktop.sync.incoming import PART, Opened, RecordJoiner, kept_pieces, open_rows, row_of
from desktop.sync.mass_delete_guard import check_incoming_deletions, check_outgoing_deletions, may_be_mass_delete
from desktop.sync.outgoing import (
    Batch,
    choose_versions,
    make_batch,
    mark_accepted,
    mark_as_new,
    mark_refused,
    refused_by,
)
from desktop.sync.plan import (
    SYNC_KINDS,
    JoinCounts,
    JoinNeedsDecision,
    Progress,
    SyncOutcome,
    SyncStep,
    count_by_kind,
    head_after_batch,
    next_step,
)
from desktop.sync.ports import Keys, Remote
from desktop.sync.problem_errors import Conflict, Gone, KeyReused, OverQuota, RecordRefused
from desktop.sync.repository import SyncRepository, Transaction
from desktop.sync.server_audit import check_keyring, note_return, reset_comparison

_FRUITLESS = 12  # rounds in which other devices wrote first, before the run gives up until later


@dataclass(slots=True)
class InFlightState:
    """State that an engine keeps between runs, in memory only: losing it costs a little work, never data."""

    batch: Batch | None = None  # sent, with no response received
    max_records: int = wire.BATCH_RECORDS  # how many records the next batch may have


class Engine:
    """Syncs one profile with one account. Not thread-safe."""

    def __init__(self, repository: SyncRepository, remote: Remote, keys: Keys) -> None:
        self._repository = repository
        self._remote = remote
        self._keys = keys
        self._flight = InFlightState()

    def run(
        self,
        *,
        agreed: bool = False,
        wipe: str = "ask",
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> SyncOutcome:
        """Syncs both sides completely.

        `agreed` is True if the user has agreed to join the data of both sides (else JoinNeedsDecision is raised if both
        hold some). `wipe` decides about mass deletions: `ask` (MassDeleteNeedsDecision is raised), `accept` (they
        stand) or `undo` (the deleted records are restored). Raises Cancelled between steps, NotReachable, NotAllowed
        (SessionEnded among them), StorageError.
        """
        run = _Run(self._repository, self._remote, self._keys, self._flight, agreed, wipe, cancelled, progress)
        return run.execute()


class _Run:
    def __init__(
        self,
        repository: SyncRepository,
        remote: Remote,
        keys: Keys,
        flight: InFlightState,
        agreed: bool,
        wipe: str,
        cancelled: Callable[[], bool],
        progress: Callable[[Progress], None],
    ) -> None:
        self._repository = repository
        self._remote = remote
        self._keys = keys
        self._flight = flight
        self._agreed = agreed
        self._wipe = wipe
        self._cancelled = cancelled
        self._progress = progress
        self._head: wire.Head | None = None
        self._synced_tag: str | None = None  # the etag of the head, unless our own writes have moved it since
        self._outcome = SyncOutcome()
        self._fruitless = 0
        self._retried = False

    def execute(self) -> SyncOutcome:
        acts = {
            SyncStep.RESEND: self._push,
            SyncStep.FETCH_HEAD: self._fetch_head,
            SyncStep.FETCH_KEYRING: self._fetch_keyring,
            SyncStep.JOIN: self._join,
            SyncStep.START_OVER: self._start_over,
            SyncStep.PULL: self._pull,
            SyncStep.RECONCILE: self._reconcile,
            SyncStep.PUSH: self._push,
        }
        while True:
            if self._cancelled():
                raise Cancelled
            with self._repository.transaction() as transaction:
                checkpoint = load_checkpoint(transaction, self._keys.account)
                pending = bool(transaction.pending(1) or lost_rows(transaction))
            step = next_step(
                checkpoint, self._head, self._keys.seen_etag, in_flight=self._flight.batch is not None, pending=pending
            )
            if step is SyncStep.DONE:
                outcome = self._finished(checkpoint)
                if outcome is not None:
                    return outcome
                continue
            try:
                acts[step](checkpoint)
            except Gone as gone:
                self._begin_again(checkpoint, gone.reason)

    # steps

    def _fetch_head(self, checkpoint: Checkpoint) -> None:
        tag = checkpoint.tag if not checkpoint.returning else None
        head = self._remote.head(tag)
        keyring = self._keys.seen_etag
        if head is None and checkpoint.epoch is not None and checkpoint.cursor is not None and keyring is not None:
            # 304: unchanged since this tag was stored, which happens only when in sync with the server.
            number = wire.cursor_number(checkpoint.cursor)
            head = wire.Head(checkpoint.epoch, number, checkpoint.cursor, keyring, tag or "")
        if head is None:
            raise wire.InvalidResponse
        self._head = head
        self._synced_tag = head.tag

    def _fetch_keyring(self, checkpoint: Checkpoint) -> None:
        if self._known_head().epoch == checkpoint.epoch:
            check_keyring(self._repository, self._keys.account, self._remote.keyring())
        etag = self._keys.refresh()
        if self._head is not None and etag != self._head.keyring:
            self._count_fruitless()
            self._head = None  # the keyring was replaced meanwhile, by this or another device

    def _join(self, checkpoint: Checkpoint) -> None:
        head = self._known_head()
        with self._repository.transaction() as transaction:
            here = [held.record for held in transaction.all_held() if held.record.kind not in SYNC_KINDS]
        if not self._agreed and head.head > 0 and any(not each.is_deleted for each in here):
            pieces: dict[str, bytes] = {}
            opened = [each.record for each in self._opened_until_now(None, pieces) if each.record is not None]
            there = [each for each in opened if each.kind not in SYNC_KINDS]
            names = {each.name for each in there if not each.is_deleted}
            both = sum(1 for each in here if each.name in names and not each.is_deleted)
            if names:
                raise JoinNeedsDecision(JoinCounts(count_by_kind(here), count_by_kind(there), both))
        with self._repository.transaction() as transaction:
            for held in list(transaction.all_held()):  # what is stored about a server belongs to another account
                if held.etag is not None or held.base is not None or held.sent is not None or held.refused is not None:
                    transaction.put(HeldRecord(held.record))
            for item in transaction.set_asides():
                transaction.remove_aside(item.record_id)
            set_lost_rows(transaction, ())
            reset_comparison(transaction)
            save_checkpoint(transaction, replace(checkpoint, epoch=head.epoch, cursor=None, returning="", tag=None))

    def _start_over(self, checkpoint: Checkpoint) -> None:
        self._begin_again(checkpoint, "epoch")

    def _begin_again(self, checkpoint: Checkpoint, reason: str) -> None:
        self._flight.batch = None
        self._count_fruitless()
        head = self._head = self._remote.head(None)
        if head is None:
            raise wire.InvalidResponse
        self._synced_tag = head.tag
        if checkpoint.returning == reason and checkpoint.epoch == head.epoch and checkpoint.cursor is None:
            return  # nothing was applied since then, so the recovery point exists already
        why = "the sync server was restored" if reason == "epoch" else "the sync server forgot old deletions"
        self._repository.recovery_point(why)
        # A new epoch needs the more careful handling, until everything is reconciled.
        reason = "epoch" if "epoch" in {reason, checkpoint.returning} else reason
        with self._repository.transaction() as transaction:
            reset_comparison(transaction)
            if reason == "epoch":
                note_return(transaction, checkpoint, head)
            save_checkpoint(transaction, replace(checkpoint, epoch=head.epoch, cursor=None, returning=reason, tag=None))
        self._outcome = replace(self._outcome, restored=self._outcome.restored or reason == "epoch")

    def _pull(self, checkpoint: Checkpoint) -> None:
        cipher = self._keys.cipher()
        with self._repository.transaction() as transaction:
            pieces = kept_pieces(transaction, cipher)
            fresh = checkpoint.cursor is None and not any(True for _ in transaction.all_held())
        if not fresh:
            self._guard(checkpoint, cipher, pieces)
            return
        for page in changes_after(self._remote, checkpoint.cursor):
            self._apply(checkpoint, open_rows(page.rows, cipher, pieces), page)
            checkpoint = replace(checkpoint, cursor=page.cursor)
            self._report_progress(SyncStep.PULL, self._outcome.pulled)

    def _guard(self, checkpoint: Checkpoint, cipher: RecordCipher, pieces: dict[str, bytes]) -> None:
        """Pulls all pages before any is applied: a mass deletion shows only in all of them together."""
        pages: list[tuple[wire.ChangesPage, list[Opened]]] = []
        for page in changes_after(self._remote, checkpoint.cursor):
            pages.append((page, open_rows(page.rows, cipher, pieces)))
            self._report_progress(SyncStep.PULL, sum(len(rows) for _, rows in pages))
        opened = [each for _, rows in pages for each in rows if each.row.deleted]
        deletions = [(each.record, each.row.etag) for each in opened if each.record is not None]
        if self._wipe == "ask" and may_be_mass_delete(len(deletions)):
            with self._repository.transaction() as transaction:
                check_incoming_deletions(transaction, deletions)
        for page, rows in pages:
            self._apply(checkpoint, rows, page)

    def _apply(self, checkpoint: Checkpoint, opened: list[Opened], page: wire.ChangesPage) -> None:
        with self._repository.transaction() as transaction:
            joining = self._joining(transaction, restored=checkpoint.returning == "epoch")
            joining.join_rows(opened)
            if page.epoch != checkpoint.epoch:
                raise Gone("epoch")
            save_checkpoint(transaction, replace(checkpoint, cursor=page.cursor, tag=None))
        self._joined(joining, len(opened))
        if self._head is not None and not page.more and page.cursor != self._head.cursor:
            self._head = replace(self._head, head=wire.cursor_number(page.cursor), cursor=page.cursor)
            self._synced_tag = None

    def _reconcile(self, checkpoint: Checkpoint) -> None:
        """Handles the records that the server lacks, after everything it has was pulled.

        After a restore (`epoch`) they were lost and are sent again; after `gc` they were deleted long ago.
        """
        manifest = self._remote.manifest()
        if manifest.epoch != checkpoint.epoch:
            raise Gone("epoch")
        if manifest.cursor != checkpoint.cursor:
            # Other devices wrote meanwhile, perhaps without having seen the records here: pull that first.
            self._count_fruitless()
            self._head = None
            return
        cipher = self._keys.cipher()
        with self._repository.transaction() as transaction:
            for held in list(transaction.all_held()):
                if held.etag is None or cipher.record_id(*held.record.name) in manifest.etags:
                    continue
                if checkpoint.returning == "gc" and not held.pending:
                    transaction.drop(*held.record.name)
                    self._outcome = replace(self._outcome, changed=self._outcome.changed | {held.record.name})
                else:
                    transaction.put(clear_server_version(held))
            lost = [item.record_id for item in transaction.set_asides() if item.record_id not in manifest.etags]
            if checkpoint.returning == "gc":
                for record_id in lost:
                    transaction.remove_aside(record_id)
            elif lost:
                set_lost_rows(transaction, lost)
            save_checkpoint(transaction, replace(checkpoint, returning=""))

    def _push(self, checkpoint: Checkpoint) -> None:
        batch = self._flight.batch or self._next_batch(checkpoint)
        if batch is None:
            return
        self._flight.batch = batch
        try:
            receipt = self._remote.push(batch.body, batch.key)
        except Conflict as conflict:
            self._flight.batch = None
            self._handle_conflict(batch, conflict)
        except (RecordRefused, OverQuota) as no:
            self._flight.batch = None
            self._handle_refusal(batch, no)
        except KeyReused:
            self._flight.batch = None
            self._count_fruitless()
        except NotReachable:
            raise  # the batch may have arrived: it is kept, and sent again unchanged (R6)
        except AppError:
            self._flight.batch = None
            raise
        else:
            self._flight.batch = None
            self._handle_receipt(batch, receipt)

    # responses to a push

    def _handle_receipt(self, batch: Batch, receipt: wire.Receipt) -> None:
        with self._repository.transaction() as transaction:
            checkpoint = load_checkpoint(transaction, self._keys.account)
            settled = mark_accepted(transaction, batch.items)
            save_checkpoint(transaction, after_batch(checkpoint, receipt))
            remove_lost_rows(transaction, batch.ids)
        self._head = None if self._head is None else head_after_batch(self._head, receipt)
        self._synced_tag = None
        self._fruitless = 0
        self._flight.max_records = wire.BATCH_RECORDS
        self._outcome = replace(self._outcome, pushed=self._outcome.pushed + settled)
        self._report_progress(SyncStep.PUSH, self._outcome.pushed)

    def _handle_conflict(self, batch: Batch, conflict: Conflict) -> None:
        self._count_fruitless()
        cipher = self._keys.cipher()
        items = {item.push.row.id: item for item in batch.items}
        rows = [row for record_id, row in conflict.current.items() if row is not None and record_id in items]
        with self._repository.transaction() as transaction:
            opened = open_rows(rows, cipher, kept_pieces(transaction, cipher))
            joining = self._joining(transaction)
            joining.join_rows(opened)
            for record_id, row in conflict.current.items():
                if row is None and record_id in items:
                    mark_as_new(transaction, items[record_id])
            remove_lost_rows(transaction, {row.id for row in rows})
        self._joined(joining, len(opened))
        self._head = None

    def _handle_refusal(self, batch: Batch, no: RecordRefused | OverQuota) -> None:
        reasons = refused_by(no, batch)
        if reasons:
            with self._repository.transaction() as transaction:
                mark_refused(transaction, reasons)
        elif len(batch.items) > 1:
            self._flight.max_records = max(1, len(batch.items) // 2)  # smaller batches isolate the refused record
        else:
            with self._repository.transaction() as transaction:
                remove_lost_rows(
                    transaction, batch.ids
                )  # a row the server does not accept again just stays set aside here

    # parts of steps

    def _next_batch(self, checkpoint: Checkpoint) -> Batch | None:
        if checkpoint.epoch is None:
            raise wire.InvalidResponse
        with self._repository.transaction() as transaction:
            first = transaction.pending(wire.BATCH_RECORDS)
            if self._wipe != "accept" and may_be_mass_delete(sum(held.record.is_deleted for held in first)):
                back = check_outgoing_deletions(transaction, undo=self._wipe == "undo")
                self._outcome = replace(self._outcome, changed=self._outcome.changed | back)
            lost = lost_rows(transaction)
            chosen = choose_versions(transaction, lost, self._flight.max_records)
            if lost and not chosen.kept:
                set_lost_rows(transaction, ())
        batch, impossible = make_batch(chosen, self._keys.cipher(), checkpoint.epoch)
        if impossible:
            with self._repository.transaction() as transaction:
                mark_refused(transaction, impossible)
        return batch

    def _opened_until_now(self, cursor: str | None, pieces: dict[str, bytes]) -> list[Opened]:
        pages = changes_after(self._remote, cursor)
        return [each for page in pages for each in open_rows(page.rows, self._keys.cipher(), pieces)]

    def _count_fruitless(self) -> None:
        self._fruitless += 1
        if self._fruitless > _FRUITLESS:
            raise NotReachable("Other devices are changing the same things right now.", "It is tried again by itself.")

    def _joining(self, transaction: Transaction, *, restored: bool = False) -> RecordJoiner:
        return RecordJoiner(transaction, self._keys.cipher(), restored=restored, revive=self._wipe == "undo")

    def _joined(self, joining: RecordJoiner, rows: int) -> None:
        self._outcome = replace(
            self._outcome,
            changed=self._outcome.changed | joining.changed,
            conflicts=self._outcome.conflicts + joining.conflicts,
            pulled=self._outcome.pulled + rows,
        )

    def _finished(self, checkpoint: Checkpoint) -> SyncOutcome | None:
        """The outcome; None after unreadable rows were tried again (once a run), since there may be more to do now."""
        with self._repository.transaction() as transaction:
            unread = [item for item in transaction.set_asides() if item.reason != PART]
            if unread and not self._retried:
                self._retried = True
                cipher = self._keys.cipher()
                opened = open_rows(map(row_of, unread), cipher, kept_pieces(transaction, cipher))
                joining = self._joining(transaction)
                joining.join_rows([each for each in opened if each.record is not None])
                self._joined(joining, 0)
                return None
            if self._synced_tag is not None and checkpoint.tag != self._synced_tag:
                save_checkpoint(transaction, replace(checkpoint, tag=self._synced_tag))
            refused = len(transaction.refused())
        return replace(self._outcome, unreadable=len(unread), refused=refused)

    def _known_head(self) -> wire.Head:
        if self._head is None:
            raise wire.InvalidResponse
        return self._head

    def _report_progress(self, step: SyncStep, done: int) -> None:
        self._progress(Progress(step, done, 0))
        if self._cancelled():
            raise Cancelled
