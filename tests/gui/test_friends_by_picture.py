"""A friend's address from a picture of its QR code: chosen, dropped or pasted, photographed or from a screen."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import QBuffer, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop.domain.errors import DocumentRefused, FileError, InvalidInput
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.friends import pictures
from desktop.ui.pages.friends.page import FriendsPage
from desktop.ui.pages.publish import PublishPage
from desktop.workflows import friends
from tests.gui.account import make_account
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, shows_text, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess

ADDRESS = "https://sync.example.org/v1/calendars/0123456789abcdefghijklmnopqrstuvwxyzABCDEFG.ics"
PAIRING = "upschedule:pair?server=https%3A%2F%2Fsync.example.org&code=ABCD-EFGH-JKMN-PQRS"


def drawn(text: str = ADDRESS.replace("https", "webcal"), scale: int = 8) -> QImage:
    """A code as the program draws it."""
    out = BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=scale, border=3)
    return QImage.fromData(out.getvalue())


def on(paper: QColor | Qt.GlobalColor, size: int, *codes: QImage) -> QImage:
    """A larger picture with codes beside each other in it."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(paper)
    painter = QPainter(image)
    for number, code in enumerate(codes):
        painter.drawImage(40 + number * (code.width() + 40), size // 3, code)
    painter.end()
    return image


def turned(degrees: float) -> QImage:
    return on(
        QColor("#dddddd"),
        900,
        drawn()
        .convertToFormat(QImage.Format.Format_ARGB32)
        .transformed(QTransform().rotate(degrees), Qt.TransformationMode.SmoothTransformation),
    )


def photographed() -> QImage:
    """Askew, small, out of focus, in bad light, with the noise of a cheap camera."""
    chance = random.Random(5)
    code = on(QColor("#c8c0b0"), 900, drawn())
    seen = QTransform().shear(0.08, 0.05).rotate(7)
    image = code.transformed(seen, Qt.TransformationMode.SmoothTransformation)
    image = image.scaled(500, 500, mode=Qt.TransformationMode.SmoothTransformation)
    image = image.scaled(900, 900, mode=Qt.TransformationMode.SmoothTransformation)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QColor(40, 20, 0, 70))
    for _ in range(20_000):
        shade = chance.randrange(256)
        painter.fillRect(QRectF(chance.randrange(900), chance.randrange(900), 1, 1), QColor(shade, shade, shade, 90))
    painter.end()
    return image


def transparent() -> QImage:
    """Black points on nothing at all."""
    code = drawn().convertToFormat(QImage.Format.Format_ARGB32)
    code.setAlphaChannel(_inverted(code.convertToFormat(QImage.Format.Format_Grayscale8)))
    return code


def _inverted(image: QImage) -> QImage:
    image.invertPixels()
    return image


def light_on_dark() -> QImage:
    return _inverted(on(Qt.GlobalColor.white, 700, drawn()))


PICTURES: dict[str, Callable[[], QImage]] = {
    "as it is drawn": drawn,
    "a quarter turned": lambda: turned(90),
    "a bit turned": lambda: turned(33),
    "upside down": lambda: turned(180),
    "photographed": photographed,
    "transparent": transparent,
    "light on dark": light_on_dark,
    "small in a large one": lambda: on(Qt.GlobalColor.lightGray, 3400, drawn(scale=4)),
    "larger than is searched": lambda: on(Qt.GlobalColor.lightGray, 5000, drawn(scale=24)),
}


def saved(image: QImage, path: Path) -> Path:
    assert image.save(str(path))
    return path


def address_in(path: Path) -> str:
    grey = pictures.read_file(path)
    return friends.address_in_picture(grey.pixels, grey.width, grey.height)


@pytest.mark.parametrize("kind", PICTURES)
def test_the_address_is_read(kind: str, tmp_path: Path) -> None:
    assert address_in(saved(PICTURES[kind](), tmp_path / "picture.png")) == ADDRESS


@pytest.mark.parametrize("ending", ["jpg", "bmp"])
@pytest.mark.parametrize("kind", ["as it is drawn", "photographed"])
def test_other_files_of_pictures_are_read(kind: str, ending: str, tmp_path: Path) -> None:
    assert address_in(saved(PICTURES[kind](), tmp_path / f"picture.{ending}")) == ADDRESS


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "no code in this picture"),
        (["Room 4-4, IT building"], "not the address of a calendar"),
        (["http://example.org/ann.ics"], "not the address of a calendar"),
        ([PAIRING], "signs another device in"),
        ([ADDRESS, ADDRESS.replace("0123", "4567")], "several codes"),
    ],
)
def test_what_is_no_address_is_said(codes: list[str], said: str, tmp_path: Path) -> None:
    image = on(Qt.GlobalColor.white, 1200, *map(drawn, codes))
    with pytest.raises(InvalidInput, match=said) as caught:
        address_in(saved(image, tmp_path / "picture.png"))
    assert caught.value.hint


def test_the_one_address_among_other_codes_is_meant(tmp_path: Path) -> None:
    image = on(Qt.GlobalColor.white, 1200, drawn("WIFI:S:campus;T:WPA;P:secret;;"), drawn(), drawn(ADDRESS))
    assert address_in(saved(image, tmp_path / "picture.png")) == ADDRESS


