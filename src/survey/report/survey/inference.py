"""Sheets over whole questions: ranks with confidence sets, association with the banner, co-occurrence."""

import pandas as pd

from survey.document import Picture, Sheet
from survey.ingest.provenance import BOUNDED, Mark
from survey.instrument import Question
from survey.report.marks import mark_bracket
from survey.report.survey.context import OPEN, Plan, once
from survey.statistics import association, cooccurrence, rank_sets
from survey.statistics.association import Association
from survey.statistics.crosstabs import holm


@once
def sets_of(plan: Plan, question: Question) -> pd.DataFrame:
    """Rank sets of a battery or select-all question."""
    return rank_sets(plan.responses, question.id, confidence=plan.confidence, lang=plan.lang)


@once
def association_of(plan: Plan, stub: Question) -> Association:
    """Association of a question with the banner."""
    assert plan.banner is not None
    return association(plan.responses, plan.banner.id, stub.id, confidence=plan.confidence, lang=plan.lang)


def ranked_questions(plan: Plan) -> list[Question]:
    """The questions whose items are ranked: batteries, then select-all questions but the banner."""
    banner = plan.banner.id if plan.banner else ""
    several = [q for q in plan.instrument.questions if q.kind == "multiple" and q.id != banner]
    return [*plan.batteries, *several]


def ranks(plan: Plan) -> list[Sheet]:
    """One sheet for all rankings: the rank of each item and the ranks it may truly have."""
    asked = [question for question in ranked_questions(plan) if sets_of(plan, question)["base"].any()]
    if not asked:
        return []
    table = pd.concat(
        [_named(plan, question, sets_of(plan, question)) for question in asked], ignore_index=True
    )
    level = plan.percent_level
    columns = [
        plan.column("question"),
        plan.column("label", heading=plan.say("col_item")),
        plan.column("n", "count"),
        plan.column("base", "count"),
        plan.column("proportion", "share"),
        plan.column("rank", "count"),
        plan.column("marginal_low", "count", plan.say("col_rank_low", level=level)),
        plan.column("marginal_high", "count", plan.say("col_rank_high", level=level)),
        plan.column("simultaneous_low", "count", plan.say("col_rank_all_low", level=level)),
        plan.column("simultaneous_high", "count", plan.say("col_rank_all_high", level=level)),
        plan.column("top", heading=plan.say("col_in_top", k=3)),
        plan.column("note"),
        *plan.margins_columns(),
    ]
    title, base_text = plan.say("ranks_title"), plan.say("ranks_base")
    return [
        Sheet(
            plan.say("sheet_ranks"),
            title,
            base_text=base_text,
            tables=(plan.shown("ranks", title, base_text, table, columns, "rank_set"),),
            notes=(
                plan.say("note_rank_sets", level=level),
                plan.say("note_in_top", level=level, k=3),
                *plan.open_note(),
            ),
            pictures=tuple(rank_picture(plan, question) for question in asked[:1]),
        )
    ]


def _named(plan: Plan, question: Question, table: pd.DataFrame) -> pd.DataFrame:
    top = [plan.say("word_yes") if inside is True else "" for inside in table["in_top"]]
    measures = ("rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high")
    table = plan.with_margins(table, "rank_set", ["question", "item"], *measures)
    return table.assign(question=question.named(plan.lang), top=top, mark=OPEN if plan.reconstructed else "")


@once
def rank_picture(plan: Plan, question: Question) -> Picture:
    """Bars over the places that each item may hold."""
    table = sets_of(plan, question)
    short, level = question.named(plan.lang), plan.percent_level
    first = table.iloc[0]
    alt = plan.say("alt_empty", question=short)
    if first["base"]:
        values = {"low": int(first["marginal_low"]), "high": int(first["marginal_high"])}
        alt = plan.say(
            "alt_ranks",
            question=short,
            label=first["label"],
            items=int(table["rank"].notna().sum()),
            **values,
        )
    words = plan.picture_words(question, "rank")
    return Picture(
        f"ranks_{question.id}",
        "ranks",
        table,
        alt,
        plan.say("picture_ranks", question=short, level=level),
        words,
    )


