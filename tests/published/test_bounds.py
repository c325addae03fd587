"""Bounds against Frechet in closed form, enumeration of every table and R; and bad questions."""

import csv
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import erfc, isclose, sqrt

import pandas as pd
import pytest

import survey
from survey.errors import UsageError
from survey.published.bounds import (
    group_difference,
    group_p_value,
    group_share,
    item_p_value,
    memberships,
    overlap,
    rated_together,
)
from survey.published.bounds.queries import feasible_margins
from survey.published.bounds.significance import mcnemar_p
from survey.statistics.overlapping_shares import SharedGroups, z_p
from tests.paths import EXAMPLES, ROOT

SIZE = "N,,figure,,,all,respondents,=,{},0,,,"


@pytest.fixture
def firms(tmp_path, write_findings):
    """Read figures of the survey with overlapping groups."""

    def read(rows):
        path = write_findings(tmp_path / "firms.csv", rows)
        return survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml")

    return read


def span(findings, quantity, **options):
    row = survey.bounds(findings, quantity, **options).iloc[0]
    assert row["status"] == "optimal"
    return row["low"], row["high"]


@pytest.fixture(scope="module")
def tables():
    """Counts by (agent, online, high) of all tables with 3 agents, 4 online, 4 high, 2 agents high."""
    cells = list(product((0, 1), repeat=3))
    kept = []
    for bars in combinations(range(13), 7):  # 6 people in 8 cells
        ends = (-1, *bars, 13)
        table = dict(zip(cells, (b - a - 1 for a, b in pairwise(ends)), strict=True))

        def people(table=table, **want):
            places = {"agent": 0, "online": 1, "high": 2}
            return sum(
                n for cell, n in table.items() if all(cell[places[name]] == v for name, v in want.items())
            )

        sums = (people(agent=1), people(online=1), people(high=1), people(agent=1, high=1))
        if sums == (3, 4, 4, 2):
            kept.append(people)
    assert len(kept) > 5
    return kept


