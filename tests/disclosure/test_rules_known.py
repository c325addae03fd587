"""What follows from the rules of a questionnaire and from the rule of hiding: cases, and random ones."""

import pandas as pd
import pytest

import survey
from survey.disclosure import protection, secondary_cells
from tests.disclosure.random_questionnaires import question, random_responses, survey_of
from tests.disclosure.rule_attack import RuleAttack

CHANNELS = ("mail", "phone", "press")
OFFICES = question("office", "single", ["north", "south"])
YEARS = question("years", "number", required=True, limits={"minimum": 0, "maximum": 40, "whole": True})


def tool(name="tool", **route):
    """A question that must be answered by those who are asked."""
    return question(name, "single", ["old", "new"], required=True, asked_if=route)


def ticked(name, *options):
    """The columns of a select-all question with these options ticked."""
    return {f"channel__{option}": int(option in options) for option in name}


def answers(instrument, *rows):
    """Responses: so many times each row."""
    return survey.from_frame(pd.DataFrame([row for count, row in rows for _ in range(count)]), instrument)


def channel():
    """Everybody ticks one of three: 20 and 23 people, whose third option is what is left."""
    asked = question("channel", "multiple", list(CHANNELS), least=1)
    counts = {"north": (10, 8, 2), "south": (12, 7, 4)}
    return answers(
        survey_of(OFFICES, asked),
        *(
            (count, {"office": office, **ticked(CHANNELS, one)})
            for office, own in counts.items()
            for one, count in zip(CHANNELS, own, strict=True)
        ),
    )


def staff():
    """38 of 40 praise; of the six in the north four do, which the total and the rule would give away.

    That few were bullied is hidden for its own sake, and is no reason to hide the praise.
    """
    asked = question("seen", "multiple", ["praise", "bully"])
    rows = [(1, {"office": "north", "seen__praise": int(at >= 2), "seen__bully": 0}) for at in range(6)]
    rows += [(1, {"office": "south", "seen__praise": 1, "seen__bully": at % 2}) for at in range(34)]
    return answers(survey_of(OFFICES, asked), *rows)


def staff_and_few():
    """The same with three who were bullied."""
    asked = question("seen", "multiple", ["praise", "bully"])
    rows = [(1, {"office": "north", "seen__praise": int(at >= 2), "seen__bully": at % 2}) for at in range(6)]
    rows += [(1, {"office": "south", "seen__praise": 1, "seen__bully": int(at < 9)}) for at in range(34)]
    return answers(survey_of(OFFICES, asked), *rows)


def narrow(least, most, north, south):
    """Two ticks each, or "none" alone, which is always enough: what is left of the third option follows."""
    names = (*CHANNELS, "none")
    asked = question("channel", "multiple", list(names), least=least, most=most)
    rows = []
    for office, sets in (("north", north), ("south", south)):
        rows += [
            (count, {"office": office, **ticked(names, *chosen.split())}) for chosen, count in sets.items()
        ]
    return answers(survey_of(OFFICES, asked), *rows)


def least_beside_none():
    """20 and 23 people, 6 and 5 of whom ticked none: the others ticked twice as many options as they are."""
    north = {"none": 6, "mail phone": 10, "mail press": 3, "phone press": 1}
    south = {"none": 5, "mail phone": 16, "mail press": 2}
    return narrow(2, None, north, south)


def asked_by_number():
    """37 of 40 are asked after three years, and the others before: three, which is printed nowhere."""
    instrument = survey_of(
        OFFICES, YEARS, tool(question="years", at_least=3), tool("plan", question="years", at_most=2)
    )
    return answers(
        instrument,
        (17, {"office": "north", "years": 7, "tool": "old", "plan": None}),
        (20, {"office": "south", "years": 4, "tool": "new", "plan": None}),
        (3, {"office": "north", "years": 1, "tool": None, "plan": "old"}),
    )


def asked_by_choice():
    """Those of a size that is not shown are asked, the others something else."""
    size = question("size", "single", ["small", "large"])
    instrument = survey_of(
        OFFICES, size, tool(question="size", any=["large"]), tool("plan", question="size", none=["large"])
    )
    return answers(
        instrument,
        (17, {"office": "north", "size": "large", "tool": "old", "plan": None}),
        (20, {"office": "south", "size": "large", "tool": "new", "plan": None}),
        (3, {"office": "north", "size": "small", "tool": None, "plan": "old"}),
    )


def must_be_answered():
    """Of 40, 36 had to answer what those in the south are asked, so that 4 are in the north."""
    instrument = survey_of(OFFICES, tool(question="office", any=["south"]))
    return answers(
        instrument,
        (4, {"office": "north", "tool": None}),
        (20, {"office": "south", "tool": "old"}),
        (16, {"office": "south", "tool": "new"}),
    )


