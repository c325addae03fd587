"""Each kind of statement on made-up figures judged by hand, on other shapes, and the packaged 39."""

from fractions import Fraction
from itertools import product

import pytest

import survey
from survey.errors import FindingsError
from survey.messages import _text
from survey.published.audit.rules.subgroup_contrasts import share_difference
from survey.published.audit.statements import RULES
from survey.published.audit.verdicts import audit
from survey.published.findings.statement_kinds import KINDS
from tests.paths import EXAMPLES

SHOPS = """
kind: survey
id: shops
version: "1.0.0"
languages: [en]
title: {{en: Shops}}
defaults: {{banner: {banner}}}
scales:
  agree:
    top: 3
    points: [{points}]
questions:
  - id: stage
    kind: single
    short: {{en: Stage}}
    text: {{en: How far?}}
    options: [{stages}]
  - id: size
    kind: single
    short: {{en: Size}}
    text: {{en: How large?}}
    options:
      - {{id: small, label: {{en: Small}}}}
      - {{id: large, label: {{en: Large}}}}
      - {{id: huge, label: {{en: Huge}}}}
  - id: channels
    kind: multiple
    short: {{en: Channels}}
    text: {{en: Which channels?}}
    options:
      - {{id: a, label: {{en: A}}}}
      - {{id: b, label: {{en: B}}}}
      - {{id: c, label: {{en: C}}}}
      - {{id: neither, label: {{en: None}}, exclusive: true}}
  - id: needs
    kind: multiple
    short: {{en: Needs}}
    text: {{en: Which needs?}}
    options:
      - {{id: law, label: {{en: Law}}}}
      - {{id: cash, label: {{en: Cash}}}}
      - {{id: staff, label: {{en: Staff}}}}
      - {{id: nothing, label: {{en: Nothing}}, exclusive: true}}
  - id: worries
    kind: rating
    short: {{en: Worries}}
    text: {{en: How much does each worry you?}}
    scale: agree
    items:
      - {{id: rent, label: {{en: Rent}}}}
      - {{id: theft, label: {{en: Theft}}}}
"""
STAGES = ("idea", "plan", "talks", "open")


def schema(path, *, banner="channels", stages=STAGES):
    """Write the instrument: a scale of seven points, stages in order, exclusive options."""
    named = ", ".join(f"{{id: {stage}, label: {{en: {stage.title()}}}}}" for stage in stages)
    points = ", ".join(f"{{value: {value}, label: {{en: {value}th}}}}" for value in range(1, 8))
    path.write_text(SHOPS.format(banner=banner, stages=named, points=points), encoding="utf-8")
    return path


def figure(text):
    """A figure of `needs.law=60`, `needs.law@a<50` or `worries.rent=55`: question, item, group, value."""
    sign = next(one for one in ("<=", ">=", "<", ">", "=") if one in text)
    place, value = text.split(sign)
    place, _, group = place.partition("@")
    question, item = place.split(".")
    statistic = "top_3_box" if question == "worries" else "share_selecting"
    return f"{text},,figure,{question},{item},{group or 'all'},{statistic},{sign},{value},0,,,"


def statement(text):
    """A statement of `kind question item group published`, with "-" for what is empty."""
    kind, question, item, group, published = ("" if one == "-" else one for one in text.split())
    return f"T,,statement,{question},{item},{group},{kind},=,{published},,,,"


@pytest.fixture
def judged(tmp_path, write_findings):
    """Judge one statement on figures of 20 shops, or more; give the row of the audit."""

    def judge(figures, said, *, size=20, **options):
        rows = [f"N,,figure,,,all,respondents,=,{size},0,,,", *map(figure, figures.split()), statement(said)]
        path = write_findings(tmp_path / "shops.csv", rows)
        findings = survey.read_findings(path, schema(tmp_path / "shops-1.yaml", **options))
        report = audit(findings)
        assert audit(findings, lang="zh").statements.loc[0, "verdict"] == report.statements.loc[0, "verdict"]
        return report.statements.loc[0]

    return judge