@pytest.fixture(scope="module")
def numbers():
    with (ROOT / "tests" / "reference" / "audit.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class TestFrechet:
    @pytest.mark.parametrize("shares", [("50.0", "75.0"), ("10.0", "20.0"), ("100.0", "35.0")])
    def test_overlap_of_two_groups(self, firms, shares):
        findings = firms(
            [
                SIZE.format(40),
                f"A,,figure,channels,agents,all,share_selecting,=,{shares[0]},1,,,",
                f"B,,figure,channels,online,all,share_selecting,=,{shares[1]},1,,,",
            ]
        )
        a, b = (round(float(share) * 0.4) for share in shares)
        assert span(findings, overlap("agents", "online")) == (max(0, a + b - 40), min(a, b))

    @pytest.mark.parametrize("highs", [(36, 30, 34), (5, 9, 20), (40, 40, 40), (20, 40, 39)])
    def test_items_rated_high_together(self, firms, highs):
        items = ("capital", "customs", "language")
        rows = [
            f"H{item},,figure,hurdles,{item},all,top_2_box,=,{100 * high / 40:.1f},1,,,"
            for item, high in zip(items, highs, strict=True)
        ]
        found = span(firms([SIZE.format(40), *rows]), rated_together("hurdles", *items))
        assert found == (max(0, sum(highs) - 80) / 40, min(highs) / 40)

    def test_packaged_challenges(self, findings):
        items = ("overseas_commercialization", "regulatory_barriers", "geopolitics")
        found = survey.bounds(findings, rated_together("challenges", *items)).iloc[0]
        assert (found["low"], found["high"]) == ((118 + 111 + 110 - 2 * 137) / 137, 110 / 137)
        assert found["verdict"] == "bounded"


class TestEnumeration:
    """Six respondents in two groups: every joint table is written down."""

    ROWS = (
        SIZE.format(6),
        "A,,figure,channels,agents,all,share_selecting,=,50.0,1,,,",
        "B,,figure,channels,online,all,share_selecting,=,66.7,1,,,",
        "C,,figure,hurdles,capital,all,top_2_box,=,66.7,1,,,",
        "D,,figure,hurdles,capital,agents,top_2_box,=,66.7,1,,,",
    )

    def check(self, firms, quantity, values):
        low, high = span(firms(list(self.ROWS)), quantity)
        assert isclose(low, min(values), abs_tol=1e-9), quantity
        assert isclose(high, max(values), abs_tol=1e-9), quantity

    def test_people(self, firms, tables):
        self.check(firms, overlap("agents", "online"), [t(agent=1, online=1) for t in tables])
        for count, values in enumerate(
            [
                [t(agent=0, online=0) for t in tables],
                [t(agent=0, online=1) + t(agent=1, online=0) for t in tables],
                [t(agent=1, online=1) for t in tables],
            ]
        ):
            self.check(firms, memberships(count), values)

    def test_shares(self, firms, tables):
        online = [Fraction(t(online=1, high=1), 4) for t in tables]
        self.check(firms, group_share("hurdles", "capital", "online"), online)
        values = [Fraction(2, 3) - one for one in online]
        self.check(firms, group_difference("hurdles", "capital", "agents", "online"), values)
        outside = [(t(agent=0, online=0, high=1), t(agent=0, online=0)) for t in tables]
        values = [Fraction(n, base) for n, base in outside if base]
        self.check(firms, group_share("hurdles", "capital", None), values)

    def test_p_values(self, firms, tables):
        values = []
        for t in tables:
            a, b, x, y = 3, 4, 2, t(online=1, high=1)
            share = (x + y) / (a + b)
            cells = [
                (cell, t(agent=cell[0], online=cell[1], high=cell[2])) for cell in product((0, 1), repeat=3)
            ]
            weights = [(n, agent / a - online / b, high) for (agent, online, high), n in cells]
            homogeneous = share * (1 - share) * sum(n * weight**2 for n, weight, _ in weights)
            own = sum(n * (weight * (high - share)) ** 2 for n, weight, high in weights)
            difference, variance = x / a - y / b, max(homogeneous, own)
            values.append(1.0 if abs(difference) < 1e-12 else erfc(abs(difference) / sqrt(2 * variance)))
        self.check(firms, group_p_value("hurdles", "capital", "agents", "online"), values)

    @pytest.mark.parametrize(("size", "first", "second"), [(12, 9, 5), (12, 6, 6), (9, 9, 2), (15, 14, 13)])
    def test_mcnemar(self, firms, size, first, second):
        rows = [
            SIZE.format(size),
            f"A,,figure,hurdles,capital,all,top_2_box,=,{100 * first / size:.2f},2,,,",
            f"B,,figure,hurdles,law,all,top_2_box,=,{100 * second / size:.2f},2,,,",
        ]
        every = range(max(0, first + second - size), min(first, second) + 1)
        values = [mcnemar_p(first - both, second - both) for both in every]
        found = span(firms(rows), item_p_value("hurdles", "capital", "law"))
        assert found == (min(values), max(values))


class TestAgainstR:
    def test_mcnemar_is_the_binomial_test(self, numbers):
        rows = [row for row in numbers if row["test"] == "mcnemar"]
        assert rows
        for row in rows:
            assert mcnemar_p(int(row["a"]), int(row["b"])) == pytest.approx(float(row["value"]), abs=1e-12)

    def test_two_groups_have_one_z(self, numbers):
        """The variance of cross-tabs and audit, from sums over respondents in R."""
        rows = [row for row in numbers if row["test"] in ("homogeneous", "own", "p")]
        assert len(rows) == 3 * 8
        for row in rows:
            a, b, x, y, both, yes = (int(row[name]) for name in "abcdef")
            shares = SharedGroups(x, a, y, b, both, yes)
            values = {"homogeneous": shares.homogeneous, "own": shares.own}
            values["p"] = z_p(shares.difference, shares.variance)
            assert float(values[row["test"]]) == pytest.approx(float(row["value"]), rel=1e-10)

    def test_a_small_group_without_the_answer_is_not_overstated(self, numbers):
        """None of 8 against 24 of 60: around the own shares p is 2.5e-10, by the z in use .026, disjoint."""
        robust = next(
            row for row in numbers if row["test"] == "robust" and row["a"] == "8" and row["e"] == "0"
        )
        assert z_p(Fraction(-2, 5), float(robust["value"])) == pytest.approx(2.5e-10, rel=0.02)
        shares = SharedGroups(0, 8, 24, 60)
        assert z_p(shares.difference, shares.variance) == pytest.approx(0.0262, abs=1e-4)

    def test_audit_and_cross_tabs_have_one_variance(self, firms):
        """The same case published, and counted: the bounds are the p-values of the overlaps there may be."""
        rows = [
            SIZE.format(68),
            "A,,figure,channels,agents,all,share_selecting,=,11.76,2,,,",
            "B,,figure,channels,online,all,share_selecting,=,88.24,2,,,",
            "C,,figure,hurdles,capital,agents,top_2_box,=,0,0,,,",
            "D,,figure,hurdles,capital,online,top_2_box,=,40.00,2,,,",
        ]
        low, high = span(firms(rows), group_p_value("hurdles", "capital", "agents", "online"))
        values = []
        for both, online in ((0, [0] * 8 + [1] * 60), (8, [1] * 60 + [0] * 8)):
            answers = {"channels__agents": [1] * 8 + [0] * 60, "channels__online": online}
            answers |= {"hurdles__capital": [1] * 8 + [5] * 24 + [1] * 36}
            counted = survey.from_frame(pd.DataFrame(answers), EXAMPLES / "overlapping-groups.yaml")
            table = survey.crosstab(counted, "hurdles", banner="channels", compare="columns", test="z")
            codes = ["stub_code", "banner_code", "other_code"]
            row = table.set_index(codes).loc[("capital", "agents", "online")]
            shares = SharedGroups(0, 8, 24, 60, both, 0)
            assert row["overlap"] == both
            assert row["p_value"] == pytest.approx(z_p(shares.difference, shares.variance), rel=1e-12)
            values.append(row["p_value"])
        assert (low, high) == pytest.approx((min(values), max(values)), rel=1e-6)


class TestPackaged:
    def test_known_bases_narrow_a_bound(self, findings):
        quantity = overlap("licensing", "newco")
        known = {"independent": 42, "co_development": 29, "licensing": 90, "newco": 41}
        wide, narrow = span(findings, quantity), span(findings, quantity, bases=known)
        assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
        assert narrow[1] == 41

    def test_legal_need_against_licensing_depends_on_the_base(self, findings):
        quantity = group_p_value("support_needs", "contract_legal_diligence", "co_development", "licensing")
        assert span(findings, quantity, bases={"co_development": 29})[0] > 0.42  # z below .8
        assert span(findings, quantity, bases={"co_development": 87})[0] < 0.0455  # z above 2

    def test_what_is_not_proved_is_called_so(self, findings):
        quantity = group_p_value("support_needs", "ip_diligence_patents", "co_development", "newco")
        row = survey.bounds(findings, quantity, bases={"co_development": 29, "newco": 41}).iloc[0]
        assert (row["status"], row["reason"], bool(row["note"])) == ("not proved", "not_proved", True)

    def test_those_in_no_group_are_open(self, findings):
        frame = survey.bounds(findings, group_share("support_needs", "cro_matching", None))
        assert frame.loc[0, "verdict"] == "open"

    @pytest.mark.parametrize(
        ("quantity", "says"),
        [
            (overlap("licensing", "online"), "'online'"),
            (memberships(7), "7 groups"),
            (group_share("support_needs", "colours", None), "'colours'"),
            (group_share("colours", "red", None), "'colours'"),
        ],
    )
    def test_wrong_question_is_told(self, findings, quantity, says):
        with pytest.raises(UsageError, match=says) as error:
            survey.bounds(findings, quantity)
        assert error.value.text("zh")

    def test_wrong_bases_are_told(self, findings):
        with pytest.raises(UsageError, match="cannot have the base 126"):
            survey.bounds(findings, memberships(1), bases={"independent": 126})

    def test_nothing_is_computed_twice(self, findings):
        known = feasible_margins(findings)
        quantity = memberships(2)
        assert known.span(quantity) is known.span(memberships(2))
