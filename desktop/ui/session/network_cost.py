"""Whether the connection to the internet is paid for by what goes over it, as far as the system knows."""

from __future__ import annotations


def is_metered() -> bool:
    """False where the system does not tell: macOS knows no such thing, and Linux without NetworkManager does not."""
    from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415 - long after the first frame

    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        return False
    return QNetworkInformation.instance().isMetered()
