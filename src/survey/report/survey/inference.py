"""Sheets over whole questions: ranks with confidence sets, association with the banner, co-occurrence."""

import pandas as pd

from survey.document import Key, Picture, Sentence, Sheet
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.statistics import association, cooccurrence, rank_sets
from survey.statistics.association import Association
from survey.statistics.crosstabs import holm


@once
def sets_of(context: SurveyContext, question: Question) -> pd.DataFrame:
    """Rank sets of a battery or select-all question."""
    return rank_sets(context.counts, question.id, confidence=context.confidence, lang=context.lang)


@once
def association_of(context: SurveyContext, stub: Question) -> Association:
    """Association of a question with the banner."""
    assert context.banner is not None
    return association(
        context.counts, context.banner.id, stub.id, confidence=context.confidence, lang=context.lang
    )


def ranked_questions(context: SurveyContext) -> list[Question]:
    """The questions whose items are ranked: batteries, then select-all questions but the banner."""
    banner = context.banner.id if context.banner else ""
    several = [q for q in context.instrument.questions if q.kind == "multiple" and q.id != banner]
    return [*context.batteries, *several]


def ranks(context: SurveyContext) -> list[Sheet]:
    """One sheet for all rankings: the rank of each item and the ranks it may truly have."""
    asked = [question for question in ranked_questions(context) if sets_of(context, question)["base"].any()]
    if not asked:
        return []
    table = pd.concat(
        [_named(context, question, sets_of(context, question)) for question in asked], ignore_index=True
    )
    level = context.percent_level
    columns = [
        context.column("question_label", heading=context.say("col_question")),
        context.column("label", heading=context.say("col_item")),
        context.column("n", "count"),
        context.column("base", "count"),
        context.column("proportion", "share"),
        context.column("rank", "count"),
        context.column("marginal_low", "count", context.say("col_rank_low", level=level)),
        context.column("marginal_high", "count", context.say("col_rank_high", level=level)),
        context.column("simultaneous_low", "count", context.say("col_rank_all_low", level=level)),
        context.column("simultaneous_high", "count", context.say("col_rank_all_high", level=level)),
        context.column("top", heading=context.say("col_in_top", k=3)),
        context.column("note"),
    ]
    title, base_text = context.say("ranks_title"), context.say("ranks_base")
    return [
        Sheet(
            context.say("sheet_ranks"),
            title,
            base_text=base_text,
            tables=(context.table("ranks", title, base_text, table, columns, "rank_set"),),
            notes=(
                context.say("note_rank_sets", level=level),
                context.say("note_in_top", level=level, k=3),
            ),
            pictures=tuple(rank_picture(context, question) for question in asked[:1]),
        )
    ]


def _named(context: SurveyContext, question: Question, table: pd.DataFrame) -> pd.DataFrame:
    top = [context.say("word_yes") if inside is True else "" for inside in table["in_top"]]
    return table.assign(question_label=question.named(context.lang), top=top)


@once
def rank_picture(context: SurveyContext, question: Question) -> Picture:
    """Bars over the places that each item may hold."""
    table = sets_of(context, question)
    short, level = question.named(context.lang), context.percent_level
    first = table.iloc[0]
    alt = context.say("alt_empty", question=short)
    if first["base"]:
        values = {"low": int(first["marginal_low"]), "high": int(first["marginal_high"])}
        alt = context.say(
            "alt_ranks",
            question=short,
            label=first["label"],
            items=int(table["rank"].notna().sum()),
            **values,
        )
    words = context.picture_words(question, "rank")
    return Picture(
        f"ranks_{question.id}",
        "ranks",
        table,
        alt,
        context.say("picture_ranks", question=short, level=level),
        words,
    )


def rank_text(context: SurveyContext, question: Question, item: str) -> Sentence:
    """The rank of an item with its confidence set: "rank 1 of 8 (ranks 1 to 5 with 95% confidence)"."""
    row = sets_of(context, question).set_index("item").loc[item]
    values = {"rank": int(row["rank"]), "low": int(row["marginal_low"]), "high": int(row["marginal_high"])}
    ends = (Key("rank_set", (question.id, item), f"marginal_{end}") for end in ("low", "high"))
    return context.sentence(
        "summary_rank_single" if values["low"] == values["high"] else "summary_rank_set",
        items=int(sets_of(context, question)["rank"].notna().sum()),
        level=context.percent_level,
        mark=Sentence.of_number("", *ends),
        **values,
    )


def associated(context: SurveyContext) -> list[Question]:
    """The questions whose association with the banner can be tested: not two single ones."""
    banner = context.banner
    return [stub for stub in context.stubs if banner and not (banner.kind == stub.kind == "single")]


