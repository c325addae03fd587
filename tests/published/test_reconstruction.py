"""Rebuilding a data set from margins."""

import dataclasses
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.errors import FindingsError, UsageError
from survey.ingest import from_frame
from survey.ingest.provenance import Provenance, Reconstruction
from survey.ingest.responses import digest_of
from survey.instrument.shares import SELECTING
from survey.published.audit.verdicts import audit
from survey.published.bounds.margins import group_bases, margins_of
from survey.published.bounds.queries import bounds, group_difference
from survey.published.findings import reproduce
from survey.published.findings.figures import Counts
from survey.published.reconstruction.dataset import reconstruct
from survey.rounding import printed_share

SIZE = "N,,figure,,,all,respondents,=,{},0,,,"
GROUPS = ("independent", "co_development", "licensing", "newco")


def told(error):
    return error.value.text("en", limit=None)


def answers(responses, question):
    return responses.columns_of(responses.instrument.question(question)).astype(int)


class TestExecutiveSurvey:
    def test_bases_are_the_smallest_that_fit(self, findings):
        margins = margins_of(findings)
        assert {group: list(bases) for group, bases in margins.admissible.items()} == {
            "independent": [42, 84, 126],
            "co_development": [29, 58, 87, 116],
            "licensing": [90],
            "newco": [41, 71, 82, 112, 123],
        }
        assert group_bases(margins) == dict(zip(GROUPS, (42, 29, 90, 41), strict=True))

    def test_parts_and_sum_agree_as_counts(self, findings):
        counts = margins_of(findings).overall
        assert [counts[claim] for claim in ("C04", "C05", "C06")] == [
            Counts(55, 55, True),
            Counts(56, 56, True),
            Counts(111, 111, True),
        ]

    def test_says_what_it_is(self, rebuilt, findings):
        made = rebuilt.provenance.reconstruction
        assert len(made.below) == 8
        assert (("support_needs", "cro_matching", "all", SELECTING), "50") in made.below
        # not the number of respondents, the bounds, the two that no count meets
        assert len(made.fixed) == 55 - 1 - 8 - 2
        advice = ("support_needs", "regulatory_consultancy")
        assert (*advice, "licensing", SELECTING) in made.fixed
        assert (*advice, "independent", SELECTING) not in made.fixed
        assert replace(made, fixed=(), below=()) == Reconstruction(
            findings="executive-survey-2026.csv",
            findings_hash=findings.hash,
            seed=1,
            group_bases=dict(zip(GROUPS, (42, 29, 90, 41), strict=True)),
            not_met=("M01", "M02"),
            answers_digest=digest_of(rebuilt.data),
        )
        assert replace(rebuilt.provenance, reconstruction=None) == Provenance(
            title="Executive survey on going abroad, April 2026",
            wave="2026-04",
            source=findings.source,
            licence="CC0-1.0",
        )

    def test_has_an_answer_everywhere_and_a_key(self, rebuilt):
        assert rebuilt.data.shape == (137, len(rebuilt.instrument.columns))
        assert not rebuilt.data.isna().any(axis=None)
        assert rebuilt.problems == ()
        assert list(rebuilt.meta["key"])[:2] == ["R001", "R002"]
        assert rebuilt.meta["key"].is_unique

    def test_groups_overlap_and_undecided_stand_alone(self, rebuilt):
        models = answers(rebuilt, "expansion_models")
        assert models[list(GROUPS)].sum().tolist() == [42, 29, 90, 41]
        assert set(models[models["undecided"] == 1].sum(axis=1)) == {1}
        assert 1 <= models["undecided"].sum() < (models[list(GROUPS)].sum(axis=1) == 0).sum()
        assert models.drop_duplicates().shape[0] >= 8

    def test_rows_vary(self, rebuilt):
        assert answers(rebuilt, "challenges").drop_duplicates().shape[0] > 110
        assert answers(rebuilt, "support_needs").drop_duplicates().shape[0] > 90
        assert rebuilt.data.drop_duplicates().shape[0] == 137

    def test_ratings_use_the_whole_scale(self, rebuilt):
        ratings = answers(rebuilt, "challenges")
        assert all(set(ratings[item]) == {1, 2, 3, 4, 5} for item in ratings)

    def test_ratings_hang_together_but_not_too_much(self, rebuilt):
        between = answers(rebuilt, "challenges").corr().to_numpy()[np.triu_indices(8, 1)]
        assert 0.2 < between.mean() < 0.4
        assert between.max() < 0.6

    def test_nobody_needs_nothing_or_everything(self, rebuilt):
        for question in ("support_needs", "capability_gaps"):
            needs = answers(rebuilt, question)
            assert needs.sum(axis=1).min() >= 1
            assert needs.sum(axis=1).nunique() >= 4

    def test_needs_differ_between_groups(self, rebuilt):
        models, needs = answers(rebuilt, "expansion_models"), answers(rebuilt, "support_needs")
        for need in needs:
            shares = {round(needs.loc[models[group] == 1, need].mean(), 3) for group in GROUPS}
            assert len(shares) > 1

    def test_bounded_needs_are_spread_below_the_bound(self, rebuilt):
        counts = answers(rebuilt, "support_needs").sum()[3:]
        assert counts.max() < 68.5
        assert counts.min() > 10
        assert counts.nunique() >= 5

    def test_firm_types_follow_the_leanings(self, rebuilt):
        models = answers(rebuilt, "expansion_models").groupby(rebuilt.data["firm_type"], observed=True).mean()
        assert models["independent"].idxmax() == "big_pharma"
        assert models["co_development"].idxmax() == "biopharma"
        assert (models["licensing"] > 0.5).all()
        assert rebuilt.data["firm_type"].value_counts().min() > 10
        assert rebuilt.data["position"].value_counts().min() > 10

    def test_rows_are_shuffled(self, rebuilt):
        licensing = answers(rebuilt, "expansion_models")["licensing"].to_numpy()
        assert np.abs(np.diff(licensing)).sum() > 30

    def test_same_seed_gives_the_same_rows(self, rebuilt, findings):
        pd.testing.assert_frame_equal(reconstruct(findings, seed=1).data, rebuilt.data)

    def test_another_seed_gives_other_rows_with_the_same_margins(self, rebuilt, findings):
        other = reconstruct(findings, seed=7)
        assert not other.data.equals(rebuilt.data)
        assert other.provenance.reconstruction.seed == 7
        assert reproduce(other, findings)["verdict"].value_counts()["not reproduced"] == 2

    def test_without_assumptions_the_figures_hold_too(self, findings):
        bare = dataclasses.replace(findings, assumptions=type(findings.assumptions)())
        assert reproduce(reconstruct(bare), findings)["verdict"].value_counts()["not reproduced"] == 2

    @pytest.mark.parametrize("seed", [-1, 1.5, "one"])
    def test_seed_is_a_whole_number(self, findings, seed):
        with pytest.raises(UsageError, match="seed"):
            reconstruct(findings, seed=seed)


