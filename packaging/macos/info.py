"""The bundle's Info.plist entries, in addition to PyInstaller's (name, executable, icon, identifier)."""

from __future__ import annotations


def info_plist(version: str) -> dict[str, object]:
    """Returns the entries: the application opens PDFs when asked to, never by default, and `upschedule:...` links."""
    return {
        "CFBundleDisplayName": "UP Schedule Generator",
        "CFBundleVersion": version,
        "CFBundleShortVersionString": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "af"],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "PDF document",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["com.adobe.pdf"],
            }
        ],
        "CFBundleURLTypes": [{"CFBundleURLName": "UP Schedule Generator", "CFBundleURLSchemes": ["upschedule"]}],
        "LSApplicationCategoryType": "public.app-category.education",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "MIT License",
        "NSRequiresAquaSystemAppearance": False,
    }