HALVES = "channels.a=50"
FULL = "channels.a=50 channels.b=50 channels.c=50"
CASES = [
    # kind question item group published | figures | verdict
    ("concentrated_demand needs - all law+cash", "needs.law=60 needs.cash=55 needs.staff=50", "supported"),
    ("concentrated_demand needs - all law+cash", "needs.law=60 needs.cash=55 needs.staff=55", "contradicted"),
    ("concentrated_demand needs - all law+cash", "needs.law=60 needs.cash=50", "contradicted"),
    ("concentrated_demand needs - all law+cash", "needs.law=60 needs.cash=55", "undetermined"),
    ("concentrated_demand needs - a law", f"{HALVES} needs.law@a=60", "undetermined"),
    ("concentrated_demand channels - all a", "channels.a=60 channels.b=40 channels.c=10", "supported"),
    ("nobody_without_need needs - groups -", f"{FULL} needs.law@a=100 needs.cash@b=100 needs.staff@c=100",
     "supported"),
    ("nobody_without_need needs - groups -", f"{FULL} needs.law@a=100 needs.cash@b=100", "undetermined"),
    ("nobody_without_need needs - groups -", f"{HALVES} needs.law@a=100", "undetermined"),  # b, c unpublished
    ("nobody_without_need needs - groups -",
     f"{FULL} needs.law@a=30 needs.cash@a=20 needs.staff@a=40", "contradicted"),  # 3 + 2 + 4 of 10
    ("nobody_without_need needs - groups -", f"{FULL} needs.nothing@a=10", "contradicted"),  # it says so
    ("most_services needs - a -",
     f"{HALVES} needs.law=50 needs.cash=50 needs.staff=0 needs.law@a=100 needs.cash@a=100", "supported"),
    ("most_services needs - a -",
     f"{HALVES} needs.law=50 needs.cash=50 needs.staff=0 needs.law@a=50 needs.cash@a=50", "contradicted"),
    ("most_services needs - a -", f"{HALVES} needs.law=50", "undetermined"),
    ("most_services needs - size=small -", "needs.law=50", "undetermined"),
    ("most_services needs - size=small -", "needs.law=100 needs.cash=0 needs.staff=0", "contradicted"),
    ("lower_in_subgroup worries rent a -", f"{HALVES} worries.rent=50 worries.rent@a=20", "supported"),
    ("lower_in_subgroup worries rent a -", f"{HALVES} worries.rent=50 worries.rent@a=50", "contradicted"),
    ("lower_in_subgroup worries rent a -", f"{HALVES} worries.rent=50", "undetermined"),
    ("lower_in_subgroup worries rent size=small -", "size.small=50 worries.rent=50", "undetermined"),
    ("lower_in_subgroup worries rent size=small -", "size.small=50 worries.rent=100", "contradicted"),
    ("lower_in_subgroup worries rent size=small -", "size.small=0 worries.rent=50", "undetermined"),
    ("higher_in_subgroup worries rent a -", f"{HALVES} worries.rent=50 worries.rent@a=80", "supported"),
    ("higher_in_subgroup worries rent a -", f"{HALVES} worries.rent=50 worries.rent@a=20", "contradicted"),
    ("higher_in_subgroup worries rent b -", f"{HALVES} worries.rent=50", "undetermined"),  # b unpublished
    ("higher_in_subgroup worries rent channels=a -", f"{HALVES} worries.rent=50 worries.rent@a=80",
     "supported"),
    ("approximately needs law all 35", "needs.law=35", "supported"),
    ("approximately needs law all 36", "needs.law=35", "contradicted"),
    ("approximately needs law all 35.0", "needs.law<50", "undetermined"),
    ("approximately needs law a 60", f"{HALVES} needs.law@a=60", "supported"),
    ("rated_high_by_most worries rent all -", "worries.rent=55", "supported"),
    ("rated_high_by_most worries rent all -", "worries.rent=50", "contradicted"),  # half is not most
    ("rated_high_by_most worries rent all -", "worries.rent>40", "undetermined"),
    ("rated_high_by_most worries rent a -", f"{HALVES} worries.rent@a=60", "supported"),
    ("chosen_by_most channels - all a+b", "channels.a=55 channels.b=50", "supported"),
    ("chosen_by_most channels - all a+b", "channels.a=20 channels.b=20", "contradicted"),
    ("chosen_by_most channels - all a+b", "channels.a=50 channels.b=50", "undetermined"),  # 10 to 20
    ("chosen_by_most channels - all a+b", "channels.a=55", "supported"),  # b is not published
    ("chosen_by_most needs - all law+cash", "needs.law=30 needs.cash=15", "contradicted"),  # 6 to 9
    ("chosen_by_most needs - all law+cash", "needs.law=30 needs.cash=30", "undetermined"),  # 6 to 12
    ("chosen_by_most size - all small+large", "size.small=30 size.large=25", "supported"),  # 11
    ("all_of size - all small+large", "size.small=50 size.large=50", "supported"),
    ("all_of size - all small+large", "size.small=40 size.large=40", "contradicted"),
    ("all_of size - all small+large", "size.small=40", "undetermined"),
    ("all_of size - all small+large+huge", "size.small=40", "supported"),  # there is no other answer
    ("everybody_is size small all -", "size.small=100", "supported"),
    ("everybody_is size small all -", "size.small=90", "contradicted"),
    ("everybody_is size small all -", "needs.law=90", "undetermined"),
    ("covers size - all small+large", "size.small=40 size.large=60", "supported"),
    ("covers size - all small+large", "size.small=100", "contradicted"),
    ("covers size - all small+large", "size.small=40", "undetermined"),
    ("among_the_lowest needs staff all -", "needs.law=50 needs.cash=50 needs.staff=10", "supported"),
    ("among_the_lowest needs law all -", "needs.law=50 needs.cash=50 needs.staff=10", "contradicted"),
    ("among_the_lowest needs staff all -", "needs.law=50 needs.cash=10 needs.staff=10", "supported"),  # tie
    ("among_the_lowest needs staff all -", "needs.law=50 needs.staff=10", "undetermined"),
    ("leaning needs - size=small law", "size.small=50 needs.law=100 needs.cash=0 needs.staff=0", "supported"),
    ("leaning needs - size=small law", "size.small=50 needs.law=0 needs.cash=100", "contradicted"),
    ("leaning needs - size=small law", "size.small=50 needs.law=60 needs.cash=50", "undetermined"),
    ("leaning needs - size=small law", "size.small=0 needs.law=100", "undetermined"),  # nobody
    ("leaning needs - a law", f"{HALVES} needs.law@a=80 needs.cash@a=20 needs.staff@a=10", "supported"),
    ("leaning needs - a law", f"{HALVES} needs.law@a=10 needs.cash@a=20", "contradicted"),
    ("differs_by_stage needs - stage law>cash", "needs.law=50 needs.cash=50", "undetermined"),
    ("differs_by_stage needs - stage law>cash", "needs.law=100 needs.cash=50", "contradicted"),
    ("distinct_profiles needs - groups -", f"{HALVES} needs.law@a=50", "undetermined"),
    ("one_response_per_firm - - all -", "needs.law=50", "undetermined: not testable"),
    ("explained_by needs law all -", "needs.law=50", "undetermined: not testable"),
    ("any_one_decides needs - all -", "needs.law=50", "undetermined: not testable"),
    ("answers_mean needs - all -", "needs.law=50", "undetermined: not testable"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "figures", "verdict"), CASES)