def nested_base():
    """Four of the six in the north answered, all of them alike, and all 34 in the south."""
    return answers(
        survey_of(OFFICES, question("seen", "single", ["yes", "no"])),
        (4, {"office": "north", "seen": "yes"}),
        (2, {"office": "north", "seen": None}),
        (18, {"office": "south", "seen": "yes"}),
        (16, {"office": "south", "seen": "no"}),
    )


def values(attack):
    """The values that are worked back."""
    return {value for _, value in attack.worked_back()[0]}


def rules_forgotten(monkeypatch):
    """A protector that knows none of the rules."""
    monkeypatch.setattr(protection, "kept_limits", lambda *given: [])


def threshold_forgotten(monkeypatch):
    """A protector that does not ask what the rule of hiding itself gives away."""
    monkeypatch.setattr(secondary_cells, "_undoubted", lambda *given: None)


def rows_mixed_up(monkeypatch):
    """A protector to whom anything hidden anywhere is a reason for a hidden cell."""
    monkeypatch.setattr(secondary_cells, "_reasons", lambda known, place, hidden, bare: hidden)


# What is answered, what would be worked back where the protector forgets what it knows, and what it forgets.
CASES = {
    "least": (channel, {2, 4}, rules_forgotten),
    "least, and an option that excludes others": (least_beside_none, {2, 4}, rules_forgotten),
    "routes by number": (asked_by_number, {3}, rules_forgotten),
    "routes by choice": (asked_by_choice, {3}, rules_forgotten),
    "required answers": (must_be_answered, {4}, rules_forgotten),
    "the threshold pins a count": (staff, {4}, threshold_forgotten),
    "the threshold pins a count beside another row": (staff_and_few, {4}, rows_mixed_up),
}
SAFE = {**{name: case[0] for name, case in CASES.items()}, "a small base within a small group": nested_base}


@pytest.mark.parametrize("case", SAFE)
def test_the_rules_give_nothing_away(case):
    """Every small number that is hidden has two values at least."""
    attack = RuleAttack(SAFE[case](), "office", 5)
    known, small = attack.worked_back()
    assert small > 0
    assert not known
    assert not attack.shown_small()


@pytest.mark.parametrize("case", CASES)
def test_the_attack_can_succeed(case, monkeypatch):
    """Where the protector forgets what a reader knows the same attack finds the numbers."""
    make, expected, forget = CASES[case]
    forget(monkeypatch)
    assert values(RuleAttack(make(), "office", 5)) == expected


@pytest.mark.parametrize(("make", "shown"), [(channel, 4), (staff, 3)])
def test_no_more_is_hidden_than_needed(make, shown):
    """Bases, and counts that give nothing away, stay."""
    cells = survey.analyze(make(), suppress=5)
    data = next(table.data for sheet in cells.sheets for table in sheet.tables if table.name == "data")
    shares = data[data["measure"] == "share"]
    assert shares["base"].notna().all()
    totals = shares[shares["group"] == ""]
    assert totals["n"].notna().sum() == shown  # of the first all but press, of the second all but praise


# The last were attacked with success until what they rest on was known to the protector.
@pytest.mark.parametrize("seed", [*range(12), 216, 529, 684])
def test_random_questionnaires(seed):
    responses, banner, _ = random_responses(seed)
    attack = RuleAttack(responses, banner, 5)
    assert not attack.worked_back()[0]
    assert not attack.shown_small()


def test_more_respondents_than_a_hundred_thousand():
    """Counts above 100,000 were refused as if they contradicted each other."""
    frame = pd.DataFrame({"office": ["north"] * 150_000 + ["south"] * 3})
    responses = survey.from_frame(frame, survey_of(OFFICES))
    table = survey.frequencies(responses, "office")
    assert survey.suppress(table)["n"].isna().all()
    notes = survey.analyze(responses, suppress=5).sheet("Notes").tables[0].data
    assert "150003" in set(notes["what"])


def test_a_report_with_hidden_cells_has_no_hash_of_the_answers(tmp_path):
    """Who guesses the answers could try guesses until the hash is met."""
    path = tmp_path / "answers.csv"
    staff().data.to_csv(path, index=False)
    responses = survey.read_responses(path, instrument=staff().instrument)
    digest = responses.provenance.files[0].sha256
    for suppress, stands in ((0, True), (5, False)):
        report = survey.analyze(responses, suppress=suppress)
        notes = " ".join(map(str, report.sheet("Notes").tables[0].data["what"]))
        assert (digest in notes) == stands
        target = survey.write_report(report, tmp_path / f"{suppress}.html", pictures=False)
        written = target if isinstance(target, type(path)) else target[0]
        assert (digest in written.read_text(encoding="utf-8")) == stands
        for ending in (".xlsx", ".pptx"):
            survey.write_report(report, tmp_path / f"{suppress}{ending}", pictures=False)
            assert suppress == 0 or digest not in everything_in(tmp_path / f"{suppress}{ending}")


def everything_in(path):
    """All text of an archive."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
