"""What speaks for and against a plan, in the window's language.

Hides that the planner words its findings in English: each of its phrases is known here, and one that is not is shown
as it is.
"""

from __future__ import annotations

from desktop.domain.planner import Core, Plan, PlanResult
from desktop.domain.timetable import ChoiceKey
from desktop.ui.look.language import translate, weekday_name
from desktop.ui.look.naming import kinds_name


def result_words(result: PlanResult) -> str:
    """What kind of answer this is, in a sentence or two."""
    if not result.plans:
        if result.proven:
            return translate("PlanWords", "There is nothing to choose.")
        return translate("PlanWords", "The time was over before a plan was found.")
    if result.feasible:
        parts = [translate("PlanWords", "These plans are free of clashes.")]
    elif result.core is not None or result.proven:
        parts = [translate("PlanWords", "No plan is free of clashes.")]
    else:
        parts = [translate("PlanWords", "No plan free of clashes was found.")]
    if not result.proven:
        parts.append(translate("PlanWords", "The time was over: there may be better ones."))
    return " ".join(parts)


def core_words(core: Core) -> str:
    """Which choices cannot be had together."""
    names = [choice_name(key) for key in core.choices] + [event.title for event in core.events]
    if len(names) == 1:
        return translate("PlanWords", "Every group of {what} clashes with itself.").format(what=names[0])
    text = translate("PlanWords", "{first} and {last} cannot be had together: every way to choose them clashes.")
    return text.format(first=", ".join(names[:-1]), last=names[-1])


def choice_name(key: ChoiceKey) -> str:
    """A choice in words: `COS 212 practicals`."""
    return f"{key.module} {kinds_name(key.kind).lower()}"


def reasons_of(plan: Plan) -> list[str]:
    """What speaks for a plan."""
    reasons = list(plan.reasons)
    said = []
    if plan.free_days and reasons and reasons[0].endswith(" free"):
        days = ", ".join(weekday_name(day) for day in plan.free_days)
        said.append(translate("PlanWords", "{days} free").format(days=days))
        del reasons[0]
    return said + [_phrase(reason) for reason in reasons]


def tradeoffs_of(plan: Plan) -> list[str]:
    """What speaks against it; minutes of clashes are said by whoever shows the plan."""
    return [_phrase(each) for each in plan.tradeoffs if not each.startswith(f"{plan.clash_minutes} minutes")]


def _phrase(words: str) -> str:
    return {
        "uses few days": translate("PlanWords", "uses few days"),
        "keeps the days you want free": translate("PlanWords", "keeps the days you want free"),
        "starts when you like": translate("PlanWords", "starts when you like"),
        "ends when you like": translate("PlanWords", "ends when you like"),
        "has no time between classes": translate("PlanWords", "has no time between classes"),
        "leaves a lunch break every day": translate("PlanWords", "leaves a lunch break every day"),
        "ends early on Friday": translate("PlanWords", "ends early on Friday"),
        "has lectures and tutorials in the same groups": translate(
            "PlanWords", "has lectures and tutorials in the same groups"
        ),
        "stays on one campus a day": translate("PlanWords", "stays on one campus a day"),
        "loses no class to a test or an exam": translate("PlanWords", "loses no class to a test or an exam"),
        "uses fewer days": translate("PlanWords", "uses fewer days"),
        "keeps your free days better": translate("PlanWords", "keeps your free days better"),
        "starts less early": translate("PlanWords", "starts less early"),
        "ends less late": translate("PlanWords", "ends less late"),
        "has less time between classes": translate("PlanWords", "has less time between classes"),
        "leaves more lunch breaks": translate("PlanWords", "leaves more lunch breaks"),
        "ends earlier on Friday": translate("PlanWords", "ends earlier on Friday"),
        "has more lectures and tutorials in the same groups": translate(
            "PlanWords", "has more lectures and tutorials in the same groups"
        ),
        "has less travel between campuses": translate("PlanWords", "has less travel between campuses"),
        "loses less to tests and exams": translate("PlanWords", "loses less to tests and exams"),
        "uses more days": translate("PlanWords", "uses more days"),
        "keeps your free days less well": translate("PlanWords", "keeps your free days less well"),
        "starts earlier": translate("PlanWords", "starts earlier"),
        "ends later": translate("PlanWords", "ends later"),
        "has more time between classes": translate("PlanWords", "has more time between classes"),
        "leaves fewer lunch breaks": translate("PlanWords", "leaves fewer lunch breaks"),
        "ends later on Friday": translate("PlanWords", "ends later on Friday"),
        "splits more lectures and tutorials": translate("PlanWords", "splits more lectures and tutorials"),
        "has more travel between campuses": translate("PlanWords", "has more travel between campuses"),
        "loses more to tests and exams": translate("PlanWords", "loses more to tests and exams"),
    }.get(words, words)
