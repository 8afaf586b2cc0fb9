"""What codes are called, in the window's language: offered codes, kinds of activity, colours. A code that nobody knows
is its own name."""

from __future__ import annotations

from desktop.domain.timetable.modules import Colour
from desktop.ui.texts.language import translate


def semester_name(offered: str) -> str:
    """What an offered code means, in words; the code itself where it is not known."""
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
    """What a kind of activity is called; the letters themselves where nobody knows."""
    return {
        "L": translate("Detail", "Lecture"),
        "P": translate("Detail", "Practical"),
        "T": translate("Detail", "Tutorial"),
        "D": translate("Detail", "Discussion"),
    }.get(kind, kind)


def kinds_name(kind: str) -> str:
    """What the activities of a kind are called together; the letters themselves where nobody knows."""
    return {
        "L": translate("Modules", "Lectures"),
        "P": translate("Modules", "Practicals"),
        "T": translate("Modules", "Tutorials"),
        "D": translate("Modules", "Discussions"),
    }.get(kind, kind)


def colour_name(colour: Colour) -> str:
    """What Google Calendar calls a colour, in the window's language."""
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
