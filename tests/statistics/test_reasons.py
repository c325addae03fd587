"""The reasons of every function of this room: those that its docstring lists, each of them seen."""

import inspect
import re
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd

import survey
from survey.reasons import REASONS
from tests.answers import TEAMS, teams_frame
from tests.paths import EXAMPLES
from tests.statistics.test_shapes import HURDLES, SHAPES, tables_of
from tests.statistics.test_waves import made
from tests.weighted_answers import library, library_frame

FUNCTIONS = (
    *("association", "compare_group_ratings", "compare_items", "compare_ratings", "cooccurrence", "crosstab"),
    *("importance_shares", "number_summary", "precision", "rank_sets", "reliability", "compare_numbers"),
    "correlations",
    *("compare_waves", "compare_wave_means", "wave_transitions", "wave_series"),
)


def listed(name):
    """The codes that the docstring of a function lists under Reasons."""
    found = re.search(r"Reasons\n-+\n((?:\S.*\n)+)", inspect.getdoc(getattr(survey, name)) or "")
    return set(re.findall(r"[a-z]+(?:_[a-z]+)*", found[1])) & REASONS.keys()


def asked(told):
    """Each function with what it gives for some responses, in as many ways as give other reasons."""
    for settings in ({}, {"min_base": 100}):
        yield "compare_items", survey.compare_items(told, **settings)
        yield "compare_items", survey.compare_items(told, "channels", **settings)
        yield "compare_ratings", survey.compare_ratings(told, **settings)
        yield "compare_group_ratings", survey.compare_group_ratings(told, **settings)
        yield "reliability", survey.reliability(told, **settings)
        for compare in ("complement", "columns"):
            for stub in ("size", "hurdles"):
                yield "crosstab", survey.crosstab(told, stub, compare=compare, **settings)
        yield "compare_group_ratings", survey.compare_group_ratings(told, by="hurdles__law", **settings)
        yield "crosstab", survey.crosstab(told, "hurdles", banner="hurdles__law", **settings)
        yield "correlations", survey.correlations(told, **settings)
        yield "crosstab", survey.crosstab(told, "channels", banner="size", **settings)
        yield "compare_group_ratings", survey.compare_group_ratings(told, by="size", **settings)
    yield "association", survey.association(told, "size", "hurdles__law", draws=9).tests
    for zero_cells in (0.5, 0):
        found = survey.association(told, "channels", "size", draws=9, zero_cells=zero_cells)
        yield from (("association", table) for table in (found.tests, found.cells))
    yield "cooccurrence", survey.cooccurrence(told, "channels")
    yield "importance_shares", survey.importance_shares(told)
    yield "precision", survey.precision(told)
    yield "rank_sets", survey.rank_sets(told)


def same_groups(frame):
    """Two of the groups hold the same respondents, half of whom choose what they choose."""
    frame["channels__partners"] = frame["channels__agents"]


def three_respondents(frame):
    """Three respondents who ticked channels; the others gave no answer."""
    frame.loc[frame.index[3:], :] = None
    frame.loc[frame.index[:3], "channels__agents"] = [1, 0, 0]
    frame.loc[frame.index[:3], "channels__online"] = [1, 1, 0]


def two_sizes(frame):
    """Two groups that exclude each other, and nobody outside them."""
    frame["size"] = frame["size"].replace("large", "small")


def improper(frame):
    """One item stands for the factor itself."""
    frame[HURDLES] = None
    frame.loc[frame.index[:6], "hurdles__law"] = [1, 2, 3, 4, 5, 5]
    frame.loc[frame.index[:6], "hurdles__staff"] = [1, 2, 3, 5, 4, 5]
    frame.loc[frame.index[:6], "hurdles__trust"] = [5, 1, 3, 3, 5, 2]


def of_weights():
    """What statistics of means, ranks and tables give of weighted answers, and of groups without weight."""
    frame = library_frame()
    for weights in (True, frame["weight"].where(frame["branch"] != "west", 0)):
        told = library(weights=weights)
        yield from (
            ("compare_group_ratings", survey.compare_group_ratings(told)),
            ("precision", survey.precision(told, banner="branch")),
            ("compare_ratings", survey.compare_ratings(told)),
            ("compare_numbers", survey.compare_numbers(told, "visits")),
            ("number_summary", survey.number_summary(told, "visits", banner="branch")),
            ("reliability", survey.reliability(told)),
            ("correlations", survey.correlations(told, method="polychoric")),
        )
        found = survey.association(told, "branch", "uses", draws=9)
        yield from (("association", table) for table in (found.tests, found.cells))