class TestOtherInstrument:
    def test_single_choice_banner_gives_disjoint_groups(self, clinics):
        rebuilt = reconstruct(clinics())
        assert rebuilt.provenance.reconstruction.group_bases == {"public": 30, "private": 17, "charity": 13}
        assert rebuilt.data["sector"].value_counts().to_dict() == {"public": 30, "private": 17, "charity": 13}
        assert rebuilt.provenance.reconstruction.not_met == ()

    def test_unpublished_items_use_the_scale_and_numbers_stay_empty(self, clinics):
        rebuilt = reconstruct(clinics())
        assert rebuilt.data["worries__delays"].between(1, 7).all()
        assert rebuilt.data["worries__delays"].nunique() >= 5
        assert rebuilt.data["beds"].isna().all()

    def test_options_no_figure_speaks_of_share_the_rest(self, clinics):
        rebuilt = reconstruct(
            clinics([SIZE.format(40), "A,,figure,sector,public,all,share_selecting,=,50,0,,,"])
        )
        assert (rebuilt.data["sector"] == "public").sum() == 20
        assert rebuilt.data["sector"].nunique() == 3

    @pytest.mark.parametrize("size", [1, 3, 50])
    def test_no_figures_but_the_size_are_enough(self, clinics, executive, size):
        for read in (clinics, executive):
            rebuilt = reconstruct(read([SIZE.format(size)]))
            assert len(rebuilt) == size
            assert rebuilt.provenance.reconstruction.group_bases == {}

    def test_exclusive_option_in_a_figure_stays_alone(self, executive):
        rows = [
            SIZE.format(50),
            "A,,figure,expansion_models,undecided,all,share_selecting,=,10,0,,,",
            "B,,figure,expansion_models,newco,all,share_selecting,=,24,0,,,",
            "C,,figure,expansion_models,licensing,newco,share_selecting,=,66.7,1,,,",
        ]
        findings = executive(rows)
        rebuilt = reconstruct(findings)
        assert set(reproduce(rebuilt, findings)["verdict"]) == {"reproduced"}
        models = answers(rebuilt, "expansion_models")
        assert set(models[models["undecided"] == 1].sum(axis=1)) == {1}

    def test_everyone_in_every_group(self, executive):
        every = [
            f"{group},,figure,expansion_models,{group},all,share_selecting,=,100,0,,," for group in GROUPS
        ]
        findings = executive([SIZE.format(12), *every])
        assert set(reproduce(reconstruct(findings), findings)["verdict"]) == {"reproduced"}

    def test_stated_base_is_taken(self, executive):
        row = "A,,figure,support_needs,cro_matching,newco,share_selecting,=,50.0,1,,20,"
        findings = executive([SIZE.format(90), row])
        assert reconstruct(findings).provenance.reconstruction.group_bases == {"newco": 20}

    def test_group_that_nobody_is_in(self, executive):
        rows = [
            SIZE.format(10),
            "A,,figure,expansion_models,licensing,all,share_selecting,=,0,0,,,",
            "B,,figure,support_needs,cro_matching,newco,share_selecting,=,50,0,,4,",
            "S,,statement,support_needs,cro_matching,newco,highest_across_groups,=,,,,,",
        ]
        findings = executive(rows)
        rebuilt = reconstruct(findings)
        assert rebuilt.provenance.reconstruction.group_bases == {"licensing": 0, "newco": 4}
        assert set(reproduce(rebuilt, findings)["verdict"]) == {"reproduced"}
        assert list(audit(findings).statements["verdict"]) == ["undetermined"]
        asked = group_difference("support_needs", "cro_matching", "licensing", "newco")
        with pytest.raises(UsageError, match="nobody can be in it"):
            bounds(findings, asked)

    def test_published_group_size_is_taken(self, executive):
        row = "A,,figure,support_needs,cro_matching,newco,share_selecting,=,50.0,1,,,"
        findings = executive([SIZE.format(90), "G,,figure,,,newco,respondents,=,16,0,,,", row])
        rebuilt = reconstruct(findings)
        assert rebuilt.provenance.reconstruction.group_bases == {"newco": 16}
        assert set(reproduce(rebuilt, findings)["verdict"]) == {"reproduced"}


