"""What the bundle says of itself to macOS, beside what PyInstaller writes (name, executable, icon, identifier)."""

from __future__ import annotations


def info_plist(version: str) -> dict[str, object]:
    """Info.plist: opens PDFs when asked to, never by default, and the addresses `upschedule:...`."""
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
