"""Many data sets from margins: each meets every figure, and together they reach every table there is."""

import math
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from survey.errors import FindingsError, UsageError
from survey.ingest.provenance_pairs import provenance_entries
from survey.published.bounds.queries import (
    bounds,
    group_difference,
    group_share,
    item_p_value,
    memberships,
    overlap,
    rated_together,
)
from survey.published.findings import read_findings, reproduce
from survey.published.reconstruction.dataset import reconstruct
from survey.published.reconstruction.diagnostics import chain_statistics
from survey.published.reconstruction.ensemble import STRONGEST, reconstructions
from survey.published.reconstruction.lattice import lattice_kernel, short_directions
from survey.rounding import printed_share
from survey.tables import CONTRACTS

SIZE = "N,,figure,,,all,respondents,=,{},0,,,"
GROUPS = ("independent", "co_development", "licensing", "newco")
NEEDS = "support_needs"

# Exclusive options among the groups and among the needs, a scale of three points.
SMALL = """
kind: survey
id: small-survey
version: "1.0.0"
languages: [en]
title: {en: Small}
defaults: {banner: ways, battery: hurdles}
scales:
  rate:
    top: 1
    points:
      - {value: 1, label: {en: one}}
      - {value: 2, label: {en: two}}
      - {value: 3, label: {en: three}}
questions:
  - id: ways
    kind: multiple
    short: {en: Ways}
    text: {en: Which ways?}
    options:
      - {id: east, label: {en: East}}
      - {id: west, label: {en: West}}
      - {id: nowhere, label: {en: Nowhere}, exclusive: true}
  - id: wants
    kind: multiple
    short: {en: Wants}
    text: {en: What do you want?}
    options:
      - {id: money, label: {en: Money}}
      - {id: people, label: {en: People}}
      - {id: nothing, label: {en: Nothing}, exclusive: true}
  - id: hurdles
    kind: rating
    short: {en: Hurdles}
    text: {en: How high?}
    scale: rate
    items:
      - {id: law, label: {en: Law}}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory, write_findings):
    folder = tmp_path_factory.mktemp("small")
    (folder / "small-survey.yaml").write_text(SMALL, encoding="utf-8")

    def read(rows):
        return read_findings(write_findings(folder / "own.csv", rows), folder / "small-survey.yaml")

    return read


@pytest.fixture(scope="module")
def ensemble(findings):
    return reconstructions(findings, draws=240, seed=5, sweeps=20)


def splits(total, parts):
    """Every way to split a total into so many counts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def compare(seen, tables):
    """The p-value of the draws against the chances of all tables; every draw must be one of them."""
    assert set(seen) <= set(tables)
    weights = np.array([*tables.values()], dtype=float)
    observed = np.array([seen[one] for one in tables])
    expected = weights / weights.sum() * observed.sum()
    rare = expected < 4
    if rare.any():
        observed = np.append(observed[~rare], observed[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    return chisquare(observed, expected).pvalue, np.mean([seen[one] == 0 for one in tables])


class TestEveryDraw:
    def test_meets_every_figure_that_can_be_met(self, ensemble, findings):
        for draw in (1, 60, 119, 240):
            verdicts = reproduce(ensemble.responses(draw), findings)
            missed = verdicts.loc[verdicts["verdict"] == "not reproduced", "finding"]
            assert missed.tolist() == ["M01", "M02"]

    def test_meets_the_counts_of_every_figure(self, ensemble, findings):
        """The same for all draws, from the arrays: a count by hand for each printed figure."""
        groups = ensemble.answers("expansion_models")
        positions = {name: at for at, name in enumerate((*GROUPS, "undecided"))}
        tried = 0
        for figure in findings.parsed():
            if figure.is_size:
                continue
            inside = np.ones(ensemble.codes.shape[:2], dtype=bool)
            if figure.group != "all":
                inside = groups[:, :, positions[figure.group]]
            answers = ensemble.column(f"{figure.question}__{figure.item}")
            if answers.dtype != bool:
                answers = np.isin(answers, figure.codes)
            counts, bases = (answers & inside).sum(axis=1), inside.sum(axis=1)
            for count, base in set(zip(counts.tolist(), bases.tolist(), strict=True)):
                if figure.is_bound:
                    assert figure.holds(100 * count / base)
                elif figure.claim in ("M01", "M02") and printed_share(round(base * 0.691), base, 1) != "69.1":
                    assert abs(count - base * 0.691) <= 0.5
                else:
                    assert printed_share(count, base, figure.digits) == figure.published, figure.claim
                tried += 1
        assert tried > 70

    def test_bases_are_those_that_fit_one_joint_table(self, ensemble, audited):
        told = {tuple(sorted(ensemble.bases(draw).items())) for draw in range(1, 241)}
        possible = {tuple(sorted(row.items())) for row in audited.combinations.to_dict("records")}
        assert len(possible) == 24
        assert told == possible
        groups = ensemble.answers("expansion_models").sum(axis=1)
        for draw in (1, 100, 240):
            assert groups[draw - 1, :4].tolist() == [ensemble.bases(draw)[group] for group in GROUPS]

    def test_undecided_stand_alone(self, ensemble):
        models = ensemble.answers("expansion_models")
        assert not (models[:, :, 4] & models[:, :, :4].any(axis=2)).any()
        assert models[:, :, 4].any()

    def test_lies_within_the_proved_bounds(self, ensemble, findings):
        models = {name: ensemble.column(f"expansion_models__{name}") for name in GROUPS}
        high = ensemble.answers("challenges") >= 4
        need = ensemble.column(f"{NEEDS}__contract_legal_diligence")
        none = ~np.any([*models.values()], axis=0)
        cro = ensemble.column(f"{NEEDS}__cro_matching")
        share = {name: (need & has).sum(axis=1) / has.sum(axis=1) for name, has in models.items()}
        with np.errstate(invalid="ignore"):
            outside = (cro & none).sum(axis=1) / none.sum(axis=1)
        items = [item.id for item in findings.instrument.question("challenges").items]
        first, second = (items.index(one) for one in ("overseas_commercialization", "regulatory_barriers"))
        values = {
            overlap("licensing", "newco"): (models["licensing"] & models["newco"]).sum(axis=1),
            overlap(*GROUPS): np.all([*models.values()], axis=0).sum(axis=1),
            memberships(2): (np.sum([*models.values()], axis=0) == 2).sum(axis=1),
            rated_together("challenges", *items[:2]): high[:, :, :2].all(axis=2).mean(axis=1),
            group_share(NEEDS, "cro_matching", None): outside[~np.isnan(outside)],
            group_difference(NEEDS, "contract_legal_diligence", "co_development", "newco"): share[
                "co_development"
            ]
            - share["newco"],
            item_p_value("challenges", items[first], items[second]): mcnemar(
                high[:, :, first], high[:, :, second]
            ),
        }
        for row, drawn in zip(bounds(findings, *values).itertuples(), values.values(), strict=True):
            assert row.low - 1e-9 <= drawn.min() <= drawn.max() <= row.high + 1e-9, row.quantity
            assert drawn.max() > drawn.min()

    def test_spreads_over_most_of_the_range_of_an_overlap(self, ensemble):
        both = ensemble.column("expansion_models__licensing") & ensemble.column("expansion_models__newco")
        counts = both.sum(axis=1)
        assert counts.min() < 15  # the margins allow 5 to 90
        assert counts.max() > 80

    def test_dependence_runs_from_none_to_strong(self, ensemble):
        used = ensemble.draws["correlation"].to_numpy()
        assert sorted(used) == pytest.approx(np.linspace(0, STRONGEST, 240))
        ratings = ensemble.answers("challenges")
        found = np.array([np.corrcoef(one.T)[np.triu_indices(8, 1)].mean() for one in ratings])
        assert np.corrcoef(used, found)[0, 1] > 0.9
        assert abs(found[used < 0.1].mean()) < 0.08
        assert found[used > 0.7].mean() > 0.5

    def test_unpublished_questions_vary_as_assumed(self, ensemble):
        types = np.stack([(ensemble.column("firm_type") == at).mean(axis=1) for at in range(3)])
        assert types.mean(axis=1) == pytest.approx([0.5, 0.3, 0.2], abs=0.05)
        assert types.std(axis=1).min() > 0.1
        models = ensemble.answers("expansion_models")
        large = ensemble.column("firm_type") == 2
        shares = [(models[:, :, 0] & some).sum() / some.sum() for some in (large, ~large)]
        assert shares[0] > shares[1] + 0.1  # large firms lean to going alone


def mcnemar(one, other):
    from scipy.stats import binomtest

    more, fewer = (one & ~other).sum(axis=1), (~one & other).sum(axis=1)
    return np.array([binomtest(int(a), int(a + b)).pvalue for a, b in zip(more, fewer, strict=True)])


class TestFrames:
    def test_data_have_the_columns_and_types_of_responses(self, ensemble):
        frame = ensemble.data
        assert list(frame.columns) == ["draw", "respondent", *ensemble.instrument.columns]
        assert len(frame) == 240 * 137
        assert frame["respondent"].iloc[[0, 136, 137]].tolist() == ["R001", "R137", "R001"]
        one = ensemble.responses(7)
        same = frame[frame["draw"] == 7].drop(columns=["draw", "respondent"]).reset_index(drop=True)
        pd.testing.assert_frame_equal(one.data.reset_index(drop=True), same)
        assert one.missing.eq("").all(axis=None)

    def test_arrays_say_the_same(self, ensemble):
        frame = ensemble.data[ensemble.data["draw"] == 3]
        assert (
            ensemble.column("challenges__geopolitics")[2].tolist()
            == frame["challenges__geopolitics"].tolist()
        )
        assert (
            ensemble.column("expansion_models__newco")[2].tolist()
            == frame["expansion_models__newco"].tolist()
        )
        codes = frame["firm_type"].cat.codes.tolist()
        assert ensemble.column("firm_type")[2].tolist() == codes
        assert ensemble.answers(NEEDS).shape == (240, 137, 11)
        assert ensemble.answers("challenges").min() == 1

    def test_responses_say_what_they_are(self, ensemble, findings):
        provenance = ensemble.responses(9).provenance
        made = provenance.reconstruction
        assert (made.draw, made.draws, made.seed) == (9, 240, 5)
        assert (
            dict(provenance_entries(provenance, "group_bases"))["group_bases"]
            == ensemble.draws["bases"].iloc[8]
        )
        one = reconstruct(findings).provenance
        alike = {"answers_digest": "", "group_bases": {}, "seed": 0, "fixed": (), "not_met": ()}
        assert replace(made, draw=None, draws=None, **alike) == replace(one.reconstruction, **alike)
        assert replace(provenance, reconstruction=one.reconstruction) == one
        assert ensemble.not_met == ("M01", "M02")

    def test_frames_keep_their_contracts(self, ensemble):
        assert tuple(ensemble.draws.columns) == CONTRACTS["draw"]
        assert tuple(ensemble.mixing.columns) == CONTRACTS["mixing"]
        assert tuple(ensemble.trace.columns) == CONTRACTS["trace"]
        assert len(ensemble.trace) == 240 * len(ensemble.mixing)
        both = ensemble.column("expansion_models__licensing") & ensemble.column("expansion_models__newco")
        traced = ensemble.trace.query("quantity == 'overlap(licensing, newco)'")
        assert traced["value"].tolist() == both.sum(axis=1).tolist()
        row = ensemble.mixing.set_index("quantity").loc["overlap(licensing, newco)"]
        assert (row["minimum"], row["maximum"]) == (both.sum(axis=1).min(), both.sum(axis=1).max())
        assert (row["draws"], row["chains"], row["combinations"]) == (240, 48, 24)

    @pytest.mark.parametrize("draw", [0, 241, -1, 1.5, "1", True])
    def test_unknown_draw_is_refused(self, ensemble, draw):
        with pytest.raises(UsageError, match="from 1 to 240"):
            ensemble.responses(draw)

    def test_unknown_column_is_refused(self, ensemble):
        for ask in (ensemble.column, ensemble.answers):
            with pytest.raises(UsageError, match="no column of counts"):
                ask("nonsense")


class TestSeed:
    def test_same_seed_gives_the_same_draws(self, findings):
        one, other = (reconstructions(findings, draws=30, seed=2, sweeps=3) for _ in range(2))
        assert np.array_equal(one.codes, other.codes)
        pd.testing.assert_frame_equal(one.draws, other.draws)
        pd.testing.assert_frame_equal(one.mixing, other.mixing)

    def test_another_seed_gives_others(self, findings):
        one, other = (reconstructions(findings, draws=5, seed=seed, sweeps=2) for seed in (0, 1))
        assert not np.array_equal(one.codes, other.codes)

    @pytest.mark.parametrize(
        "wrong", [{"draws": 0}, {"draws": 1.5}, {"draws": True}, {"sweeps": 0}, {"seed": -1}, {"seed": "a"}]
    )
    def test_numbers_out_of_range_are_refused(self, findings, wrong):
        with pytest.raises(UsageError, match=next(iter(wrong))):
            reconstructions(findings, **wrong)


class TestReachesEveryTable:
    """Full enumeration, by loops that know nothing of the walks: every table is met as often as it should."""

    def test_two_groups_and_two_needs(self, executive):
        size = 7
        made = reconstructions(
            executive(
                [
                    SIZE.format(size),
                    f"A,,figure,{NEEDS},cro_matching,licensing,share_selecting,=,50.0,1,,,",
                    f"B,,figure,{NEEDS},ip_diligence_patents,newco,share_selecting,=,33.3,1,,,",
                    f"C,,figure,{NEEDS},cro_matching,all,share_selecting,=,42.9,1,,,",
                    f"D,,figure,{NEEDS},ip_diligence_patents,all,share_selecting,<,50,0,,,",
                ]
            ),
            draws=4000,
            sweeps=8,
        )
        tables = defaultdict(dict)
        for people in splits(size, 4):  # none, licensing, newco, both
            licensing, newco = people[1] + people[3], people[2] + people[3]
            for cro in product(*(range(one + 1) for one in people)):
                if not licensing or sum(cro) != 3 or 2 * (cro[1] + cro[3]) != licensing:
                    continue
                for ip in product(*(range(one + 1) for one in people)):
                    if newco and sum(ip) < 4 and 3 * (ip[2] + ip[3]) == newco:
                        chance = math.prod(1 / (one + 1) ** 2 for one in people)
                        tables[licensing, newco][people, cro, ip] = chance
        one, other = (made.column(f"expansion_models__{group}") for group in ("licensing", "newco"))
        pattern = one + 2 * other
        answers = [made.column(f"{NEEDS}__{need}") for need in ("cro_matching", "ip_diligence_patents")]
        seen = defaultdict(Counter)
        for draw in range(len(made)):
            counts = [pattern[draw], *(pattern[draw][has[draw]] for has in answers)]
            table = tuple(tuple(np.bincount(some, minlength=4).tolist()) for some in counts)
            seen[table[0][1] + table[0][3], table[0][2] + table[0][3]][table] += 1
        assert set(seen) == set(tables)
        assert sum(map(len, tables.values())) == 307
        for bases, counter in seen.items():
            p_value, missed = compare(counter, tables[bases])
            assert p_value > 0.001, bases
            assert missed < 0.05

    def test_three_groups_whose_needs_tie_to_each(self, executive):
        """One need with a figure in every group: the exchange must find respondents who answer alike."""
        size, groups = 7, ("independent", "co_development", "licensing")
        rows = [SIZE.format(size), f"C,,figure,{NEEDS},cro_matching,all,share_selecting,=,42.9,1,,,"]
        for group, share, base in zip(groups, ("33.3", "33.3", "50.0"), (3, 3, 4), strict=True):
            rows.append(f"{group},,figure,{NEEDS},cro_matching,{group},share_selecting,=,{share},1,,{base},")
        made = reconstructions(executive(rows), draws=3000, sweeps=15)
        inside = [[at for at in range(8) if at >> bit & 1] for bit in range(3)]
        tables = {}
        for people in splits(size, 8):
            if [sum(people[at] for at in one) for one in inside] != [3, 3, 4]:
                continue
            for cro in product(*(range(one + 1) for one in people)):
                if sum(cro) == 3 and [sum(cro[at] for at in one) for one in inside] == [1, 1, 2]:
                    tables[people, cro] = math.prod(1 / (one + 1) for one in people)
        member = [made.column(f"expansion_models__{group}") for group in groups]
        pattern = sum((has.astype(int) << bit for bit, has in enumerate(member)), start=0)
        cro = made.column(f"{NEEDS}__cro_matching")
        seen = Counter()
        for draw in range(len(made)):
            counts = (pattern[draw], pattern[draw][cro[draw]])
            seen[tuple(tuple(np.bincount(some, minlength=8).tolist()) for some in counts)] += 1
        assert len(tables) == 60
        p_value, missed = compare(seen, tables)
        assert p_value > 0.001
        assert missed < 0.05

    def test_exclusive_options_and_a_scale(self, small):
        """Exclusive options tie needs to each other; the scale has three answers, a range and a figure."""
        size = 5
        made = reconstructions(
            small(
                [
                    SIZE.format(size),
                    "E,,figure,,,east,respondents,=,3,0,,,",
                    "W,,figure,,,west,respondents,=,3,0,,,",
                    "A,,figure,wants,money,east,share_selecting,=,33.3,1,,,",
                    "B,,figure,wants,nothing,all,share_selecting,=,20.0,1,,,",
                    "C,,figure,wants,people,all,share_selecting,>=,50,0,,,",
                    "D,,figure,hurdles,law,west,share_rated_3,=,66.7,1,,,",
                    "F,,figure,hurdles,law,all,share_rated_3,<,70,0,,,",
                ]
            ),
            draws=4000,
            sweeps=8,
        )
        wants, scales = {}, {}
        for people in splits(size, 4):  # none, east, west, both
            if people[1] + people[3] != 3 or people[2] + people[3] != 3:
                continue
            each = [*product(*(range(one + 1) for one in people))]
            for money, person, nothing in product(each, each, each):
                if money[1] + money[3] == 1 and sum(nothing) == 1 and sum(person) >= 3:
                    room = zip(people, money, person, nothing, strict=True)
                    if all(m + n <= p and q + n <= p for p, m, q, n in room):
                        wants.setdefault(people, []).append((money, person, nothing))
            rated = [
                (three, two)
                for three, two in product(each, each)
                if all(a + b <= p for a, b, p in zip(three, two, people, strict=True))
                and three[2] + three[3] == 2
                and sum(three) * 10 < 35
            ]
            scales[people] = rated
        tables = {
            (people, *some): len(scales[people]) * chance_of(people)
            for people in wants
            for some in wants[people]
        }
        by_scale = {
            (people, *some): len(wants[people]) * chance_of(people)
            for people in wants
            for some in scales[people]
        }
        pattern = made.column("ways__east") + 2 * made.column("ways__west")
        law = made.column("hurdles__law")

        def seen(flags):
            found = Counter()
            for draw in range(len(made)):
                some = [pattern[draw], *(pattern[draw][flag[draw]] for flag in flags)]
                found[tuple(tuple(np.bincount(one, minlength=4).tolist()) for one in some)] += 1
            return found

        options = [made.column(f"wants__{one}") for one in ("money", "people", "nothing")]
        assert not (options[2] & (options[0] | options[1])).any()
        assert compare(seen(options), tables)[0] > 0.001
        p_value, missed = compare(seen([law == 3, law == 2]), by_scale)
        assert p_value > 0.001
        assert missed < 0.05

    def test_a_figure_on_two_groups_and_a_question_without_any(self, executive):
        """A bound on an overlap is kept; weights tilt what nobody published."""
        rows = [
            SIZE.format(8),
            "A,,figure,expansion_models,licensing,all,share_selecting,=,50,0,,,",
            "B,,figure,expansion_models,newco,all,share_selecting,=,50,0,,,",
            "C,,figure,expansion_models,licensing,newco,share_selecting,>=,25,0,,,",
        ]
        made = reconstructions(executive(rows), draws=1500, sweeps=10)
        both = made.column("expansion_models__licensing") & made.column("expansion_models__newco")
        counts = np.bincount(both.sum(axis=1), minlength=5)
        assert counts[0] == 0
        assert chisquare(counts[1:]).pvalue > 0.001  # one table for each overlap, so each has the same chance
        directors = np.bincount((made.column("position") == 0).sum(axis=1), minlength=9)
        assert chisquare(directors, 1500 * np.array([9 - n for n in range(9)]) / 45).pvalue > 0.001


def chance_of(people):
    """The chance of one table, given the people: three options and three points, each split alike likely."""
    return math.prod(1 / (one + 1) ** 3 / ((one + 1) * (one + 2) / 2) for one in people)


class TestOtherShapes:
    def test_single_choice_banner_and_seven_points(self, clinics):
        findings = clinics()
        made = reconstructions(findings, draws=40, sweeps=10)
        for draw in (1, 20, 40):
            assert "not reproduced" not in set(reproduce(made.responses(draw), findings)["verdict"])
        assert made.data["beds"].isna().all()
        assert set(np.unique(made.column("worries__delays"))) == set(range(1, 8))
        assert set(made.draws["bases"]) == {"public 30, private 17, charity 13"}

    @pytest.mark.parametrize("size", [1, 3, 50])
    def test_no_figures_but_the_size(self, clinics, executive, small, size):
        for read in (clinics, executive, small):
            made = reconstructions(read([SIZE.format(size)]), draws=12, sweeps=2)
            assert len(made.data) == 12 * size
            assert set(made.draws["bases"]) == {""}
            assert len(made.responses(12)) == size

    def test_one_group(self, executive):
        row = f"A,,figure,{NEEDS},cro_matching,newco,share_selecting,=,50.0,1,,20,"
        made = reconstructions(executive([SIZE.format(90), row]), draws=20, sweeps=5)
        assert set(made.draws["bases"]) == {"newco 20"}
        inside = made.column("expansion_models__newco")
        assert set((inside & made.column(f"{NEEDS}__cro_matching")).sum(axis=1)) == {10}

    def test_everyone_in_every_group(self, executive):
        rows = [f"{one},,figure,expansion_models,{one},all,share_selecting,=,100,0,,," for one in GROUPS]
        made = reconstructions(executive([SIZE.format(12), *rows]), draws=10, sweeps=3)
        assert made.answers("expansion_models")[:, :, :4].all()

    def test_exclusive_group_stays_alone(self, executive):
        rows = [
            SIZE.format(50),
            "A,,figure,expansion_models,undecided,all,share_selecting,=,10,0,,,",
            "B,,figure,expansion_models,newco,all,share_selecting,=,24,0,,,",
            "C,,figure,expansion_models,licensing,newco,share_selecting,=,66.7,1,,,",
        ]
        findings = executive(rows)
        made = reconstructions(findings, draws=20, sweeps=5)
        models = made.answers("expansion_models")
        assert set(models[:, :, 4].sum(axis=1)) == {5}
        assert not (models[:, :, 4] & models[:, :, :4].any(axis=2)).any()
        assert set(reproduce(made.responses(20), findings)["verdict"]) == {"reproduced"}

    def test_three_respondents_and_a_figure_no_count_meets(self, executive):
        rows = [
            SIZE.format(3),
            "A,,figure,challenges,geopolitics,all,top_2_box,=,66.7,1,,,",
            f"B,,figure,{NEEDS},cro_matching,licensing,share_selecting,=,50,0,,,",
            "C,,figure,capability_gaps,one_stop_service,all,share_selecting,=,20.0,1,,,",
        ]
        made = reconstructions(executive(rows), draws=10, sweeps=3)
        assert made.not_met == ("C",)
        assert set(made.column("capability_gaps__one_stop_service").sum(axis=1)) == {1}

    def test_fewer_draws_than_chains(self, findings):
        made = reconstructions(findings, draws=3, sweeps=2)
        assert len(set(made.draws["bases"])) == 3
        assert made.mixing["effective"].isna().all()
        assert set(made.mixing["note"]) == {"too few draws of a chain"}
        assert set(made.mixing["reason"]) == {"too_few_draws"}

    def test_too_many_bases_to_try_each(self, executive):
        """No share narrows the bases down; some combinations are tried."""
        rows = [f"{one},,figure,{NEEDS},cro_matching,{one},share_selecting,<,60,0,,," for one in GROUPS]
        rows.append(SIZE.format(60))
        made = reconstructions(executive(rows), draws=30, sweeps=2)
        assert len(set(made.draws["bases"])) > 10

    def test_contradictions_are_told_as_by_reconstruct(self, executive, rows_of):
        rows_of["C03"] = rows_of["C03"].replace("80.3", "83.9")
        with pytest.raises(FindingsError) as error:
            reconstructions(executive([rows_of[claim] for claim in ("N01", "C01", "C02", "C03", "S01")]))
        assert [problem.place.subject for problem in error.value.problems] == ["C01", "C02", "C03"]
        with pytest.raises(FindingsError, match="number of respondents is not among"):
            reconstructions(executive([rows_of["C01"]]))


class TestLattice:
    def test_kernel_of_two_margins_is_that_of_independence(self):
        """2 x 2: the one move that keeps rows and columns."""
        columns = [{row: 1, 2 + column: 1} for row in range(2) for column in range(2)]
        (vector,) = lattice_kernel(columns)
        assert {at: factor * vector[0] for at, factor in vector.items()} == {0: 1, 1: -1, 2: -1, 3: 1}

    def test_kernel_spans_the_whole_lattice(self):
        """2 x + 3 y + 5 z = 0: every solution in a box is a whole combination of the basis."""
        basis = lattice_kernel([{0: 2}, {0: 3}, {0: 5}])
        assert len(basis) == 2
        vectors = np.array([[one.get(at, 0) for at in range(3)] for one in basis])
        for solution in product(range(-6, 7), repeat=3):
            if 2 * solution[0] + 3 * solution[1] + 5 * solution[2] == 0:
                found, *_ = np.linalg.lstsq(vectors.T.astype(float), np.array(solution, float), rcond=None)
                assert np.allclose(found, found.round())

    def test_short_directions_have_no_effect(self):
        effects = [(1, 0), (1, 0), (0, 1), (1, 1), (0, 0)]
        found = short_directions(effects, np.random.default_rng(0))
        assert {4: 1} in found
        for direction in found:
            assert all(sum(n * effects[at][k] for at, n in direction.items()) == 0 for k in range(2))
        assert any(set(one) == {0, 1} for one in found)


class TestMixing:
    def test_autoregression_has_the_autocorrelation_it_was_made_with(self):
        rng = np.random.default_rng(1)
        values = np.zeros((8, 4000))
        for at in range(1, 4000):
            values[:, at] = 0.6 * values[:, at - 1] + rng.normal(size=8)
        found = chain_statistics(values, np.zeros(8, dtype=int))
        assert found.lags[:3] == pytest.approx((0.6, 0.36, 0.216), abs=0.03)
        assert found.effective == pytest.approx(32_000 * 0.4 / 1.6, rel=0.1)  # n (1 - r) / (1 + r)
        assert found.r_hat == pytest.approx(1, abs=0.01)

    def test_chains_apart_are_seen_unless_their_targets_differ(self):
        rng = np.random.default_rng(2)
        values = rng.normal(size=(4, 200)) + np.array([0, 0, 3, 3])[:, None]
        assert chain_statistics(values, np.zeros(4, dtype=int)).r_hat > 1.5
        assert chain_statistics(values, np.array([0, 0, 1, 1])).r_hat == pytest.approx(1, abs=0.02)

    def test_r_hat_by_hand(self):
        """Two chains of 4, halves of 2: W = 0.5, means 0.5 2.5 0.5 4.5, B / n = 11 / 3."""
        values = np.array([[0.0, 1, 2, 3], [0, 1, 4, 5]])
        expected = math.sqrt((0.5 * 0.5 + np.var([0.5, 2.5, 0.5, 4.5], ddof=1)) / 0.5)
        assert chain_statistics(values, np.zeros(2, dtype=int)).r_hat == pytest.approx(expected)

    def test_too_few_and_constant_values_give_nan(self):
        for values in (np.zeros((2, 3)), np.ones((2, 50))):
            assert math.isnan(chain_statistics(values, np.zeros(2, dtype=int)).effective)

    def test_the_published_findings_mix(self, findings):
        made = reconstructions(findings, draws=480, sweeps=100)
        assert made.mixing["r_hat"].max() < 1.2
        assert made.mixing["effective"].min() > 100


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), size=st.integers(2, 60))
def test_margins_of_any_data_are_met_by_every_draw(executive, seed, size):
    """Print figures from random data with three groups; draws meet all of them, whatever bases they have."""
    rng = np.random.default_rng(seed)
    groups = {group: rng.random(size) < rng.uniform(0.2, 0.9) for group in GROUPS[:3]}
    needs = {need: rng.random(size) < 0.5 for need in ("cro_matching", "virtual_data_room")}
    rating = rng.integers(1, 6, size)
    rows = [SIZE.format(size)]

    def add(question, item, group, statistic, has, inside):
        share = printed_share(int((has & inside).sum()), int(inside.sum()), 1)
        claim = f"{group}_{item}_{statistic}"
        rows.append(f"{claim},,figure,{question},{item},{group},{statistic},=,{share},1,,,")

    for group, inside in {"all": np.ones(size, dtype=bool), **groups}.items():
        if inside.any():
            for need, has in needs.items():
                add(NEEDS, need, group, "share_selecting", has, inside)
            add("challenges", "geopolitics", group, "top_2_box", rating >= 4, inside)
            if group == "newco":
                add(
                    "expansion_models", "independent", group, "share_selecting", groups["independent"], inside
                )
    findings = executive(rows)
    made = reconstructions(findings, draws=12, sweeps=3, seed=seed)
    for draw in (1, 12):
        assert set(reproduce(made.responses(draw), findings)["verdict"]) == {"reproduced"}