def test_verdict_is_that_of_hand_work(judged, said, figures, verdict):
    row = judged(figures, said)
    assert row["verdict"] == verdict, row["why"]
    assert row["why"]
    assert row["short"]


def test_every_kind_has_a_rule_a_sentence_and_a_case():
    assert set(RULES) == set(KINDS)
    for name in KINDS:
        assert {lang for _, lang in (_text(f"claimed_{name}", lang) for lang in ("en", "zh"))} == {"en", "zh"}
    old = {
        *("rank", "rank_order", "top_k", "tied_with", "similar_to", "interrelated", "among_the_highest"),
        *("faced_by_everyone", "highest_across_groups", "lower_than_other_groups", "characteristic_of_group"),
        *("significantly_higher_than_every_other_item", "significantly_higher_than_other_groups"),
        "one_size_does_not_fit",  # the rule of distinct_profiles
    }
    assert {said.split()[0] for said, *_ in CASES} == set(KINDS) - old


class TestNumbers:
    def test_the_share_of_all_ticks(self, judged):
        why = judged("needs.law=60 needs.cash=55 needs.staff=50", "concentrated_demand needs - all law+cash")[
            "why"
        ]
        assert "69.7%" in why  # 23 of 33 ticks
        assert "more than 50% also" in why
        open_why = judged("needs.law=60 needs.staff<=50", "concentrated_demand needs - all law")["why"]
        assert "28.6 to 100.0%" in open_why  # 12 of 12 + 10 + 20, or alone: cash is not published

    def test_those_without_any_need(self, judged):
        """3, 2 and 4 of 10: at least one is without; four the same, and at most six are."""
        figures = f"{FULL} needs.law@a=30 needs.cash@a=20 needs.staff@a=40"
        assert "A: 1–6 of 10" in judged(figures, "nobody_without_need needs - groups -")["why"]

    def test_more_ticks_each(self, judged):
        figures = f"{HALVES} needs.law=50 needs.cash=50 needs.staff=0 needs.law@a=100 needs.cash@a=100"
        assert ": 2.00 more" in judged(figures, "most_services needs - a -")["why"]

    def test_a_subgroup_of_known_size(self, judged):
        """Of 5 small shops and 4 of 20 who rate it high: 4/5 against 0, or 0 against 4/15."""
        why = judged("size.small=25 worries.rent=20", "lower_in_subgroup worries rent size=small -")["why"]
        assert "Small against the rest: -26.7 to 80.0 points" in why

    def test_several_sizes_of_a_group(self, judged):
        """A share of 50 % in a group without a printed base: at every even one."""
        row = judged("needs.law@a=50", "approximately needs law a 50")
        assert row["verdict"] == "supported"
        assert row["why"].count(" of ") > 5


