"""--suppress: the finished workbook attacked with linear programs that know all it prints."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from tests.disclosure.attack import (
    HIDDEN,
    Attack,
    cached_values,
    long_table,
    percentages_in,
    printed_counts,
    tables,
)
from tests.paths import EXAMPLES, SAMPLE

OVERLAPPING, SEVENS = EXAMPLES / "overlapping-groups.yaml", EXAMPLES / "seven-points.yaml"
CHANNELS = [f"channels__{name}" for name in ("agents", "branches", "partners", "online")]


def sample():
    return survey.read_responses(SAMPLE)


def people(size, seed=5, **columns):
    """Respondents under overlapping-groups with rare answers of every kind."""
    random = np.random.default_rng(seed)
    ticks = random.random((size, 4)) < [0.6, 0.08, 0.4, 0.25]
    found = {"size": random.choice(["small", "medium", "large"], size, p=[0.8, 0.15, 0.05])}
    found |= {name: ticks[:, at].astype(int) for at, name in enumerate(CHANNELS)}
    for item in ("law", "staff", "trust"):
        found[f"hurdles__{item}"] = random.choice([1, 2, 3, 4, 5], size, p=[0.04, 0.1, 0.26, 0.4, 0.2])
    return survey.from_frame(pd.DataFrame({**found, **columns}), OVERLAPPING)


def gaps():
    told = people(60, 8)
    frame = told.data.astype(object)
    frame.loc[frame.index[:3], CHANNELS] = None
    frame.loc[frame.index[3:9], "channels__online"] = None
    frame.loc[frame.index[5:11], "hurdles__law"] = None
    return survey.from_frame(frame, OVERLAPPING)


def sevens():
    random = np.random.default_rng(2)
    frame = {"region": ["north"] * 37 + ["south"] * 3}
    frame |= {f"agreement__{item}": random.integers(1, 8, 40) for item in ("first", "second", "third")}
    return survey.from_frame(pd.DataFrame(frame), SEVENS)


def rare_region():
    """A single-choice banner: what one group hides, the others and the total would give away."""
    told = people(80, 3)
    sizes = ["small"] * 60 + ["medium"] * 17 + ["large"] * 3
    return survey.from_frame(told.data.assign(size=sizes), OVERLAPPING)


def two_banners_with_gaps():
    """Some answered neither banner, or only one of them, or left out one item."""
    told = people(50, 8)
    frame = told.data.astype(object)
    frame.loc[frame.index[:3], CHANNELS] = None
    frame.loc[frame.index[2:6], "size"] = None
    frame.loc[frame.index[5:11], "hurdles__law"] = None
    return survey.from_frame(frame, OVERLAPPING)


def museum():
    """Seven points and three, a single-choice banner, exclusive options, questions not asked."""
    random = np.random.default_rng(4)
    size = 60
    none = np.zeros(size, dtype=int)
    none[:3] = 1
    rooms = {
        f"rooms__{name}": (random.random(size) < 0.5).astype(int) * (1 - none) for name in ("coins", "maps")
    }
    rooms |= {"rooms__ships": (random.random(size) < 0.07).astype(int) * (1 - none), "rooms__none": none}
    rooms["rooms__other"] = 0 * none
    rated = {f"enjoyment__{item}": random.integers(1, 8, size).astype(float) for item in ("labels", "light")}
    for values in rated.values():
        values[:3] = np.nan  # asked only of those who saw a room
    habits = {f"habits__{item}": random.integers(0, 3, size) for item in ("theatre", "cinema")}
    visit = random.choice(["first", "again", "regular", "other"], size, p=[0.5, 0.3, 0.16, 0.04])
    return survey.from_frame(
        pd.DataFrame({"visit": visit, **rooms, **rated, **habits}), EXAMPLES / "everything.yaml"
    )


def saw_no_room(attack):
    """Rules of the museum: 'none' excludes the rooms, and who saw none was not asked how it was."""
    rules = []
    for pattern in range(len(attack.patterns)):
        none = attack.columns["rooms|none", "none", pattern]
        for room in ("coins", "maps", "ships", "other"):
            own = [none, attack.columns[f"rooms|{room}", room, pattern], attack.columns[None, None, pattern]]
            rules.append((own, [1, 1, -1], 0))
        for item in ("labels", "light"):
            part = f"enjoyment|{item}"
            answered = [attack.columns[part, str(point), pattern] for point in range(1, 8)]
            own = [none, attack.columns[None, None, pattern], *answered]
            rules.append((own, [1, -1, *[1] * 7], 0))
    return rules


def points_are_groups(attack):
    """The groups are the points of an item, whose answers are printed too."""
    part = "hurdles|law"
    return [
        ([attack.columns[None, None, at], attack.columns[part, point, at]], [1, -1], 0)
        for at, pattern in enumerate(attack.patterns)
        for (_, point), inside in zip(attack.groups, pattern, strict=True)
        if inside == 1
    ]


SHAPES = {
    "sample": (sample, {}, ()),
    "sample in Chinese": (sample, {"lang": "zh"}, ()),
    "sample, one model alone": (sample, {"only": "exclusive"}, ()),
    "sample, one model alone, 20": (sample, {"only": "exclusive", "suppress": 20}, ()),
    "sample, several models": (sample, {"only": "mixed", "lang": "zh"}, ()),
    "sample by a single question": (sample, {"banner": "position"}, ()),
    "sample, 20": (sample, {"suppress": 20}, ()),
    "overlapping": (lambda: people(60), {}, ()),
    "overlapping, few": (lambda: people(14), {}, ()),
    "overlapping, gaps": (gaps, {}, ()),
    "single banner with a rare group": (rare_region, {"banner": "size"}, ()),
    "an item of a rating": (lambda: people(60), {"banner": "hurdles__law"}, (points_are_groups,)),
    "an item of a rating, gaps": (gaps, {"banner": "hurdles__law"}, (points_are_groups,)),
    "seven points": (sevens, {}, ()),
    "two banners": (lambda: people(60), {"banner": ["channels", "size"]}, ()),
    "two banners, 10": (lambda: people(80, 3), {"banner": ["size", "channels"], "suppress": 10}, ()),
    "two banners, gaps": (two_banners_with_gaps, {"banner": ["size", "channels"], "lang": "zh"}, ()),
    "museum": (museum, {"lang": "zh"}, (saw_no_room,)),
    "three respondents": (lambda: people(3), {}, ()),
    "everyone in every group": (lambda: people(40, **dict.fromkeys(CHANNELS, [1] * 40)), {}, ()),
    "no group": (lambda: people(40, **dict.fromkeys(CHANNELS, [0] * 40)), {}, ()),
    "one group": (lambda: people(40, **{name: [int(name == CHANNELS[0])] * 40 for name in CHANNELS}), {}, ()),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_number_of_the_workbook_gives_a_hidden_one_away(shape, tmp_path):
    make, options, rules = SHAPES[shape]
    told, options = make(), {"suppress": 5, **options}
    minimum = min(options["suppress"], len(told))
    report = survey.analyze(told, **options)
    path = tmp_path / "report.xlsx"
    survey.write_report(report, path, pictures=False)
    only = options.get("only")
    names = options.get("banner") or told.instrument.defaults.banner
    banners = [told.instrument.question(name) for name in ([names] if isinstance(names, str) else names)]
    counts = printed_counts(path, told, *banners, only=only)
    whole = _truth(told, banners, only)
    groups = {count.group for count in counts}
    attack = Attack(counts, told, *banners, only=only, rules=rules)
    looked = hidden = 0
    for count in counts:
        n, base = whole[count.part, count.answers, count.group, count.state]
        for value, shown, what in ((n, count.n, "count"), (base, count.base, "base")):
            if what == "base" and not count.part:
                continue
            assert shown in (None, value), (count.part, count.group, what)
            assert shown is None or not 0 < value < options["suppress"], (count.part, count.group, what)
            if shown is None:
                hidden += 1
            if shown is None and 0 < value < options["suppress"]:
                answers = count.answers if what == "count" else None
                low, high = attack.limits(attack.places(count.part, answers, count.group, count.state))
                looked += 1
                assert low < high, (count.part, count.answers, count.group, what)
                assert high >= minimum, (count.part, count.answers, count.group, what, low, high)
    assert groups > {None}
    assert (looked > 0) or shape in ("no group",), hidden
    _no_hidden_number_elsewhere(path, report, counts, banners)


def _truth(told, banners, only):
    """Count and base of everything that is printed, from the responses themselves."""
    from tests.statistics.by_rows import memberships

    groups, others, whole_groups = {None: np.ones(len(told), dtype=bool)}, {}, {}
    for banner in banners:
        inside, everybody = memberships(told, banner, only=only), memberships(told, banner)
        for group in banner.groups:
            groups[banner.id, group.id] = inside[group.id].to_numpy() == 1
            others[banner.id, group.id] = inside[group.id].to_numpy() == 0
            whole_groups[banner.id, group.id] = everybody[group.id].to_numpy() == 1

    class Whole(dict):
        def __missing__(self, key):
            part, answers, group, state = key
            if part is None:
                return int(whole_groups[group].sum()), None
            name, _, item = part.partition("|")
            question = told.instrument.question(name)
            values = told.data[f"{name}__{item}" if item else name]
            told_codes = values.astype(object).where(values.notna(), None)
            if question.kind == "multiple":
                gave = np.array([value is not None and bool(value) for value in told_codes])
            else:
                gave = np.array([value is not None and str(value) in answers for value in told_codes])
            who = groups[group] if state else others[group]
            return int((gave & who).sum()), int((values.notna().to_numpy() & who).sum())

    return Whole()


def _no_hidden_number_elsewhere(path, report, counts, banners):
    """Tables, sentences, alternative texts, charts and pictures say no more than the long table does."""
    shares = {count.n / count.base for count in counts if count.n is not None and count.base}
    rows = long_table(path)
    shown = {
        round(row[name], 9)
        for row in rows
        for name in ("value", "ci_low", "ci_high")
        if row[name] is not None
    }
    whole = {row[name] for row in rows for name in ("n", "base") if row[name] is not None}
    for name, (_, *lines) in tables(path).items():
        if name in ("data", "notes", "codebook"):
            continue
        for line in lines:
            numbers = [value for value in line if isinstance(value, int | float)]
            if name == "summary_differences":
                numbers = [*numbers[:-1], numbers[-1] / 100]
            if name == "tests":
                numbers = [value for value in numbers if value < 1]  # p-values are of what is shown
                numbers = [value for value in numbers if value in {row["value"] for row in rows}]
            for value in numbers:
                assert round(value, 9) in shown or value in whole, (name, line, value)
    known = {(200 * count.n + count.base) // (2 * count.base) for count in counts if count.n and count.base}
    limits = {round(100 * value) for value in shown} | {int(100 * value + 0.5) for value in shown}
    assert percentages_in(path) <= known | limits | {0, 5, 50, 95, 100}  # formats of numbers say 0%
    assert {round(value, 9) for value in cached_values(path)} <= {round(share, 9) for share in shares} | set(
        range(400)
    )
    for sheet in report.sheets:
        for picture in sheet.pictures:
            if "reason" in picture.data:
                gone = picture.data[picture.data["reason"].str.contains("suppressed")]
                assert gone.filter(regex="^(n|n_top|proportion|ci_low|ci_high)$").isna().all(axis=None)
    hidden_points = {
        (row["question"], row["item"])
        for row in rows
        if row["item"] and not row["group"] and "suppressed" in (row["reason"] or "")
    }
    told = {(row["question"], row["item"]) for row in rows if row["measure"] in ("mean", "sd", "median")}
    assert not hidden_points & told  # means go with hidden points
    for banner in banners:
        _hidden_cells_are_marked(path, counts, banner)


def _hidden_cells_are_marked(path, counts, banner):
    """A share that the long table hides is [c] wherever a table would show it."""
    shown = tables(path)
    if f"by_{banner.id}" not in shown:
        return
    hidden = sum(
        count.hides
        for count in counts
        if count.group and count.group[0] == banner.id and count.part and count.state
    )
    marked = sum(
        line[place] == HIDDEN
        for line in shown[f"by_{banner.id}"][1:]
        for place in range(2, len(line))
        if not (isinstance(line[1], int | float) and line[1] > 1)  # heads of sections hold bases
    )
    assert marked >= hidden


def test_the_command_hides_and_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [
        "analyze",
        str(SAMPLE),
        "--suppress",
        "--suppress-below",
        "10",
        "--no-pictures",
        "-o",
        "out.xlsx",
    ]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    book = load_workbook("out.xlsx")
    assert not {"Quality", "Published", "Precision"} & set(book.sheetnames)
    notes = " ".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row)
    assert "Counts below 10, 0 apart, are hidden" in notes
    assert "[c]: hidden, a count below 10" in notes
    assert "independent 42" not in notes
    assert "be as large as 10" in notes


def test_odd_shapes_have_a_workbook(tmp_path):
    """Nobody at all; no banner; an item that nobody rated; groups whose combinations are too many."""
    told = people(20)
    nobody = survey.from_frame(told.data.head(0), OVERLAPPING)
    markets = {
        "markets__asia": [1, 0, 0] * 4,
        "markets__europe": [1, 1, 0] * 4,
        "markets__nowhere": [0, 0, 1] * 4,
    }
    plain = pd.DataFrame({**markets, "visits__ours": [0, 1, 2, 3] * 3})
    no_banner = survey.from_frame(plain, EXAMPLES / "no-defaults.yaml")
    for at, (responses, by) in enumerate([(nobody, None), (no_banner, None), (no_banner, "markets")]):
        report = survey.analyze(responses, suppress=5, banner=by)
        survey.write_report(report, tmp_path / f"{at}.xlsx")
    (table, *_) = survey.analyze(no_banner, suppress=5).sheet("Topline").tables
    # 4 chose none, which excludes the others: 8 of 12 in Europe would say so.
    assert (
        table.data.loc[~table.data["section"] & (table.data["question"] == "markets"), "marks"].tolist()
        == ["hidden"] * 3
    )


def test_tables_too_large_are_protected_as_far_as_said(monkeypatch):
    from survey.disclosure import protection

    told = people(60)
    whole = survey.analyze(told, suppress=5)
    monkeypatch.setattr(protection, "MOST_VARIABLES", 800)
    parts = survey.analyze(told, suppress=5)
    assert "each question is protected by itself" in said(parts)
    assert [sheet.name for sheet in parts.sheets] == [sheet.name for sheet in whole.sheets]
    monkeypatch.setattr(protection, "MOST_VARIABLES", 300)
    bare = survey.analyze(told, suppress=5)
    assert "The 4 groups have too many combinations" in said(bare)
    assert not [sheet for sheet in bare.sheets if sheet.name.startswith("By ")]
    table = bare.sheet("Topline").tables[0].data
    assert table.loc[table["question"] == "size", "marks"].eq("hidden").any()


def said(report):
    """What the sheet of notes says."""
    return " ".join(report.sheet("Notes").tables[0].data["what"])


def test_what_does_not_go_together_is_told():
    for words, told in (
        (["--suppress", "--compare", "columns"], "not both"),
        (["--suppress", "--suppress-below", "0"], "whole number, 1 or more"),
        (["--only", "some"], "exclusive, mixed"),
    ):
        done = CliRunner().invoke(main, ["analyze", str(SAMPLE), *words, "-o", "never.xlsx"])
        assert done.exit_code == 2
        assert told in done.stderr


def test_a_group_whose_id_begins_with_that_of_another_keeps_its_blanks(tmp_path):
    """A blank cell of `online_b`, whom nobody follows, is not marked where one of `online` is hidden."""
    text = OVERLAPPING.read_text(encoding="utf-8")
    path = tmp_path / "other-groups.yaml"
    path.write_text(text.replace("id: branches", "id: online_b"), encoding="utf-8")
    frame = people(60).data.astype(object).rename(columns={"channels__branches": "channels__online_b"})
    frame["channels__online_b"] = 0
    online = (frame["channels__online"] == 1).to_numpy()
    frame["hurdles__law"] = np.where(online, 1, 5)
    frame.loc[frame.index[online][:2], "hurdles__law"] = 5
    report = survey.analyze(survey.from_frame(frame, path), suppress=5)
    sheet = next(sheet for sheet in report.sheets if sheet.name.startswith("By "))
    table = sheet.tables[0].data
    law = table[~table["section"]].set_index("stub_code").loc["law"]
    assert law["online_marks"] == "hidden"
    assert pd.isna(law["online"])
    assert law["online_b_marks"] in ("", "small")
    assert pd.isna(law["online_b"])
