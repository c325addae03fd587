"""What the margins prove, against every data set there is: small margins, all tables written down."""

from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb

import pytest

import survey
from survey.published.audit.ranges import Ranges
from survey.published.bounds.queries import FIXED, OPEN, feasible_margins
from survey.rounding import printed_share
from tests.paths import EXAMPLES

SIZE = "N,,figure,,,all,respondents,=,{},0,,,"


@pytest.fixture(scope="module")
def ranges_of(tmp_path_factory, write_findings):
    """Read figures of the survey with overlapping groups, as ranges."""

    def read(rows):
        path = write_findings(tmp_path_factory.mktemp("firms") / "firms.csv", rows)
        return Ranges(feasible_margins(survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml")))

    return read


def tables(size, cells):
    """Every way to put people into cells."""
    cells = list(cells)
    for bars in combinations(range(size + len(cells) - 1), len(cells) - 1):
        ends = (-1, *bars, size + len(cells) - 1)
        yield dict(zip(cells, (b - a - 1 for a, b in pairwise(ends)), strict=True))


def check(span, values, *, sharp=True):
    """The range holds every value, and is called fixed just where there is one; sharp: its ends occur."""
    values = set(values)
    assert span.low <= min(values)
    assert max(values) <= span.high
    assert (span.verdict == FIXED) == (len(values) == 1)
    if sharp:
        assert (span.low, span.high) == (min(values), max(values))
        assert span.status == "optimal"


class TestGroups:
    """Six people: agents, online, who rates capital high, by the figures of each case."""

    CASES = (
        # agents of all, online of all, capital of all, capital among agents, as printed
        ("50.0", "66.7", "66.7", "66.7"),
        ("50.0", None, "66.7", "66.7"),
        ("100.0", "33.3", "50.0", None),
        ("83.3", "50.0", None, "100.0"),
        (None, "50.0", "33.3", "50.0"),  # the base of the agents is not printed: 2, 4 or 6
    )

    @staticmethod
    def rows(agents, online, capital, among):
        told = [
            ("channels", "agents", "all", "share_selecting", agents),
            ("channels", "online", "all", "share_selecting", online),
            ("hurdles", "capital", "all", "top_2_box", capital),
            ("hurdles", "capital", "agents", "top_2_box", among),
        ]
        return [
            SIZE.format(6),
            *(
                f"C{at},,figure,{question},{item},{group},{statistic},=,{value},1,,,"
                for at, (question, item, group, statistic, value) in enumerate(told)
                if value is not None
            ),
        ]

    @staticmethod
    def data_sets(agents, online, capital, among):
        def people(table, *want):
            return sum(n for cell, n in table.items() if all(cell[place] for place in want))

        def prints(count, base, value):
            return value is None or (base > 0 and printed_share(count, base, 1) == value)

        return [
            lambda *want, table=table: people(table, *want)
            for table in tables(6, product((0, 1), repeat=3))
            if prints(people(table, 0), 6, agents)
            and prints(people(table, 1), 6, online)
            and prints(people(table, 2), 6, capital)
            and prints(people(table, 0, 2), people(table, 0), among)
        ]

    @pytest.mark.parametrize("case", CASES)
    def test_every_result_is_as_in_all_data_sets(self, ranges_of, case):
        ranges, found = ranges_of(self.rows(*case)), self.data_sets(*case)
        assert found
        channels, hurdles = ranges.known.margins.banner, ranges.known.question("hurdles")
        groups = [("agents", 0), ("online", 1)]
        published = [(name, place) for name, place in groups if name in ranges.known.margins.groups]
        for name, place in published:
            check(ranges.base(name), {people(place) for people in found})
            check(ranges.share(channels, name), {Fraction(people(place), 6) for people in found})
            inside = {Fraction(people(place, 2), people(place)) for people in found if people(place)}
            check(ranges.share(hurdles, "capital", name), inside)
        if len(published) == 2:
            check(ranges.both(channels, "agents", "online"), {people(0, 1) for people in found})
        check(ranges.share(hurdles, "capital"), {Fraction(people(2), 6) for people in found})
        assert ranges.share(hurdles, "customs").verdict == OPEN

    def test_a_whole_table_of_a_group_is_settled_only_where_all_of_it_is_fixed(self, ranges_of):
        case = self.CASES[0]
        ranges = ranges_of(self.rows(*case))
        hurdles = ranges.known.question("hurdles")
        assert ranges.settled(hurdles, "capital", "agents")
        assert not ranges.settled(hurdles, "capital", "online")


class TestRatings:
    """Five or six people rate three items; every distribution that prints the figures is written down."""

    ITEMS = ("capital", "customs", "language")

    @staticmethod
    def rows(size, figures):
        return [
            SIZE.format(size),
            *(
                f"R{at},,figure,hurdles,{item},all,{statistic},{comparator},{value},,,,"
                for at, (item, statistic, comparator, value) in enumerate(figures)
            ),
        ]

    @staticmethod
    def distributions(size, figures, item):
        """All counts of points 1 to 5 of one item."""

        def holds(counts, statistic, comparator, value):
            codes = (4, 5) if statistic == "top_2_box" else (int(statistic[-1]),)
            count = sum(counts[code] for code in codes)
            if comparator == "=":
                return printed_share(count, size, 1) == value
            return Fraction(100 * count, size) < Fraction(value)

        return [
            counts
            for counts in tables(size, range(1, 6))
            if all(holds(counts, *told) for name, *told in figures if name == item)
        ]

    @pytest.mark.parametrize("size", [5, 6])
    def test_points_mean_and_median(self, ranges_of, size):
        figures = [
            ("capital", "top_2_box", "=", printed_share(3, size, 1)),
            ("capital", "share_rated_5", "=", printed_share(1, size, 1)),
            ("customs", "share_rated_3", "=", printed_share(size - 1, size, 1)),
            ("language", "top_2_box", "<", "50"),
        ]
        ranges = ranges_of(self.rows(size, figures))
        battery = ranges.known.question("hurdles")
        for item in self.ITEMS:
            found = self.distributions(size, figures, item)
            for code in range(1, 6):
                shares = {Fraction(counts[code], size) for counts in found}
                check(ranges.share(battery, item, codes=(code,)), shares)
            check(ranges.share(battery, item), {Fraction(one[4] + one[5], size) for one in found})
            means = {Fraction(sum(code * n for code, n in one.items()), size) for one in found}
            check(ranges.mean(battery, item), means)
            rated = [[code for code, n in one.items() for _ in range(n)] for one in found]
            medians = {Fraction(one[(size - 1) // 2] + one[size // 2], 2) for one in rated}
            check(ranges.median(battery, item), medians, sharp=size % 2 == 1)

    def test_ranks_overlaps_and_p_values_of_items(self, ranges_of):
        size = 5
        figures = [
            ("capital", "top_2_box", "=", "80.0"),
            ("customs", "top_2_box", "<", "60"),
            ("language", "top_2_box", "=", "60.0"),
            *((item, "top_2_box", "=", "0.0") for item in ("law", "logistics", "pricing", "staff", "trust")),
        ]
        ranges = ranges_of(self.rows(size, figures))
        battery = ranges.known.question("hurdles")
        highs = {"capital": {4}, "customs": {0, 1, 2}, "language": {3}, "law": {0}}
        for item, own in highs.items():
            places = {
                1 + sum(other > mine for other in others)
                for mine in own
                for others in product(*(highs[name] for name in highs if name != item))
            }
            check(ranges.rank(battery, item), places, sharp=False)
        for one, other in combinations(highs, 2):
            both = {
                at
                for first, second in product(highs[one], highs[other])
                for at in range(max(0, first + second - size), min(first, second) + 1)
            }
            check(ranges.both(battery, one, other), both)
            ps = {
                _exact(first - at, second - at)
                for first, second in product(highs[one], highs[other])
                for at in range(max(0, first + second - size), min(first, second) + 1)
            }
            span = ranges.p_value(battery, one, other)
            assert (span.low, span.high) == pytest.approx((min(ps), max(ps)))
            gaps = {Fraction(a - b, size) for a, b in product(highs[one], highs[other])}
            check(ranges.gap(battery, one, other), gaps)


def _exact(only_first, only_second):
    """The two-sided exact McNemar test, written out."""
    n = only_first + only_second
    tail = sum(comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return min(1.0, 2 * tail)


def test_a_share_that_no_count_prints_is_never_fixed(findings):
    ranges = Ranges(feasible_margins(findings))
    needs = ranges.known.question("support_needs")
    span = ranges.share(needs, "regulatory_consultancy", "independent")  # 69.1 %
    assert span.low == span.high == Fraction(29, 42)
    assert span.verdict == "bounded"
    assert ranges.share(needs, "cro_matching", "independent").verdict == FIXED


def test_packaged_ranks_medians_and_overlaps(findings):
    ranges = Ranges(feasible_margins(findings))
    challenges = ranges.known.question("challenges")
    assert ranges.rank(challenges, "geopolitics").verdict == FIXED
    assert ranges.ties(challenges, "geopolitics") == ["overseas_clinical_trials"]
    assert {ranges.median(challenges, item.id).verdict for item in challenges.items} == {FIXED}
    several = ranges.several()
    assert (several.low, several.high) == (23, 137)  # 42 + 29 + 90 + 41 = 202, at most 4 groups each: 65 / 3
    gaps = ranges.known.question("capability_gaps")
    assert ranges.mean_mentions(gaps).verdict == FIXED  # every share of the question is printed


@pytest.mark.parametrize("customs_among", ["66.7", None])
def test_p_values_of_items_that_a_group_ties(ranges_of, customs_among):
    """Six people, three of them agents; figures by group leave less room for those who rate both high."""
    figures = [
        ("channels", "agents", "all", "share_selecting", "50.0"),
        ("hurdles", "capital", "all", "top_2_box", "50.0"),
        ("hurdles", "customs", "all", "top_2_box", "66.7"),
        ("hurdles", "capital", "agents", "top_2_box", "100.0"),
        *([("hurdles", "customs", "agents", "top_2_box", customs_among)] if customs_among else []),
    ]
    rows = [
        f"C{at},,figure,{question},{item},{group},{statistic},=,{value},1,,,"
        for at, (question, item, group, statistic, value) in enumerate(figures)
    ]
    ranges = ranges_of([SIZE.format(6), *rows])
    ps, boths = set(), set()
    for table in tables(6, product((0, 1), repeat=3)):  # agent, capital, customs

        def people(*want, table=table):
            return sum(n for cell, n in table.items() if all(cell[place] for place in want))

        told = people(0), people(1), people(2), people(0, 1)
        if told == (3, 3, 4, 3) and (customs_among is None or people(0, 2) == 2):
            ps.add(_exact(3 - people(1, 2), 4 - people(1, 2)))
            boths.add(people(1, 2))
    span = ranges.p_value(ranges.known.question("hurdles"), "capital", "customs")
    assert (span.low, span.high, span.status) == (pytest.approx(min(ps)), pytest.approx(max(ps)), "optimal")
    check(ranges.both(ranges.known.question("hurdles"), "capital", "customs"), boths)


def test_a_group_of_nobody_has_a_base_and_no_share(ranges_of):
    rows = [SIZE.format(6), "A,,figure,channels,agents,all,share_selecting,=,0.0,1,,,"]
    ranges = ranges_of([*rows, "B,,figure,hurdles,capital,all,top_2_box,=,50.0,1,,,"])
    hurdles = ranges.known.question("hurdles")
    assert ranges.known.bases == {"agents": (0,)}
    assert ranges.base("agents").high == 0
    assert ranges.share(hurdles, "capital", "agents") is None
    assert ranges.share(hurdles, "capital").verdict == FIXED