@pytest.mark.parametrize(("count", "first", "others"), [*product(range(7), range(1, 6), range(1, 6))])
def test_difference_of_shares_is_that_of_enumeration(count, first, others):
    size = 6
    if first + others > size:
        return
    rest = size - first - others
    found = [
        Fraction(here, first) - Fraction(there, others)
        for here in range(first + 1)
        for there in range(others + 1)
        if 0 <= count - here - there <= rest
    ]
    assert share_difference(size, count, first, others) == (min(found), max(found))


class TestStages:
    BY_STAGE = "stage.idea=25 stage.plan=25 stage.talks=25 stage.open=25"

    def test_published_by_stage(self, judged):
        early = " ".join(f"needs.law@{stage}=80 needs.cash@{stage}=20" for stage in ("idea", "plan"))
        late = " ".join(f"needs.law@{stage}=20 needs.cash@{stage}=80" for stage in ("talks", "open"))
        figures = f"{self.BY_STAGE} {early} {late}"
        row = judged(figures, "differs_by_stage needs - stage law>cash", banner="stage")
        assert row["verdict"] == "supported"
        assert "Law, early against late stages: 60.0 points" in row["why"]
        row = judged(figures, "differs_by_stage needs - stage cash>law", banner="stage")
        assert row["verdict"] == "contradicted"

    def test_the_middle_of_an_odd_number_is_left_out(self, judged):
        figures = "stage.idea=40 stage.plan=40 stage.open=20 needs.law=40"
        row = judged(figures, "differs_by_stage needs - stage law>cash", stages=("idea", "plan", "open"))
        assert "Law, early against late stages: -100.0 to 100.0 points" in row["why"]

    def test_one_stage_has_nothing_to_compare(self, judged):
        row = judged("needs.law=40", "differs_by_stage needs - stage law>cash", stages=("idea",))
        assert row["verdict"] == "undetermined"
        assert "nobody" in row["why"]


ALIKE = " ".join(f"needs.{item}@{at}=50" for item in ("law", "cash", "staff") for at in ("idea", "open"))


class TestProfiles:
    GROUPS = "stage.idea=50 stage.open=50"

    @pytest.mark.parametrize(
        ("figures", "verdict"),
        [
            ("needs.law@idea=90 needs.law@open=10", "supported"),
            (ALIKE, "contradicted"),
            ("needs.law@idea=50 needs.law@open=50", "undetermined"),
        ],
    )  # fmt: skip
    def test_of_two_groups(self, judged, figures, verdict):
        row = judged(
            f"{self.GROUPS} {figures}",
            "distinct_profiles needs - groups -",
            banner="stage",
            stages=("idea", "open"),
            size=200,
        )
        assert row["verdict"] == verdict
        assert "Of 3 comparisons" in row["why"]
        assert "p below 0.01667" in row["why"]

    def test_of_twenty_groups(self, judged):
        names = tuple(f"s{at}" for at in range(20))
        groups = " ".join(f"stage.{name}=5" for name in names)
        figures = f"{groups} needs.law@s0=100 needs.law@s1=0"
        row = judged(figures, "distinct_profiles needs - groups -", banner="stage", stages=names, size=400)
        assert row["verdict"] == "supported"
        assert "Of 570 comparisons" in row["why"]


