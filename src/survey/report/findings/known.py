"""The report of what is known without a data set: published figures, and what follows from them alone."""

from functools import cached_property

import pandas as pd

from survey.document import Column, Form, Picture, Sheet
from survey.instrument import Question
from survey.published.audit.feasible_margins import (
    known_comparisons,
    known_pairs,
    known_ratings,
    known_shares,
    unpublished,
)
from survey.published.audit.ranges import Ranges
from survey.published.audit.verdicts import Audit, summary_lines
from survey.published.bounds.queries import FIXED, Known, Quantity, bound_row, known_of
from survey.published.findings.figures import EVERYONE
from survey.report.findings.audit import Says
from survey.report.marks import range_text
from survey.tables import contract_frame

_SHOWN = 3  # so many of the highest of a question stand in the Summary


def known_sheets(audit: Audit, confidence: float, command: str) -> tuple[Sheet, ...]:
    """Build the sheets: what each question gives, what groups and items give, then those of the audit."""
    says = KnownSheets(audit, confidence)
    whole = says.ranges is not None
    own = [*says.questions(), *says.by_group(), *says.compared()] if whole else []
    audited = [says.bounds(), says.bases(), says.statements(), says.figures(), says.method(command)]
    return (says.contents(), says.summary(), *own, *audited)


