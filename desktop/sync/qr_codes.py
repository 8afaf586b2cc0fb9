"""Reads QR codes in a picture. This is the only module that uses the library which finds them.

It takes pixels, never a file: the caller checks the size of the file first.
"""

from __future__ import annotations

from desktop.domain.errors import InvalidInput

MAX_PIXELS = 16_000_000  # pixels of a picture that is searched; a screenshot of a code has far fewer


def qr_texts(grey: bytes, width: int, height: int) -> tuple[str, ...]:
    """The distinct texts of all QR codes in a picture, in the order in which they were found.

    `grey` holds one byte for each pixel, row by row from the top. Raises InvalidInput for too many pixels.
    """
    if not 0 < width * height <= MAX_PIXELS or len(grey) != width * height:
        raise InvalidInput("This picture is too large to be searched for a code.", "Cut it down to the code.")
    import zxingcpp  # noqa: PLC0415 -- two megabytes, needed only to add a friend from a picture

    points = memoryview(grey).cast("B", (height, width))
    only_qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(points, formats=only_qr, text_mode=zxingcpp.TextMode.Plain)
    return tuple(dict.fromkeys(each.text for each in found if each.valid))
