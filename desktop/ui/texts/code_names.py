"""Names of codes in the language of the window: offered codes, kinds of activity, colours."""

from __future__ import annotations

from desktop.domain.timetable.modules import Colour
from desktop.ui.texts.language import translate


def offered_name(offered: str) -> str:
    """The name of an offered code; an unknown code is returned as it is."""
    known = {
        "S1": translate("Week", "Semester 1"),
        "S2": translate("Week", "Semester 2"),
        "Y": translate("Week", "Whole year"),
        "Q1": translate("Week", "Quarter 1"),
        "Q2": translate("Week", "Quarter 2"),
        "Q3": translate("Week", "Quarter 3"),
        "Q4": translate("Week", "Quarter 4"),
    }
    return known.get(offered, offered)


def kind_name(kind: str) -> str:
    """The name of a kind of activity; an unknown kind is returned as it is."""
    return {
        "L": translate("Detail", "Lecture"),
        "P": translate("Detail", "Practical"),
        "T": translate("Detail", "Tutorial"),
        "D": translate("Detail", "Discussion"),
    }.get(kind, kind)


def kind_plural_name(kind: str) -> str:
    """The plural name of a kind of activity; an unknown kind is returned as it is."""
    return {
        "L": translate("Modules", "Lectures"),
        "P": translate("Modules", "Practicals"),
        "T": translate("Modules", "Tutorials"),
        "D": translate("Modules", "Discussions"),
    }.get(kind, kind)


def colour_name(colour: Colour) -> str:
    """The name of a colour, as in Google Calendar."""
    return {
        Colour.TOMATO: translate("Colour", "Tomato"),
        Colour.FLAMINGO: translate("Colour", "Flamingo"),
        Colour.TANGERINE: translate("Colour", "Tangerine"),
        Colour.BANANA: translate("Colour", "Banana"),
        Colour.SAGE: translate("Colour", "Sage"),
        Colour.BASIL: translate("Colour", "Basil"),
        Colour.PEACOCK: translate("Colour", "Peacock"),
        Colour.BLUEBERRY: translate("Colour", "Blueberry"),
        Colour.LAVENDER: translate("Colour", "Lavender"),
        Colour.GRAPE: translate("Colour", "Grape"),
        Colour.GRAPHITE: translate("Colour", "Graphite"),
    }[colour]
