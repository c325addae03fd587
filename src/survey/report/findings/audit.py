"""The workbook of an audit: Contents, Figures, Bases, Statements, Bounds, Method."""

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Column, Form, Picture, Sheet, ShownTable
from survey.messages import message
from survey.published.audit.verdicts import summary_lines, verdict_key
from survey.report.marks import range_text
from survey.rounding import RULES
from survey.tables import ResultTable

if TYPE_CHECKING:
    from survey.instrument import Instrument, Question
    from survey.published.audit.verdicts import Audit

PACKAGES = ("numpy", "pandas", "scipy", "openpyxl", "matplotlib")
_LISTED = 40  # combinations of bases that are listed one by one


def audit_sheets(audit: "Audit", command: str = "") -> tuple[Sheet, ...]:
    """Build the sheets of an audit, in its language."""
    says = Says(audit)
    return (
        says.contents(),
        says.figures(),
        says.bases(),
        says.statements(),
        says.bounds(),
        says.method(command),
    )


class Says:
    """The sheets of one audit; every text in its language."""

    def __init__(self, audit: "Audit") -> None:
        """Take what was found; its language is that of the sheets."""
        self.audit = audit
        self.lang = audit.lang

    def say(self, key: str, **values: object) -> str:
        """Fill a message in the language of the audit."""
        return message(key, self.lang, **values)

    @property
    def instrument(self) -> "Instrument":
        """The instrument of the findings."""
        return self.audit.findings.instrument

    @property
    def base_text(self) -> str:
        """The base of the whole audit in words."""
        size = self.audit.findings.respondents
        return self.say("audit_base_sheet", name=self.audit.findings.said(self.lang), size=size or "-")

    def _question(self, question_id: str) -> "Question | None":
        known = {question.id: question for question in self.instrument.questions}
        return known.get(question_id)

    def subject(self, question_id: str, item: str, group: str) -> str:
        """Question, item and group in words."""
        question = self._question(question_id)
        if question is None:
            return self.say("figure_respondents")
        parts = [question.named(self.lang)]
        parts += [question.part(item).said(self.lang)] if item else []
        parts += [self.group(group)] if group not in ("all", "groups") else []
        return self.say("item_separator").join(parts)

    def group(self, group: str) -> str:
        """The wording of a group."""
        banner = self._question(self.instrument.defaults.banner or "")
        return banner.part(group).said(self.lang) if banner else group

    def shown(
        self, name: str, title: str, frame: pd.DataFrame, columns: list[tuple[str, Form]], contract: str
    ) -> ShownTable:
        """A frame of the audit with its columns under the headings of the catalogue."""
        kept = [(key, form) for key, form in columns if key != "note" or (frame[key] != "").any()]
        headings = [Column(key, self.say(f"audit_col_{key}"), form) for key, form in kept]
        return self.table(name, title, frame, headings, contract)

    def table(
        self, name: str, title: str, frame: pd.DataFrame, columns: list[Column], contract: str = ""
    ) -> ShownTable:
        """A table under the base of the whole audit."""
        return ShownTable(ResultTable(name, title, self.base_text, frame, contract=contract), tuple(columns))

    def _worded(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(verdict=[self.say(verdict_key(one)) for one in frame["verdict"]])

    def _sheet(
        self,
        name: str,
        table: ShownTable | None,
        lines: tuple[str, ...] = (),
        pictures: tuple[Picture, ...] = (),
    ) -> Sheet:
        return Sheet(
            self.say(f"audit_sheet_{name}"),
            self.say(f"audit_title_{name}"),
            base_text=self.base_text,
            lines=lines,
            tables=(table,) if table else (),
            pictures=pictures,
        )

    def contents(self) -> Sheet:
        """The first sheet: what the audit found, in lines."""
        title = self.say("audit_report_title", name=self.audit.findings.said(self.lang))
        return Sheet(self.say("sheet_contents"), title, lines=tuple(summary_lines(self.audit)))

    def figures(self) -> Sheet:
        """Each figure with the counts that print it."""
        frame = self.audit.figures
        ids = zip(frame["question"], frame["item"], frame["group"], strict=True)
        frame = frame.assign(
            what=[self.subject(*one) for one in ids],
            statistic=[self._statistic(one) for one in frame["statistic"]],
            base_from=[self.say(f"audit_from_{one}") if one else "" for one in frame["base_from"]],
        )
        columns: list[tuple[str, Form]] = [
            ("what", "text"),
            ("finding", "text"),
            ("line", "count"),
            ("locator", "text"),
            ("statistic", "text"),
            ("published", "text"),
            ("verdict", "text"),
            ("base", "text"),
            ("base_from", "text"),
            *((rule, "text") for rule in RULES),
            ("note", "text"),
        ]
        table = self.shown("figures", self.say("audit_title_figures"), self._worded(frame), columns, "")
        return self._sheet("figures", table, (self.say("audit_figures_line"),))

    def _statistic(self, statistic: str) -> str:
        if statistic == "respondents":
            return self.say("figure_respondents")
        if statistic.startswith("share_rated_"):
            return self.say("figure_rated", point=statistic.removeprefix("share_rated_"))
        if statistic.startswith("top_"):
            return self.say("figure_top_box", points=statistic.split("_")[1])
        return self.say("figure_selecting")

    def bases(self) -> Sheet:
        """Each possible base of each group, and the combinations that remain."""
        frame = self.audit.bases
        labels = [self.group(one) for one in frame["group"]]
        yes = {True: self.say("audit_yes"), False: ""}
        shown = self._worded(frame).assign(
            label=labels,
            smallest=[yes[bool(one)] for one in frame["smallest"]],
            unique=[yes[bool(one)] for one in frame["unique"]],
        )
        columns: list[tuple[str, Form]] = [
            ("label", "text"),
            ("base", "count"),
            ("verdict", "text"),
            ("smallest", "text"),
            ("unique", "text"),
            ("lines", "text"),
            ("finding", "text"),
            ("note", "text"),
        ]
        lines = [self.say("audit_bases_line"), *self._combination_lines()]
        pictures: tuple[Picture, ...] = ()
        if len(frame):
            title = self.say("audit_picture_bases")
            data = frame[["group", "base"]].assign(label=labels, survives=frame["verdict"] == "survives")
            alt = self.say("audit_alt_bases", lines=" ".join(self._base_sentences(frame)))
            details = {"size": self.audit.findings.respondents}
            pictures = (Picture("bases", "bases", data, alt, title, details=details),)
        table = self.shown("bases", self.say("audit_title_bases"), shown, columns, "") if len(frame) else None
        return self._sheet("bases", table, tuple(lines), pictures)

    def _base_sentences(self, frame: pd.DataFrame) -> list[str]:
        kept = frame[frame["verdict"] == "survives"]
        return [
            f"{self.group(str(group))}: {', '.join(map(str, rows['base']))}."
            for group, rows in kept.groupby("group", sort=False)
        ]

    def _combination_lines(self) -> list[str]:
        found = self.audit.combinations
        if found is None or found.empty or not len(found.columns):
            return []
        lines = [self.say("audit_line_combinations", count=len(found))]
        if len(found) <= _LISTED:
            names = ", ".join(map(str, found.columns))
            told = self.say("item_separator").join(
                "/".join(map(str, row)) for row in found.itertuples(index=False)
            )
            lines.append(self.say("audit_combinations_listed", groups=names, listed=told))
        return lines

    def statements(self) -> Sheet:
        """Each statement with its verdict and the reason in numbers."""
        frame = self.audit.statements
        ids = zip(frame["question"], frame["item"], frame["group"], strict=True)
        frame = self._worded(frame.assign(what=[self.subject(*one) for one in ids]))
        columns: list[tuple[str, Form]] = [
            ("what", "text"),
            ("finding", "text"),
            ("line", "count"),
            ("locator", "text"),
            ("statement", "text"),
            ("verdict", "text"),
            ("why", "text"),
            ("test", "text"),
            ("bases", "text"),
            ("assumptions", "text"),
        ]
        table = self.shown("statements", self.say("audit_title_statements"), frame, columns, "")
        return self._sheet("statements", table if len(frame) else None, (self.say("audit_statements_line"),))

    def range_of(self, unit: str, low: float, high: float) -> str:
        """Write a range as a reader sees it: people, percentages, points or p-values."""
        return range_text(_FORMS[unit], low, high)

    def bounds(self) -> Sheet:
        """Each quantity with its bounds, and a picture of the p-values."""
        frame = self.audit.bounds
        shown = self._worded(frame).assign(
            unit=[self.say(f"audit_unit_{one}") for one in frame["unit"]],
            status=[self.say("audit_status_" + one.replace(" ", "_")) for one in frame["status"]],
            range=[self.range_of(row.unit, row.low, row.high) for row in frame.itertuples()],
        )
        columns: list[tuple[str, Form]] = [
            ("quantity", "text"),
            ("unit", "text"),
            ("range", "text"),
            ("low", "number"),
            ("high", "number"),
            ("verdict", "text"),
            ("status", "text"),
            ("finding", "text"),
            ("bases", "text"),
            ("note", "text"),
        ]
        table = self.shown("bounds", self.say("audit_title_bounds"), shown, columns, "")
        return self._sheet(
            "bounds", table if len(frame) else None, (self.say("audit_bounds_line"),), self._p_pictures()
        )

    def _p_pictures(self) -> tuple[Picture, ...]:
        frame = self.audit.bounds
        tests = frame[frame["unit"] == "p"].reset_index(drop=True)
        if tests.empty:
            return ()
        data = tests.assign(
            label=[self._comparison(*row) for row in zip(tests["finding"], tests["quantity"], strict=True)],
            proved=tests["status"] == "optimal",
        )
        told = " ".join(
            f"{row.label}: {self.range_of('p', row.low, row.high)}." for row in data.head(8).itertuples()
        )
        level = self.audit.findings.thresholds.level
        title, alt = self.say("audit_picture_p"), self.say("audit_alt_p", lines=told)
        return (Picture("p_intervals", "p_intervals", data, alt, title, details={"level": level}),)

    def _comparison(self, finding: str, quantity: str) -> str:
        """A comparison in words: the statement, what is compared with what."""
        name, _, rest = quantity.removesuffix(")").partition("(")
        question_id, _, *others = rest.split(", ")
        question = self._question(question_id)
        if question is None:
            return quantity
        if name == "item_p_value":
            told = question.part(others[0]).said(self.lang)
            return self.say("audit_compared_item", finding=finding, other=told)
        values = {"other": self.group(others[1]), "method": self.say(f"audit_method_{others[2]}").strip()}
        return self.say("audit_compared_group", finding=finding, **values)

    def method(self, command: str) -> Sheet:
        """What every verdict assumes, the rules, versions."""
        findings = self.audit.findings
        rows = [
            (self.say("method_instrument"), self.instrument.reference),
            (self.say("method_instrument_hash"), self.instrument.content_hash),
            (self.say("origin_findings"), findings.file),
            (self.say("method_findings_hash"), findings.hash),
        ]
        rows += [(self.say("origin_source"), findings.source)] if findings.source else []
        rows += [(self.say("method_command"), command)] if command else []
        rows += [(self.say("audit_assumption"), text) for text in self.audit.assumptions]
        rows += [
            (self.say(f"audit_method_topic_{topic}"), self.say(f"audit_method_text_{topic}"))
            for topic in ("figures", "bases", "statements", "tests", "bounds")
        ]
        rows.append((self.say("method_version", name="expansion-survey"), version("expansion-survey")))
        rows.append((self.say("method_version", name="Python"), platform.python_version()))
        rows += [(self.say("method_version", name=name), version(name)) for name in PACKAGES]
        frame = pd.DataFrame(rows, columns=["topic", "what"])
        headings = (Column("topic", self.say("col_topic")), Column("what", self.say("col_statement")))
        title = self.say("audit_title_method")
        table = ShownTable(ResultTable("method", title, "", frame), headings)
        return Sheet(self.say("audit_sheet_method"), title, tables=(table,))


_FORMS: dict[str, Form] = {"respondents": "count", "p": "p", "share": "share", "difference": "points"}