def rank_text(plan: Plan, question: Question, item: str) -> str:
    """The rank of an item with its confidence set: "rank 1 of 8 (ranks 1 to 5 with 95 % confidence)"."""
    row = sets_of(plan, question).set_index("item").loc[item]
    values = {"rank": int(row["rank"]), "low": int(row["marginal_low"]), "high": int(row["marginal_high"])}
    items = int(sets_of(plan, question)["rank"].notna().sum())
    # Who can be told apart hangs on the joint answers, which published figures do not fix.
    mark = f" {told}" if plan.reconstructed and (told := _places_mark(plan, question, item)) else ""
    said = {"items": items, "level": plan.percent_level, "mark": mark}
    if values["low"] == values["high"]:
        return plan.say("summary_rank_set_one", rank=values["rank"], low=values["low"], **said)
    return plan.say("summary_rank_set", **values, **said)


def _places_mark(plan: Plan, question: Question, item: str) -> str:
    """The ranks of the confidence set over the draws, from the best of the best to the worst of the worst."""
    ends = [plan.mark("rank_set", (question.id, item), f"marginal_{end}") for end in ("low", "high")]
    low, high = ends
    if low and high and low.draws and high.draws:
        return mark_bracket(Mark(BOUNDED, (low.draws[0], high.draws[1])), "count", plan.lang)
    return OPEN


def associated(plan: Plan) -> list[Question]:
    """The questions whose association with the banner can be tested: not two single ones."""
    banner = plan.banner
    return [stub for stub in plan.stubs if banner and not (banner.kind == stub.kind == "single")]


def associations(plan: Plan) -> list[Sheet]:
    """One sheet: whether each question goes together with the banner as a whole, by every test."""
    stubs = associated(plan)
    if not stubs:
        return []
    assert plan.banner is not None
    frames = []
    for stub, tests in association_tests(plan):
        ids = [[stub.id] * len(tests), [plan.banner.id] * len(tests), "method"]
        tests = plan.with_margins(tests, "association", ids, "p_value", "p_adjusted")
        tests["test"] = [plan.say(f"association_test_{name}") for name in tests["method"]]
        strongest = _strongest(plan, association_of(plan, stub))
        tests["pair"] = [strongest if name == "permutation_sum" else "" for name in tests["method"]]
        tests["question"] = stub.named(plan.lang)
        tests["mark"] = OPEN if plan.reconstructed else ""
        frames.append(tests)
    table = pd.concat(frames, ignore_index=True)
    columns = [
        plan.column("question"),
        plan.column("test"),
        plan.column("base", "count"),
        plan.column("statistic", "number"),
        plan.column("df", "number"),
        plan.column("p_value", "p"),
        plan.column("p_adjusted", "p"),
        plan.column("draws", "count", plan.say("col_draws")),
        plan.column("pair", heading=plan.say("col_strongest")),
        plan.column("note"),
        *plan.margins_columns(),
    ]
    title = plan.say("association_title", noun=plan.banner.group_noun(plan.lang))
    base_text = plan.sentences(plan.say("association_base"), plan.whole_text)
    return [
        Sheet(
            plan.say("sheet_association"),
            title,
            base_text=base_text,
            tables=(plan.shown("association", title, base_text, table, columns, "association_test"),),
            notes=(plan.say("note_association"), plan.say("note_association_tests"), *plan.open_note()),
        )
    ]


def _strongest(plan: Plan, found: Association) -> str:
    """The effect: the odds ratio of the pair of options with the largest chi-square."""
    cells = found.cells[found.cells["chi_square"].notna() & found.cells["odds_ratio"].notna()]
    if cells.empty:
        return ""
    row = cells.loc[cells["chi_square"].idxmax()]
    return plan.say(
        "association_strongest",
        row=row["row_label"],
        column=row["column_label"],
        ratio=f"{row['odds_ratio']:.2f}",
        low=f"{row['ci_low']:.2f}",
        high=f"{row['ci_high']:.2f}",
        level=plan.percent_level,
    )


