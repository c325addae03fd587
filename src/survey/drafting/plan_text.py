"""A commented plan of reports for the data at hand: its questions, groups and options by name.

What stands in it holds anyway, so that a reader deletes lines. Lines that begin with `#` and no single blank
are lines of a plan that are not used yet: without their `#` they are.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.ingest import Responses, ResponsesLike
from survey.ingest.reading import responses_of
from survey.instrument import Question
from survey.instrument.report_plans import KIND
from survey.instrument.yaml_lines import comment_lines, flow, quoted
from survey.messages import enumerated, message
from survey.settings import BY_KEY, Setting, settings_of

_LONGEST = 80  # signs of the names of a question and its options in a comment
_SAMPLES = {
    "client": "ACME",
    "fieldwork": "1-30 Apr 2027",
    "data_source": "ACME panel",
    "logo": "logo.png",
    "footer": "Confidential",
    "template": "house.pptx",
    "pictures": "reports/pictures-{name}-{lang}",
    "findings": "findings.csv",
    "sampling_frame": "frame.csv",
    "previous": "earlier-wave.xlsx",
    "previous_instrument": "executive-survey@1.0.0",
    "previous_wave": "2026-04",
    "population": 100_000,
    "equivalent_within": 0.1,
}
_SECTIONS = ("where", "banner", "questions", "sort", "smallest_option")  # they have their own


def draft_plan(responses: ResponsesLike, *, lang: str = "en") -> str:
    """A commented plan of reports for responses, as the text of a YAML file.

    As it stands it makes the report that `analyze` makes without a plan. Every question and option that may
    stand in it is named, the groups with how many are in them: lines are deleted, not written.

    Parameters
    ----------
    responses
        As read, or the path of their file.
    lang
        Language of the comments and of the report.

    Raises
    ------
    UsageError
        There is no such file or language.
    DataError
        The file cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 6})
    >>> text = survey.draft_plan(survey.from_frame(frame, "executive-survey"))
    >>> print(next(line for line in text.splitlines() if line.startswith("  - firm_type")))
      - firm_type  # Firm type: Biotech 6, Biopharma 0, Large pharmaceutical company 0
    """
    from survey.arguments import check_lang

    check_lang(lang)
    responses = responses_of(responses)
    files = [file.name for file in responses.provenance.files]
    return "\n".join(plan_lines(responses, {}, files, lang=lang)) + "\n"


def plan_lines(
    responses: Responses,
    reading: Mapping[str, Any],
    files: Sequence[str],
    target: str = "plan.yaml",
    *,
    lang: str,
) -> Iterator[str]:
    """The lines of the plan; `reading` is how the files were read, by the keys of a plan."""
    instrument = responses.instrument
    values = {"count": len(responses), "instrument": instrument.reference}
    yield from comment_lines(message("plan_new_intro", lang, **values))
    yield f"# survey analyze {shlex.join([*(files or ['FILE']), '--plan', target])}"
    yield from comment_lines(message("plan_new_how", lang))
    yield f"kind: {KIND}"
    reading_lines = [_setting(key, value, lang) for key, value in reading.items()]
    if reading_lines:
        yield from _section("reading", lang)
        yield from reading_lines
    yield from _section("head", lang)
    title = instrument.titled(lang).replace("{", "{{").replace("}", "}}")
    samples = {"title": title, **_SAMPLES}
    for setting in settings_of("head"):
        yield "#" + _setting(setting.key, samples[setting.key], lang)
    yield from _banner(responses, lang)
    yield from _questions(responses, lang)
    yield from _conditions(responses, lang)
    yield from _section("numbers", lang)
    rest = [setting for setting in settings_of("report") if setting.key not in _SECTIONS]
    for setting in sorted(rest, key=lambda setting: not setting.default):  # what holds anyway first
        unused = "" if setting.default else "#"
        yield unused + _setting(setting.key, setting.default or _sample(setting), lang)
    yield from _files(lang)
    yield from _reports(responses, lang)


def _section(name: str, lang: str) -> Iterator[str]:
    """A blank line and what the lines below it are about."""
    yield ""
    yield from comment_lines(message(f"plan_new_{name}", lang))


def _sample(setting: Setting) -> Any:
    """A value that shows what a setting takes."""
    if setting.form == "flag":
        return True
    return setting.choices[0] if setting.choices else _SAMPLES.get(setting.key, 5)


def _setting(key: str, value: Any, lang: str) -> str:
    """A line of a setting, and what it does."""
    setting = BY_KEY[key]
    is_text = setting.form in ("words", "text", "targets") and isinstance(value, str)
    said = message(setting.plan_help or setting.option_help, lang)
    return f"{key}: {quoted(value) if is_text else flow(value)}  # {said}"


def _banner(responses: Responses, lang: str) -> Iterator[str]:
    """The questions by whose groups the others may be shown: the default one, the others ready."""
    grouping = _grouping(responses)
    if not grouping:
        return
    yield from _section("banner", lang)
    default = responses.instrument.defaults.banner
    yield "banner:" if default else "#banner:"
    for question in sorted(grouping, key=lambda question: question.id != default):
        unused = "" if question.id == default else "#"
        yield f"{unused}  - {question.id}  # {_described(responses, question, lang)}"


def _grouping(responses: Responses) -> list[Question]:
    return [question for question in responses.instrument.stubs if question.traits.banner and question.groups]


def _questions(responses: Responses, lang: str) -> Iterator[str]:
    """Every question in its order, and how options are ordered."""
    yield from _section("questions", lang)
    yield "questions:"
    for question in responses.instrument.stubs:
        yield f"  - {question.id}  # {_described(responses, question, lang)}"
    yield _setting("sort", BY_KEY["sort"].default, lang)
    yield "#" + _setting("smallest_option", 5, lang)
    yield from _nets(responses, lang)


def _nets(responses: Responses, lang: str) -> Iterator[str]:
    """A net of the first two options of the first question that has more, ready to be used."""
    question = next((one for one in _grouping(responses) if len(one.groups) > 2), None)
    if question is None:
        return
    first, second = question.groups[:2]
    yield from _section("nets", lang)
    label = quoted(message("plan_new_net_label", lang))
    yield "#nets:"
    yield f"#  {question.id}:"
    said = enumerated([first.said(lang), second.said(lang)], lang)
    yield f"#    - {{id: either, label: {label}, any: {flow((first.id, second.id))}}}  # {said}"


def _described(responses: Responses, question: Question, lang: str) -> str:
    """A question by its short name, with how many chose each option, or with its items."""
    name = question.named(lang)
    counts = option_counts(responses, question)
    parts = [
        part.said(lang) + (f" {counts[part.id]}" if part.id in counts else "") for part in question.parts
    ]
    shown: list[str] = []
    for part in parts:
        if shown and len(name) + sum(map(len, shown)) + len(part) > _LONGEST:
            shown.append("…")
            break
        shown.append(part)
    text = message("about_entry", lang, name=name, value=enumerated(shown, lang)) if shown else name
    return " ".join(text.split())


def option_counts(responses: Responses, question: Question) -> dict[str, int]:
    """How many chose each option; none of other questions."""
    if question.traits.cells == "option":
        chosen = responses.data[question.id].value_counts()
        return {option.id: int(chosen.get(option.id, 0)) for option in question.options}
    if question.traits.cells == "tick":
        ticked = responses.columns_of(question).fillna(False)
        return {option.id: int(ticked[option.id].sum()) for option in question.options}
    return {}


def _conditions(responses: Responses, lang: str) -> Iterator[str]:
    """A condition for the largest group of each question, ready to be used."""
    examples = [
        f'#  - "{question.id}={group}"  # {_counted(question, group, count, lang)}'
        for question, group, count in _largest(responses)
    ]
    if examples:
        yield from _section("where", lang)
        yield from ["#where:", *examples]


def _largest(responses: Responses) -> Iterator[tuple[Question, str, int]]:
    for question in _grouping(responses):
        counts = option_counts(responses, question)
        group = max((group.id for group in question.groups), key=lambda group: counts.get(group, 0))
        if counts.get(group):
            yield question, group, counts[group]


def _counted(question: Question, group: str, count: int, lang: str) -> str:
    label = " ".join(question.part(group).said(lang).split())
    return message("about_entry", lang, name=label, value=count)


def _files(lang: str) -> Iterator[str]:
    yield from _section("files", lang)
    yield f"languages: {flow((lang,))}"
    yield "output:"
    yield f"  - {quoted('reports/{input}-{name}-{lang}.xlsx')}"
    for ending in (".html", ".pptx"):
        yield f"#  - {quoted('reports/{input}-{name}-{lang}' + ending)}"
    for key in ("template", "pictures"):
        yield "#" + _setting(key, _SAMPLES[key], lang)
    yield "#" + _setting("no_pictures", value=True, lang=lang)


def _reports(responses: Responses, lang: str) -> Iterator[str]:
    """One report of all; one for each option, and one of some respondents, ready to be used."""
    yield from _section("reports", lang)
    yield "reports:"
    yield "  - name: all"
    for question in _grouping(responses):
        counts = option_counts(responses, question)
        count = sum(bool(counts.get(group.id)) for group in question.groups)
        said = message("plan_new_each", lang, count=count, question=question.named(lang))
        yield f"#  - for_each: {question.id}  # {said}"
    for question, group, count in [*_largest(responses)][:1]:
        yield f"#  - name: {group}"
        yield f'#    where: "{question.id}={group}"  # {_counted(question, group, count, lang)}'