class TestShapes:
    def test_no_group(self, tmp_path, write_findings):
        rows = [
            "N,,figure,,,all,respondents,=,3,0,,,",
            "A,,figure,markets,asia,all,share_selecting,=,66.7,1,,,",
            "T1,,statement,markets,,groups,nobody_without_need,=,,,,,",
            "T2,,statement,markets,,groups,distinct_profiles,=,,,,,",
            "T3,,statement,markets,,all,concentrated_demand,=,asia,,,,",
            "T4,,statement,visits,ours,all,rated_high_by_most,=,,,,,",
            "T5,,statement,markets,,all,chosen_by_most,=,asia+europe,,,,",
        ]
        path = write_findings(tmp_path / "own.csv", rows)
        report = audit(survey.read_findings(path, EXAMPLES / "no-defaults.yaml"))
        assert report.statements["verdict"].tolist() == [*["undetermined"] * 4, "supported"]
        survey.write_report(survey.audit_report(report), tmp_path / "own.xlsx")

    def test_one_group(self, judged):
        row = judged(f"{HALVES} needs.law@a=50", "distinct_profiles needs - groups -")
        assert "Of 9 comparisons" in row["why"]  # three items, three pairs of which one group has figures

    def test_everyone_in_every_group(self, judged):
        everyone = "channels.a=100 channels.b=100 channels.c=100"
        row = judged(f"{everyone} needs.law@a=100", "nobody_without_need needs - groups -")
        assert row["verdict"] == "supported"  # the same people
        row = judged(f"{everyone} needs.law@a=100", "most_services needs - a -")
        assert (row["verdict"], "nobody" in row["why"]) == ("undetermined", True)

    def test_thresholds_of_the_sidecar(self, tmp_path, write_findings):
        rows = ["N,,figure,,,all,respondents,=,20,0,,,", figure("worries.rent=55")]
        path = write_findings(
            tmp_path / "shops.csv", [*rows, statement("rated_high_by_most worries rent all -")]
        )
        path.with_suffix(".yaml").write_text("audit: {majority: 0.6}\n", encoding="utf-8")
        found = audit(survey.read_findings(path, schema(tmp_path / "shops-1.yaml")))
        assert found.statements["verdict"].tolist() == ["contradicted"]
        assert "60%" in found.statements.loc[0, "why"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("nobody_without_need needs - all -", "speaks of every group"),
        ("most_services needs - all -", "Write a group of the banner, or question=option"),
        ("most_services worries - a -", "another kind than 'worries'"),
        ("lower_in_subgroup worries rent stage -", "Write a group of the banner, or question=option"),
        ("lower_in_subgroup worries rent size=tiny -", "'size=tiny' is no group"),
        ("lower_in_subgroup worries rent worries=rent -", "'worries=rent' is no group"),
        ("differs_by_stage needs - a law>cash", "single-choice question"),
        ("differs_by_stage needs - channels law>cash", "single-choice question"),
        ("differs_by_stage needs - stage law+cash", "does not have two sides"),
        ("differs_by_stage needs - stage law>gold", "'gold' is not an option"),
        ("approximately needs law all lots", "'lots' is no share"),
        ("one_response_per_firm needs - all -", "is about no question"),
        ("rank needs law size=small 1", "one group or of all"),
        ("highest_across_groups needs law size=small -", "Name the group"),
    ],
)
def test_wrong_statement_is_refused(judged, said, says):
    with pytest.raises(FindingsError, match=says) as error:
        judged("needs.law=50", said)
    assert all(problem.text("zh") for problem in error.value.problems)