class KnownSheets(Says):
    """The sheets of what is known; every text in the language of the audit."""

    def __init__(self, audit: Audit, confidence: float) -> None:
        """Take what was found, and the level of the intervals."""
        super().__init__(audit)
        self.confidence = confidence
        self.level = f"{100 * confidence:.12g} %"

    @cached_property
    def ranges(self) -> Ranges | None:
        """The proved ranges; None where the number of respondents is not known."""
        if self.audit.findings.respondents is None:
            return None
        return Ranges(self.audit.known or known_of(self.audit.findings))

    @property
    def known(self) -> Known:
        """The margins."""
        assert self.ranges is not None
        return self.ranges.known

    @cached_property
    def asked(self) -> list[Question]:
        """The questions of counts that a figure is about: batteries first, the banner last."""
        assert self.ranges is not None
        margins = self.known.margins
        every = [*margins.questions, *([margins.banner] if margins.banner else [])]
        told = [question for question in every if self.ranges.spoken_of(question)]
        return sorted(told, key=lambda question: question.kind != "rating")

    def contents(self) -> Sheet:
        """The first sheet: what this report is and is not."""
        title = self.say("known_report_title", name=self.audit.findings.said(self.lang))
        source = self.audit.findings.source
        lines = [self.say("known_no_data"), self.say("known_legend", level=self.level)]
        lines += [self.say("contents_source", source=source)] if source else []
        return Sheet(self.say("sheet_contents"), title, lines=tuple(lines))

    def summary(self) -> Sheet:
        """Sentences: what leads, how groups overlap, which statements hold, what nothing is known of."""
        lines = [self.say("known_no_data")]
        pictures: tuple[Picture, ...] = ()
        if self.ranges is not None:
            lines += [line for question in self.asked for line in self._leading(question)]
            lines += [line for question in self.asked for line in self._cells_line(question)]
            lines += self._overlap_lines()
            pictures = tuple(self._picture(question) for question in self.asked if question.kind == "rating")
            loose = [question.named(self.lang) for question in unpublished(self.ranges)]
            if loose:
                lines.append(self.say("known_unpublished", questions=self.say("item_separator").join(loose)))
        lines += [line.strip() for line in summary_lines(self.audit)]
        return Sheet(
            self.say("sheet_summary"),
            self.say("known_title_summary"),
            base_text=self.base_text,
            lines=tuple(lines),
            notes=(self.say("note_interval", level=self.level),),
            pictures=pictures,
        )

    # -- questions --------------------------------------------------------------------------------------

    def _shares(self, question: Question, group: str = EVERYONE) -> pd.DataFrame:
        assert self.ranges is not None
        options = {"confidence": self.confidence, "lang": self.lang}
        return known_shares(self.ranges, question, group, **options)  # type: ignore[arg-type]

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        """What is known of each question among all respondents."""
        assert self.ranges is not None
        return {
            question.id: known_ratings(self.ranges, question, confidence=self.confidence, lang=self.lang)
            if question.kind == "rating"
            else self._shares(question)
            for question in self.asked
        }

    def _leading(self, question: Question) -> list[str]:
        """The highest shares that are fixed, with count, interval and, of a battery, the rank."""
        table = self._tables[question.id]
        fixed = table[table["ci_low"].notna()].sort_values("low", ascending=False, kind="stable")
        if fixed.empty:
            return []
        parts = [self._share_text(row) for row in fixed.head(_SHOWN).to_dict("records")]
        told = self.say("item_separator").join(parts)
        values = {"question": question.named(self.lang), "parts": told}
        return [self.say("known_leading", **values, fixed=len(fixed), all=len(table))]

    def _share_text(self, row: dict[str, object]) -> str:
        values = {name: f"{100 * float(str(row[name])):.1f}" for name in ("low", "ci_low", "ci_high")}
        text = self.say("known_share", label=row["label"], count=row["count"], base=row["base"], **values)
        if "rank_low" in row and row["rank_low"] == row["rank_low"]:
            rank = range_text("count", float(str(row["rank_low"])), float(str(row["rank_high"])))
            text = self.say("known_ranked", text=text, rank=rank)
        return text

    def questions(self) -> list[Sheet]:
        """One sheet for each question with figures."""
        return [self._question_sheet(question) for question in self.asked]

    def _question_sheet(self, question: Question) -> Sheet:
        table = self._ranged(self._tables[question.id])
        short = question.named(self.lang)
        columns = [Column("label", short), *self._share_columns()]
        if question.kind == "rating":
            for name, form in _RATED:
                table[name] = [
                    self._range(form, low, high)
                    for low, high in zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
                ]
                columns.append(Column(name, self.say(f"known_col_{name}")))
            for point in self.instrument.scale_of(question).points:
                table[f"point_{point.value}"] = [
                    self._point(question, item, point.value) for item in table["item"]
                ]
                columns.append(Column(f"point_{point.value}", point.numbered(self.lang)))
        title = self.say("known_title_question", question=short)
        shown = self.table(f"known_{question.id}", title, table, columns)
        pictures = (self._picture(question),) if question.kind == "rating" else ()
        return Sheet(
            short,
            title,
            question=question.said(self.lang),
            base_text=self.base_text,
            tables=(shown,),
            notes=self._notes(),
            pictures=pictures,
        )

    def _point(self, question: Question, item: str, value: int) -> str:
        assert self.ranges is not None
        span = self.ranges.share(question, item, codes=(value,))
        return self._range("share", float(span.low), float(span.high)) if span else ""

    def _range(self, form: Form, low: float, high: float) -> str:
        return "" if low != low or high != high else range_text(form, low, high)

    def _ranged(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with its range and its verdict in words."""
        ends = zip(table["low"].astype(float), table["high"].astype(float), strict=True)
        return self._worded(table).assign(range=[self._range("share", *one) for one in ends])

    def _share_columns(self) -> list[Column]:
        return [
            *(Column(name, self.say(f"known_col_{name}")) for name in _SHARE_COLUMNS),
            Column("low", self.say("known_col_low"), "share"),
            Column("high", self.say("known_col_high"), "share"),
            Column("ci_low", self.say("col_ci_low", level=self.level), "share"),
            Column("ci_high", self.say("col_ci_high", level=self.level), "share"),
        ]

    def _notes(self) -> tuple[str, ...]:
        return (self.say("known_note_range"), self.say("known_note_wilson", level=self.level))

    def _picture(self, question: Question) -> Picture:
        """Dots with intervals for the items whose share is fixed."""
        table = self._tables[question.id]
        fixed = table[table["ci_low"].notna()].sort_values("low", ascending=False, kind="stable")
        frame = contract_frame(
            "importance",
            [
                {
                    **{name: row[name] for name in ("question", "item", "label", "ci_low", "ci_high")},
                    **{"n_top": int(str(row["count"])), "base": int(str(row["base"]))},
                    **{"proportion": row["low"], "rank": row["rank_low"]},
                }
                for row in fixed.to_dict("records")
            ],
        )
        short = question.named(self.lang)
        alt = self.say("alt_empty", question=short)
        if len(fixed):
            told = (self._share_text(row) for row in fixed.to_dict("records"))
            alt = self.say("known_alt", question=short, parts=self.say("item_separator").join(told))
        title = self.say("picture_importance", question=short, level=self.level)
        words = {"share": self.say("word_share"), "base": self.say("known_word_base")}
        words["empty"] = self.say("alt_empty", question=short)
        return Picture(f"known_{question.id}", "importance", frame, alt, title, words)

    # -- groups -----------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> dict[str, pd.DataFrame]:
        """What is known of each question by group: a row per part and group with figures."""
        banner, groups = self.known.margins.banner, self.known.margins.groups
        found = {}
        for question in self.asked if groups else ():
            if question != banner:
                tables = [self._shares(question, group) for group in groups]
                whole = pd.concat(tables, ignore_index=True)
                order = {part.id: at for at, part in enumerate(question.parts)}
                whole["order"] = [order[item] for item in whole["item"]]
                found[question.id] = whole.sort_values("order", kind="stable", ignore_index=True)
        return found

    def by_group(self) -> list[Sheet]:
        """One sheet for each question by the groups with figures."""
        banner = self.known.margins.banner
        sheets = []
        for question_id, table in self._cells.items():
            assert banner is not None
            question = self.known.question(question_id)
            noun, short = banner.group_noun(self.lang), question.named(self.lang)
            columns = [
                Column("label", short),
                Column("group_label", self.say("col_group")),
                *self._share_columns(),
            ]
            title = self.say("cross_title", stub=short, noun=noun)
            name = f"known_{question_id}_by_group"
            sheets.append(
                Sheet(
                    self.say("sheet_cross", short=short, noun=noun),
                    title,
                    question=question.said(self.lang),
                    base_text=self.base_text,
                    lines=tuple(self._cells_line(question)),
                    tables=(self.table(name, title, self._ranged(table), columns),),
                    notes=(*self._notes(), self.say("known_note_bases")),
                )
            )
        return sheets

    def _cells_line(self, question: Question) -> list[str]:
        table = self._cells.get(question.id)
        if table is None:
            return []
        banner = self.known.margins.banner
        counts = {name: int((table["verdict"] == name).sum()) for name in (FIXED, "bounded", "open")}
        noun = banner.group_noun(self.lang) if banner else ""
        values = {"question": question.named(self.lang), "noun": noun, "all": len(table)}
        return [self.say("known_cells", **values, **counts)]

    def _overlap_lines(self) -> list[str]:
        """Every overlap of two groups, and how many are in several."""
        assert self.ranges is not None
        lines = []
        span = self.ranges.several() if len(self.known.margins.groups) > 1 else None
        banner = self.known.margins.banner
        if span is not None and banner is not None and banner.kind == "multiple":
            values = {"range": range_text("count", float(span.low), float(span.high))}
            lines.append(self.say("known_several", noun=banner.group_noun(self.lang), **values))
        frame = self.audit.bounds
        pairs = frame[frame["quantity"].str.startswith("overlap(") & (frame["quantity"].str.count(",") == 1)]
        for row in pairs.itertuples():
            one, other = str(row.quantity).removeprefix("overlap(").removesuffix(")").split(", ")
            values = {"one": self.group(one), "other": self.group(other)}
            lines.append(self.say("known_overlap", **values, range=range_text("count", row.low, row.high)))
        return lines

    # -- comparisons ------------------------------------------------------------------------------------

    def compared(self) -> list[Sheet]:
        """The p-values of every two items, and what is known of every two groups."""
        assert self.ranges is not None
        told = (("pairs", known_pairs(self.ranges)), ("comparisons", known_comparisons(self.ranges)))
        found = []
        for name, asked in told:
            rows = [self._compared_row(quantity) for quantity in asked]
            if not rows:
                continue
            table = self._worded(pd.DataFrame(rows))
            columns = [
                Column("what", self.say("col_what")),
                Column("against", self.say("col_compared_with")),
                *([Column("group_of", self.say("col_item"))] if name == "comparisons" else []),
                Column("unit", self.say("audit_col_unit")),
                Column("range", self.say("audit_col_range")),
                Column("low", self.say("audit_col_low"), "number"),
                Column("high", self.say("audit_col_high"), "number"),
                Column("verdict", self.say("audit_col_verdict")),
                Column("status", self.say("audit_col_status")),
            ]
            title = self.say(f"known_title_{name}")
            shown = self.table(f"known_{name}", title, table, columns)
            notes = (self.say(f"known_note_{name}"), self.say("audit_bounds_line"))
            sheet = self.say(f"known_sheet_{name}")
            found.append(Sheet(sheet, title, base_text=self.base_text, tables=(shown,), notes=notes))
        return found

    def _compared_row(self, quantity: Quantity) -> dict[str, object]:
        row = bound_row(self.known, quantity, self.lang)
        span = self.known.span(quantity)
        question = self.known.question(quantity.arguments[0])
        item, first, *rest = quantity.arguments[1:]
        named = [question.part(item).said(self.lang)]
        if rest:
            named = [self.group(first), self.group(rest[0]), *named]
        else:
            named.append(question.part(first).said(self.lang))
        unit = self.say(f"audit_unit_{row['unit']}")
        method = self.say(f"audit_method_{rest[1]}") if len(rest) > 1 else ""
        return {
            **row,
            "what": named[0],
            "against": named[1],
            "group_of": named[-1],
            "unit": f"{unit}{method}",
            "range": self.range_of(quantity.unit, float(span.low), float(span.high)),
            "status": self.say("audit_status_" + str(row["status"]).replace(" ", "_")),
        }


_RATED: tuple[tuple[str, Form], ...] = (("rank", "count"), ("mean", "number"), ("median", "number"))
_SHARE_COLUMNS = ("published", "finding", "count", "base", "verdict", "range")
