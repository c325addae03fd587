"""--suppress: the finished workbook attacked with linear programs that know all it prints."""

import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from tests.disclosure.attack import HIDDEN, Attack, pairs_in, printed_counts
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
    "seven points": (sevens, {}, ()),
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
    lang, only = options.get("lang", "en"), options.get("only")
    banner = told.instrument.question(options.get("banner") or told.instrument.defaults.banner)
    counts = printed_counts(path, told, banner, lang, only)
    whole = _truth(told, banner, only)
    groups = {count.group for count in counts}
    attack = Attack(counts, told, banner, only, rules)
    looked = hidden = 0
    for count in counts:
        n, base = whole[count.part, count.answers, count.group]
        for value, shown, what in ((n, count.n, "count"), (base, count.base, "base")):
            if what == "base" and not count.part:
                continue
            assert shown in (None, value), (count.part, count.group, what)
            assert shown is None or not 0 < value < options["suppress"], (count.part, count.group, what)
            if shown is None:
                hidden += 1
            if shown is None and 0 < value < options["suppress"]:
                answers = count.answers if what == "count" else None
                low, high = attack.limits(attack.places(count.part, answers, count.group))
                looked += 1
                assert low < high, (count.part, count.answers, count.group, what)
                assert high >= minimum, (count.part, count.answers, count.group, what, low, high)
    assert groups > {None}
    assert (looked > 0) or shape in ("no group",), hidden
    _no_hidden_number_elsewhere(path, report, counts, told)


def _truth(told, banner, only):
    """Count and base of everything that is printed, from the responses themselves."""
    from tests.statistics.by_rows import memberships

    inside = memberships(told, banner, only=only)
    groups = {None: np.ones(len(told), dtype=bool)}
    groups |= {group.id: inside[group.id].to_numpy() == 1 for group in banner.groups}
    whole_groups = memberships(told, banner)

    class Whole(dict):
        def __missing__(self, key):
            part, answers, group = key
            if part is None:
                return int((whole_groups[group] == 1).sum()), None
            name, _, item = part.partition("|")
            question = told.instrument.question(name)
            values = told.data[f"{name}__{item}" if item else name]
            told_codes = values.astype(object).where(values.notna(), None)
            if question.kind == "multiple":
                gave = np.array([value is not None and bool(value) for value in told_codes])
            else:
                gave = np.array([value is not None and str(value) in answers for value in told_codes])
            who = groups[group]
            return int((gave & who).sum()), int((values.notna().to_numpy() & who).sum())

    return Whole()


def _no_hidden_number_elsewhere(path, report, counts, told):
    """No sentence, note, alternative text or picture has a hidden number; means go with hidden points."""
    known = {(count.n, count.base) for count in counts} | {(count.base, len(told)) for count in counts}
    totals = {}
    for count in counts:
        if count.group is None and count.part:
            totals[count.part, count.answers] = (count.n, count.base)
    for count in counts:
        total = totals.get((count.part, count.answers))
        if count.group and total and None not in (*total, count.n, count.base):
            known.add((total[0] - count.n, total[1] - count.base))
    answered = {
        int(told.data[list(q.answer_columns)].notna().any(axis=1).sum()) for q in told.instrument.questions
    }
    known |= {(base, len(told)) for base in answered if not 0 < base < 5}
    assert pairs_in(path) <= known
    for sheet in report.sheets:
        for picture in sheet.pictures:
            if "reason" in picture.data:
                gone = picture.data[picture.data["reason"].str.contains("suppressed")]
                assert gone.filter(regex="^(n|n_top|proportion|ci_low|ci_high)$").isna().all(axis=None)
    book = load_workbook(path)
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            head, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            if not table.name.startswith(("tbl_frequency", "tbl_importance")):
                continue
            for row in rows:
                if HIDDEN in row:
                    means = [
                        value
                        for name, value in zip(head, row, strict=True)
                        if re.match("Mean|SD|Median|均值", name)
                    ]
                    assert set(means) <= {HIDDEN}


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
    assert "Counts below 10 (0 apart) are hidden and marked [c]" in " ".join(
        str(cell.value) for row in book["Contents"].iter_rows() for cell in row
    )
    assert not {"Data quality", "Published", "Ranks", "Ticked together", "Precision"} & set(book.sheetnames)
    method = {row[0].value: row[1].value for row in book["Method and notes"].iter_rows(min_col=1, max_col=2)}
    assert "independent 42" not in " ".join(map(str, method.values()))
    assert "be as large as 10" in method["Hidden cells"]


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
    table = survey.analyze(no_banner, suppress=5).sheet("Markets").tables[0].data
    # 4 chose none, which excludes the others: 8 of 12 in Europe would say so.
    assert table["n"].tolist() == [HIDDEN] * 3


def test_tables_too_large_are_protected_as_far_as_said(monkeypatch):
    from survey.disclosure import protection

    told = people(60)
    whole = survey.analyze(told, suppress=5)
    monkeypatch.setattr(protection, "MOST_VARIABLES", 800)
    parts = survey.analyze(told, suppress=5)
    assert "each question is protected by itself" in " ".join(parts.sheet("Contents").lines)
    assert [sheet.name for sheet in parts.sheets] == [sheet.name for sheet in whole.sheets]
    monkeypatch.setattr(protection, "MOST_VARIABLES", 300)
    bare = survey.analyze(told, suppress=5)
    assert "The 4 groups have too many combinations" in " ".join(bare.sheet("Contents").lines)
    assert not [sheet for sheet in bare.sheets if "by channels" in sheet.name]
    assert bare.sheet("Size").tables[0].data["n"].astype(str).eq(HIDDEN).any()


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
    law = report.sheet("Hurdles by channels").tables[0].data.set_index("stub_code").loc["law"]
    assert law["online_n"] == law["online_proportion"] == HIDDEN
    assert law["online_b_n"] == law["online_b_base"] == 0
    assert pd.isna(law["online_b_proportion"])
