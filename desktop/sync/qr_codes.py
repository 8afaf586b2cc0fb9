"""The QR codes in a picture: the only module that knows the library which finds them.

It takes points, never a file: whoever has the file checks first how much there is of it.
"""

from __future__ import annotations

from desktop.domain.errors import InvalidInput

MOST_POINTS = 16_000_000  # of a picture that is searched; the code on a screen is found in far fewer


def qr_texts(grey: bytes, width: int, height: int) -> tuple[str, ...]:
    """The texts of all QR codes in a picture, each once, in the order in which they were found.

    `grey` holds a byte for each point, row after row from the top. Raises InvalidInput for too many of them.
    """
    if not 0 < width * height <= MOST_POINTS or len(grey) != width * height:
        raise InvalidInput("This picture is too large to be searched for a code.", "Cut it down to the code.")
    import zxingcpp  # noqa: PLC0415 -- two megabytes that only who adds a friend by a picture needs

    points = memoryview(grey).cast("B", (height, width))
    only_qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(points, formats=only_qr, text_mode=zxingcpp.TextMode.Plain)
    return tuple(dict.fromkeys(each.text for each in found if each.valid))