def test_three_respondents(executive):
    rows = [
        SIZE.format(3),
        "A,,figure,challenges,geopolitics,all,top_2_box,=,66.7,1,,,",
        "B,,figure,support_needs,cro_matching,licensing,share_selecting,=,50,0,,,",
        "C,,figure,capability_gaps,one_stop_service,all,share_selecting,=,20.0,1,,,",
    ]
    findings = executive(rows)
    rebuilt = reconstruct(findings)
    assert list(reproduce(rebuilt, findings)["verdict"]) == ["reproduced"] * 3 + ["not reproduced"]
    made = rebuilt.provenance.reconstruction
    assert (made.group_bases, made.not_met) == ({"licensing": 2}, ("C",))


class TestContradictions:
    def test_without_a_size_there_is_nothing_to_rebuild(self, executive):
        with pytest.raises(FindingsError, match="number of respondents is not among"):
            reconstruct(executive(["A,,figure,challenges,geopolitics,all,top_2_box,=,66.7,1,,,"]))

    def test_parts_that_miss_their_sum_are_named(self, executive, rows_of):
        rows_of["C03"] = rows_of["C03"].replace("80.3", "83.9")
        with pytest.raises(FindingsError) as error:
            reconstruct(executive([rows_of[claim] for claim in ("N01", "C01", "C02", "C03", "C04", "S01")]))
        assert [problem.place.subject for problem in error.value.problems] == ["C01", "C02", "C03"]
        assert [problem.place.line for problem in error.value.problems] == [3, 4, 5]
        assert "cannot hold together with C02, C03" in told(error)
        assert all(problem.text("zh") for problem in error.value.problems)

    def test_group_that_outgrows_the_whole_is_named(self, executive, rows_of):
        rows_of["S01"] = rows_of["S01"].replace("75.9", "5.1")
        with pytest.raises(FindingsError) as error:
            reconstruct(executive([rows_of[claim] for claim in ("N01", "S01", "S02", "M08", "M09")]))
        assert {problem.place.subject for problem in error.value.problems} >= {"S01"}
        assert "S02" not in {problem.place.subject for problem in error.value.problems}

    def test_exclusive_option_leaves_no_room(self, executive):
        rows = [
            SIZE.format(50),
            "A,,figure,expansion_models,undecided,all,share_selecting,=,60,0,,,",
            "B,,figure,expansion_models,newco,all,share_selecting,=,44,0,,,",
        ]
        with pytest.raises(FindingsError, match="cannot hold together with B"):
            reconstruct(executive(rows))

    def test_second_size_is_named(self, executive):
        with pytest.raises(FindingsError, match=r"line 3, M: .*cannot hold over 137"):
            reconstruct(executive([SIZE.format(137), SIZE.format(150).replace("N", "M", 1)]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), size=st.integers(2, 60))