def association_tests(plan: Plan) -> list[tuple[Question, pd.DataFrame]]:
    """The tests of each question with the banner; Holm's adjustment is of the one that is reported."""
    stubs = associated(plan)
    found = []
    for stub, adjusted in zip(stubs, _adjusted(plan, stubs), strict=True):
        whole = association_of(plan, stub)
        tests = whole.tests.copy()
        tests["p_adjusted"] = [
            adjusted if name == "permutation_sum" else float("nan") for name in tests["method"]
        ]
        tests["base"] = whole.base
        found.append((stub, tests))
    return found


def _adjusted(plan: Plan, stubs: list[Question]) -> list[float]:
    return list(holm([association_of(plan, stub).p_value for stub in stubs]))


def associated_count(plan: Plan) -> int:
    """How many questions go together with the banner after adjustment."""
    return sum(p < 1 - plan.confidence for p in _adjusted(plan, associated(plan)))


def association_lines(plan: Plan) -> list[str]:
    """The sentences of the Summary: only what survives Holm over the questions; said when nothing does."""
    stubs = associated(plan)
    if not stubs or plan.banner is None:
        return []
    adjusted = _adjusted(plan, stubs)
    shown = [stub for stub, p in zip(stubs, adjusted, strict=True) if p < 1 - plan.confidence]
    noun = plan.banner.group_noun(plan.lang)
    if not any(p == p for p in adjusted):
        return [plan.sentence(plan.say("summary_association_untested", noun=noun))]
    mark = plan.bracket("sentence", ("association", plan.banner.id), "value")
    if not shown:
        text = plan.say("summary_association_none", noun=noun, count=len(stubs))
        return [plan.sentence(text, mark=mark)]
    names = plan.say("item_separator").join(
        plan.say("summary_association_one", question=stub.named(plan.lang), p=f"{p:.4f}")
        for stub, p in zip(stubs, adjusted, strict=True)
        if stub in shown
    )
    text = plan.say("summary_association", noun=noun, questions=names, count=len(stubs))
    return [plan.sentence(text, mark=mark)]


def ticked_questions(plan: Plan) -> list[Question]:
    """The select-all questions with two options that may go together."""
    return [q for q in plan.instrument.questions if q.kind == "multiple" and len(q.groups) > 1]


@once
def together_of(plan: Plan, question: Question) -> pd.DataFrame:
    """Options of a select-all question that are ticked together."""
    return cooccurrence(plan.responses, question.id, confidence=plan.confidence, lang=plan.lang)


def together(plan: Plan) -> list[Sheet]:
    """One sheet: which options of a select-all question are ticked together."""
    frames = []
    for question in ticked_questions(plan):
        table = together_of(plan, question)
        table = plan.with_margins(table, "together", ["question", "code", "other_code"], "n", "phi")
        mark = OPEN if plan.reconstructed else ""
        if table["base"].any():
            frames.append(table.assign(question=question.named(plan.lang), mark=mark))
    if not frames:
        return []
    level = plan.percent_level
    columns = [
        plan.column("question"),
        plan.column("label", heading=plan.say("col_option")),
        plan.column("other_label", heading=plan.say("col_other_option")),
        plan.column("n", "count", plan.say("col_both")),
        plan.column("base", "count"),
        plan.column("phi", "number"),
        plan.column("ci_low", "number", plan.say("col_limit_low", level=level)),
        plan.column("ci_high", "number", plan.say("col_limit_high", level=level)),
        plan.column("note"),
        *plan.margins_columns(),
    ]
    title, base_text = plan.say("together_title"), plan.say("together_base")
    table = pd.concat(frames, ignore_index=True)
    return [
        Sheet(
            plan.say("sheet_together"),
            title,
            base_text=base_text,
            tables=(plan.shown("together", title, base_text, table, columns, "cooccurrence"),),
            notes=(plan.say("note_together", level=level), *plan.open_note()),
        )
    ]