class TestNotAsked:
    def test_another_version_asks_it(self, executive):
        rows = [
            "N,,figure,,,all,respondents,=,20,0,,,",
            "T1,,statement,target_markets,japan_korea,all,rank,=,1,,,,",
            "T2,,statement,support_needs,,expansion_stage=exploring,leaning,=,cro_matching,,,,",
        ]
        found = audit(executive(rows)).statements
        assert found["verdict"].tolist() == ["undetermined: not asked"] * 2
        assert "executive-survey@1.1.0 does, as 'target_markets'" in found.loc[0, "why"]
        assert "executive-survey@1.1.0 does, as 'expansion_stage'" in found.loc[1, "why"]

    def test_a_figure_of_it_is_still_refused(self, executive):
        row = "A,,figure,expansion_stage,exploring,all,share_selecting,=,50,0,,,"
        with pytest.raises(FindingsError, match="expansion_stage"):
            executive([row])

    def test_the_sidecar_names_statements_of_the_file(self, tmp_path, write_findings):
        rows = ["N,,figure,,,all,respondents,=,20,0,,,", statement("explained_by needs law all -")]
        path = write_findings(tmp_path / "shops.csv", rows)
        side = "not_asked: {T: {id: why, text: {en: Why?}}, X: {id: why, text: {en: Why?}}}\n"
        path.with_suffix(".yaml").write_text(side, encoding="utf-8")
        with pytest.raises(FindingsError, match=r"'X' under 'not_asked'.*Did you mean: T"):
            survey.read_findings(path, schema(tmp_path / "shops-1.yaml"))
        path.with_suffix(".yaml").write_text(side.replace(", X: {id: why, text: {en: Why?}}", ""), "utf-8")
        found = audit(survey.read_findings(path, schema(tmp_path / "shops-1.yaml")), lang="zh").statements
        assert found.loc[0, "verdict"] == "undetermined: not asked"
        assert "Why?" in found.loc[0, "why"]


NOT_ASKED = "undetermined: not asked"
PACKAGED = {
    "T21": ("supported", "33.3 to 81.7%"),
    "T22": ("undetermined", "Licensing (asset out-licensing): 0–24 of 90"),
    "T23": (NOT_ASKED, "executive-survey@1.1.0 does, as 'expansion_stage'"),
    "T24": ("supported", "shares the place 3"),
    "T25": ("undetermined", "of 28 pairs 0 are above 0 in every joint table"),
    "T26": (NOT_ASKED, "'expansion_outcome'"),
    "T27": ("supported", "80.29%: 110 of 137"),
    "T28": ("supported", "rank 3 of 8"),
    "T29": ("supported", "61.31%: 84 of 137"),
    "T30": ("supported", "72.26%: 99 of 137"),
    "T31": ("contradicted", "rank 7 of 8"),
    "T32": ("undetermined", "-100.0 to 100.0 points"),
    "T33": ("supported", "83 of 137"),
    "T34": ("contradicted", "rank 5 of 8"),
    "T35": ("supported", "99 of 137"),
    "T36": ("undetermined", "-100.0 to 100.0 points"),
    "T37": ("supported", "every table"),
    "T38": ("contradicted", "-13.1 points"),
    "T39": ("undetermined", "-7.93 to 6.85 more choices"),
    "T40": ("undetermined", "rank 3–10 of 11"),
    "T41": ("undetermined", "rank 3–10 of 11"),
    "T42": ("undetermined", "rank 4–11 of 11"),
    "T43": ("undetermined", "rank 3–11 of 11"),
    "T44": (NOT_ASKED, "'financial_position'"),
    "T45": (NOT_ASKED, "'need_reasons'"),
    "T46": (NOT_ASKED, "'need_reasons'"),
    "T47": ("supported", "rank 1 of 5"),
    "T48": (NOT_ASKED, "'provider_expectations'"),
    "T49": ("undetermined", "Of 66 comparisons of two groups 13 have both shares published"),
    "T50": ("undetermined", "0–137 of 137"),
    "T51": ("supported", "no other answer: 137 of 137"),
    "T52": ("undetermined", "Biotech: 0–137 of 137"),
    "T53": (NOT_ASKED, "'firm_key'"),
    "T54": ("undetermined", "rank 1–2 of 4"),
    "T55": ("supported", "90–137 of 137"),
    "T56": ("undetermined", "place 1–3 of 4"),
    "T57": ("undetermined", "-47 to 90 respondents"),
    "T58": ("undetermined", "-47 to 90 respondents"),
    "T59": ("undetermined", "-47 to 90 respondents"),
}


def test_the_39_further_statements_of_the_report(audited):
    found = audited.statements.set_index("finding").loc[list(PACKAGED), ["verdict", "why"]]
    assert found["verdict"].to_dict() == {claim: verdict for claim, (verdict, _) in PACKAGED.items()}
    for claim, (_, fragment) in PACKAGED.items():
        assert fragment in found.loc[claim, "why"], claim