def bomb() -> bytes:
    """A small file that says it is a picture of 40,000 by 40,000 points."""
    plain = QImage(8, 8, QImage.Format.Format_Grayscale8)
    data = bytearray(png(plain))
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


def png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_a_picture_that_is_none_or_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="too large"):
        pictures.read_bytes(bomb())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    for data in (b"", b"%PDF-1.7", b"not a picture", svg, png(drawn())[:200]):
        with pytest.raises(DocumentRefused, match="no picture"):
            pictures.read_bytes(data)
    with pytest.raises(FileError):
        pictures.read_file(tmp_path / "gone.png")
    whole = saved(drawn(), tmp_path / "picture.png")
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    with pytest.raises(FileError, match="larger"):
        pictures.read_file(whole)


# in the window


@pytest.fixture
def page(open_window: Opener, stored: Path, qtbot: QtBot) -> Iterator[FriendsPage]:
    yield friends_page(open_window(stored), qtbot)
    QApplication.clipboard().clear()


def friends_page(window: MainWindow, qtbot: QtBot) -> FriendsPage:
    window.open_page(routes.FriendsRoute())
    found = window.page("friends")
    assert isinstance(found, FriendsPage)
    wait_until_idle(qtbot, window)
    return found


def drop(window: MainWindow, *paths: Path) -> str:
    """Drags files over the window and lets go; what the window said while they hovered."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(300, 300), copy, data, left, none))
    assert window._drop_overlay is not None
    said = window._drop_overlay.text()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, none))
    return said


def test_a_dropped_picture_gives_the_address(page: FriendsPage, tmp_path: Path, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    assert drop(window, saved(photographed(), tmp_path / "IMG_1.jpg")) == "Drop to read the code of a friend’s address"
    wait_until(qtbot, lambda: page.address.text() == ADDRESS)
    assert shows_text(window, "Took the address from the picture")
    assert window.current_page == "friends"
    qtbot.keyClicks(page.name, "Ann")
    press(qtbot, page, "Add a friend")
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert [(each.name, each.address) for each in friends.friends_of(view.records)] == [("Ann", ADDRESS)]


def test_a_dropped_pdf_is_still_read_as_a_timetable(page: FriendsPage, tmp_path: Path, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    pdf = tmp_path / "lectures.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    assert drop(window, pdf) == "Drop to read the timetable"
    wait_until(qtbot, lambda: window.current_page == "import")
    wait_until_idle(qtbot, window)


def test_a_picture_is_chosen_from_a_file(page: FriendsPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = saved(drawn(), tmp_path / "ann.png")
    press(qtbot, page, "Choose a picture")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()
    wait_until(qtbot, lambda: page.address.text() == ADDRESS)


@pytest.mark.parametrize("way", ["button", "key on the page", "key in a field"])
def test_a_copied_picture_is_pasted(page: FriendsPage, qtbot: QtBot, way: str) -> None:
    QApplication.clipboard().setImage(on(Qt.GlobalColor.white, 800, drawn()))
    if way == "button":
        press(qtbot, page, "Paste a picture")
    else:
        there = page if way == "key on the page" else page.address
        there.setFocus()
        qtbot.keyClick(there, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_until(qtbot, lambda: page.address.text() == ADDRESS)


def test_a_copied_text_is_pasted_as_ever(page: FriendsPage, qtbot: QtBot) -> None:
    QApplication.clipboard().setText(ADDRESS)
    qtbot.keyClick(page.address, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.address.text() == ADDRESS
    press(qtbot, page, "Paste a picture")
    wait_until(qtbot, lambda: shows_text(page.window(), "No picture was copied."))


def test_a_picture_without_a_code_leaves_what_was_typed(page: FriendsPage, tmp_path: Path, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    qtbot.keyClicks(page.address, "https://example.org/half")
    drop(window, saved(on(Qt.GlobalColor.white, 300), tmp_path / "blank.png"))
    wait_until(qtbot, lambda: shows_text(window, "There is no code in this picture."))
    assert page.address.text() == "https://example.org/half"
    assert shows_text(page, "Or drop a picture of its QR code here")


def test_a_screenshot_of_what_a_friend_publishes(
    open_window: Opener,
    stored: Path,
    tmp_path: Path,
    server: ServerProcess,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FriendsPage, "loopback", True)
    monkeypatch.setattr("desktop.workflows.feeds.is_this_machine", lambda _address: False)  # as a server elsewhere
    window = open_window(stored)
    sync = make_account(window, server.address, qtbot)
    press(qtbot, sync, "Subscribe from my phone")
    published = window.page("publish")
    assert isinstance(published, PublishPage)
    wait_until_idle(qtbot, window)
    press(qtbot, published, "Include all as tentative")
    wait_until_idle(qtbot, window)
    press(qtbot, published, "Publish it")
    wait_until(qtbot, lambda: published.addresses is not None and shows_text(published, "Published"))
    wait_until_idle(qtbot, window)
    shot = tmp_path / "screenshot.png"
    assert window.grab().save(str(shot))
    page = friends_page(window, qtbot)
    drop(window, shot)
    assert published.addresses is not None
    wait_until(qtbot, lambda: page.address.text() == published.addresses.https)  # type: ignore[union-attr]
    wait_until_idle(qtbot, window)