def test_margins_of_any_data_are_met(executive, seed, size):
    """Print figures from random data; the reconstruction meets all of them, whatever bases it finds."""
    rng = np.random.default_rng(seed)
    data = from_frame(
        pd.DataFrame(
            {
                "expansion_models__licensing": rng.integers(0, 2, size),
                "expansion_models__newco": rng.integers(0, 2, size),
                "support_needs__cro_matching": rng.integers(0, 2, size),
                "support_needs__ip_diligence_patents": rng.integers(0, 2, size),
                "challenges__geopolitics": rng.integers(1, 6, size),
            }
        ),
        "executive-survey@1.0.0",
    ).data
    rows = [SIZE.format(size)]
    for group in ("all", "licensing", "newco"):
        inside = data if group == "all" else data[data[f"expansion_models__{group}"]]
        if len(inside):
            for need in ("cro_matching", "ip_diligence_patents"):
                share = printed_share(int(inside[f"support_needs__{need}"].sum()), len(inside), 1)
                rows.append(
                    f"{group}_{need},,figure,support_needs,{need},{group},share_selecting,=,{share},1,,,"
                )
            high = printed_share(int((inside["challenges__geopolitics"] >= 4).sum()), len(inside), 1)
            rows.append(f"{group}_top,,figure,challenges,geopolitics,{group},top_2_box,=,{high},1,,,")
    findings = executive(rows)
    assert set(reproduce(reconstruct(findings), findings)["verdict"]) == {"reproduced"}