def test_reasons_are_those_that_are_listed(statistics_frame):
    seen = defaultdict(set)
    for shape in (lambda frame: None, same_groups, three_respondents, two_sizes, improper, *SHAPES):
        frame = statistics_frame.astype(object)
        shape(frame)
        told = survey.from_frame(frame, EXAMPLES / "overlapping-groups.yaml")
        for name, table in asked(told):
            seen[name] |= {code for reason in table["reason"] for code in reason.split()}
    rooms = {"rooms__coins": [1, 1, 0, 1], "rooms__maps": [0, 1, 0, 0], "rooms__ships": [0, 0, 0, 0]}
    spent = survey.from_frame(pd.DataFrame({"spent": [1, 2, 3, None], **rooms}), EXAMPLES / "everything.yaml")
    table = survey.number_summary(spent, "spent", banner="rooms")
    seen["precision"] |= {"normal_power", "too_few_items"}  # see test_precision
    for function, frame in of_numbers():
        seen[function] |= {code for reason in frame["reason"] for code in reason.split()}
        seen[function].add("rounded_values")
    # Of reversed items and of answers that rate nothing: see test_points_and_items.
    seen["reliability"].add("keyed_items")
    seen["importance_shares"] |= {"not_rated", "no_weight"}  # the latter: see test_zero_weights
    # Of large counts and of tallies: see test_large_counts.
    seen["crosstab"] |= {"fisher_for_boschloo", "small_difference"}
    seen["association"] |= {"too_many_patterns", "normal_permutations"}
    # Of finite populations and of equivalence: see test_finite_population and test_equivalence.
    seen["crosstab"] |= {f"population_{what}" for what in ("estimated", "exact", "unknown")}
    seen["crosstab"] |= {"test_uncorrected", "equivalence"}
    seen["importance_shares"] |= {f"population_{what}" for what in ("estimated", "exact", "unknown")}
    seen["precision"] |= {"population_estimated", "population_unknown", "census"}
    seen["compare_items"].add("equivalence")
    # Of weights: see test_weighted_shares.
    seen["compare_items"] |= {"unweighted", "target"}
    for name in ("crosstab", "rank_sets", "importance_shares"):
        seen[name].add("target")
    seen["association"].add("too_few_answers")  # of two respondents: see test_association
    seen["association"].add("target")  # of raked crosses: see test_weighted_means
    seen["crosstab"].add("no_variation")  # of groups of millions who differ in one: see column_comparisons
    seen["number_summary"] = {code for reason in table["reason"] for code in reason.split()}
    seen["number_summary"].add("rounded_values")
    for name in ("compare_waves", "compare_wave_means", "wave_transitions", "wave_series"):
        seen[name].add("reconstructed")  # of waves that nobody answered: see test_waves
    seen["compare_wave_means"].add("not_comparable")  # of an item worded otherwise: see test_waves
    for function, frame in (*of_weights(), *of_waves()):
        seen[function] |= {code for reason in frame["reason"] for code in reason.split()}
    assert {name: sorted(codes) for name, codes in seen.items()} == {
        name: sorted(listed(name)) for name in FUNCTIONS
    }


def of_waves():
    """Waves with and without ids, with weights, few, of other versions, and with answers that are alike."""
    rng = np.random.default_rng(1)
    pairs = [[made(rng, 20, start) for start in starts] for starts in ((0, 0), (0, 10), (0, 20))]
    heavy = [wave.with_weights(np.linspace(0.5, 2, 20), "w") for wave in pairs[1]]
    alike = made(rng, 20, 0)
    answers = {"channels__agents": True, "channels__online": False, "hurdles__law": 3, "size": "small"}
    for column, answer in answers.items():
        kind = alike.data[column].dtype
        alike = replace(alike, data=alike.data.assign(**{column: pd.array([answer] * 20, kind)}))
    unanswered = replace(alike, data=alike.data.assign(hurdles__law=pd.array([None] * 20, "Int64")))
    numbered = [wave_of_numbers(rng) for _ in range(2)]
    without_ids = [made(rng, 20, 0, ids=False) for _ in range(2)]
    of_versions = [
        survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), f"executive-survey@1.{minor}.0")
        for minor in (0, 1)
    ]
    few = [made(rng, 3, 0), made(rng, 3, 1)]
    halves = replace(
        alike, data=alike.data.assign(size=pd.array(["small", "large"] * 10, alike.data["size"].dtype))
    )
    for waves in (
        *pairs,
        heavy,
        [alike, alike],
        [halves, halves],
        [alike, unanswered],
        numbered,
        without_ids,
        of_versions,
        few,
    ):
        yield "compare_waves", survey.compare_waves(*waves, equivalent_within=0.9)
        yield "compare_wave_means", survey.compare_wave_means(*waves)
        yield "wave_transitions", survey.wave_transitions(*waves)
        yield "wave_series", survey.wave_series(waves)


def wave_of_numbers(rng):
    """A wave whose ids are running numbers."""
    wave = made(rng, 20, 0, ids=False)
    return replace(wave, meta=wave.meta.assign(key=[str(number) for number in range(1, 21)]))


def of_numbers():
    """Numbers in small, equal and constant groups, and correlations as close and as few as can be."""
    visits = ["first"] * 6 + ["again"] * 6 + ["regular"] * 3
    for spent in (range(15), [1] * 6 + [2] * 9, [1] * 6 + [*range(9)], [1, 2] * 6 + [None] * 3):
        answers = pd.DataFrame({"visit": visits, "spent": list(spent), "minutes": list(spent)})
        told = survey.from_frame(answers, EXAMPLES / "everything.yaml")
        for by in ("visit", "rooms"):
            yield "compare_numbers", survey.compare_numbers(told, "spent", by=by)
        apart = {f"rooms__{name}": [name == "coins"] * 6 + [name == "maps"] * 9 for name in ("coins", "maps")}
        apart = survey.from_frame(answers.assign(**apart), EXAMPLES / "everything.yaml")
        yield "compare_numbers", survey.compare_numbers(apart, "spent", by="rooms")
        ticks = {f"teams__{name}": 1 for name in ("lab", "sales", "board")}
        teams = survey.from_frame(teams_frame(30).assign(**ticks), TEAMS)
        yield "compare_numbers", survey.compare_numbers(teams, "recommend", against="columns")
        yield "compare_numbers", survey.compare_numbers(teams, "recommend", by="site", against="complement")
        yield "correlations", survey.correlations(told, ["spent", "minutes"])
    few = survey.from_frame(answers.iloc[:3], EXAMPLES / "everything.yaml")
    yield "correlations", survey.correlations(few, ["spent", "minutes"], min_base=1)


def test_tables_of_a_room_have_a_reason_where_they_have_a_note(overlapping):
    for _, table in tables_of(overlapping, ratings=False):
        assert ("reason" in table) == ("note" in table)
        if "note" in table:
            assert list(table)[-2:] == ["reason", "note"]