def associations(context: SurveyContext) -> list[Sheet]:
    """One sheet: whether each question goes together with the banner as a whole, by every test."""
    stubs = associated(context)
    if not stubs:
        return []
    assert context.banner is not None
    frames = []
    for stub, tests in association_tests(context):
        tests["test"] = [context.say(f"association_test_{name}") for name in tests["method"]]
        strongest = _strongest(context, association_of(context, stub))
        tests["pair"] = [strongest if name == "permutation_sum" else "" for name in tests["method"]]
        tests["question_label"] = stub.named(context.lang)
        frames.append(tests)
    table = pd.concat(frames, ignore_index=True)
    columns = [
        context.column("question_label", heading=context.say("col_question")),
        context.column("test"),
        context.column("base", "count"),
        context.column("statistic", "number"),
        context.column("df", "number"),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("draws", "count", context.say("col_draws")),
        context.column("pair", heading=context.say("col_strongest")),
        context.column("note"),
    ]
    title = context.say("association_title", noun=context.banner.group_noun(context.lang))
    base_text = context.sentences(context.say("association_base"), context.whole_text)
    return [
        Sheet(
            context.say("sheet_association"),
            title,
            base_text=base_text,
            tables=(context.table("association", title, base_text, table, columns, "association_test"),),
            notes=(
                context.say("note_association"),
                context.say("note_association_tests"),
            ),
        )
    ]


def _strongest(context: SurveyContext, association: Association) -> str:
    """The effect: the odds ratio of the pair of options with the largest chi-square."""
    cells = association.cells
    cells = cells[cells["chi_square"].notna() & cells["odds_ratio"].notna()]
    if cells.empty:
        return ""
    row = cells.loc[cells["chi_square"].idxmax()]
    return context.say(
        "association_strongest",
        row=row["row_label"],
        column=row["column_label"],
        ratio=f"{row['odds_ratio']:.2f}",
        low=f"{row['ci_low']:.2f}",
        high=f"{row['ci_high']:.2f}",
        level=context.percent_level,
    )


def association_tests(context: SurveyContext) -> list[tuple[Question, pd.DataFrame]]:
    """The tests of each question with the banner; Holm's adjustment is of the one that is reported."""
    stubs = associated(context)
    by_stub = []
    for stub, adjusted in zip(stubs, _adjusted(context, stubs), strict=True):
        whole = association_of(context, stub)
        tests = whole.tests.copy()
        tests["p_adjusted"] = [
            adjusted if name == "permutation_sum" else float("nan") for name in tests["method"]
        ]
        tests = tests.assign(question=stub.id, banner=context.banner.id if context.banner else "")
        tests["base"] = whole.base
        by_stub.append((stub, tests))
    return by_stub


def _adjusted(context: SurveyContext, stubs: list[Question]) -> list[float]:
    return list(holm([association_of(context, stub).p_value for stub in stubs]))


def associated_count(context: SurveyContext) -> int:
    """How many questions go together with the banner after adjustment."""
    return sum(p < 1 - context.confidence for p in _adjusted(context, associated(context)))


def association_lines(context: SurveyContext) -> list[str]:
    """The sentences of the Summary: only what survives Holm over the questions; said when nothing does."""
    stubs = associated(context)
    if not stubs or context.banner is None:
        return []
    adjusted = _adjusted(context, stubs)
    shown = [stub for stub, p in zip(stubs, adjusted, strict=True) if p < 1 - context.confidence]
    noun = context.banner.group_noun(context.lang)
    if not any(p == p for p in adjusted):
        untested = Key("association_test", ("", context.banner.id, ""), "p_value")
        return [context.sentence("summary_association_untested", untested, noun=noun)]
    key = Key("sentence", ("association", context.banner.id), "value")
    if not shown:
        return [context.sentence("summary_association_none", key, noun=noun, count=len(stubs))]
    names = context.say("item_separator").join(
        context.say("summary_association_part", question=stub.named(context.lang), p=f"{p:.4f}")
        for stub, p in zip(stubs, adjusted, strict=True)
        if stub in shown
    )
    return [context.sentence("summary_association", key, noun=noun, questions=names, count=len(stubs))]


def ticked_questions(context: SurveyContext) -> list[Question]:
    """The select-all questions with two options that may go together."""
    return [q for q in context.instrument.questions if q.kind == "multiple" and len(q.groups) > 1]


@once
def together_of(context: SurveyContext, question: Question) -> pd.DataFrame:
    """Options of a select-all question that are ticked together."""
    return cooccurrence(context.counts, question.id, confidence=context.confidence, lang=context.lang)


def together(context: SurveyContext) -> list[Sheet]:
    """One sheet: which options of a select-all question are ticked together."""
    frames = []
    for question in ticked_questions(context):
        table = together_of(context, question)
        if table["base"].any():
            frames.append(table.assign(question_label=question.named(context.lang)))
    if not frames:
        return []
    level = context.percent_level
    columns = [
        context.column("question_label", heading=context.say("col_question")),
        context.column("label", heading=context.say("col_option")),
        context.column("other_label", heading=context.say("col_other_option")),
        context.column("n", "count", context.say("col_both")),
        context.column("base", "count"),
        context.column("phi", "number"),
        context.column("ci_low", "number", context.say("col_limit_low", level=level)),
        context.column("ci_high", "number", context.say("col_limit_high", level=level)),
        context.column("note"),
    ]
    title, base_text = context.say("together_title"), context.say("together_base")
    table = pd.concat(frames, ignore_index=True)
    return [
        Sheet(
            context.say("sheet_together"),
            title,
            base_text=base_text,
            tables=(context.table("together", title, base_text, table, columns, "cooccurrence"),),
            notes=(context.say("note_together", level=level),),
        )
    ]
