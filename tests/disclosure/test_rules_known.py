"""What follows from the rules of a questionnaire and from the rule of hiding: two cases, and random ones."""

import pandas as pd
import pytest

import survey
from tests.disclosure.random_questionnaires import question, random_responses, survey_of
from tests.disclosure.rule_attack import RuleAttack

CHANNELS = ("mail", "phone", "press")


def channel():
    """Everybody ticks one of three: 20 and 23 people, whose third option is what is left."""
    offices = question("office", "single", ["north", "south"])
    asked = question("channel", "multiple", list(CHANNELS), least=1)
    rows = []
    for office, counts in (("north", (10, 8, 2)), ("south", (12, 7, 4))):
        for place, count in enumerate(counts):
            ticks = {
                f"channel__{name}": int(at == place) for at, name in enumerate(("mail", "phone", "press"))
            }
            rows += [{"office": office, **ticks}] * count
    return survey.from_frame(pd.DataFrame(rows), survey_of(offices, asked))


def staff():
    """38 of 40 praise; of the six in the north four do, which the total and the rule would give away."""
    offices = question("office", "single", ["north", "south"])
    asked = question("seen", "multiple", ["praise", "bully"])
    rows = [{"office": "north", "seen__praise": int(at >= 2), "seen__bully": 0} for at in range(6)]
    rows += [{"office": "south", "seen__praise": 1, "seen__bully": at % 2} for at in range(34)]
    return survey.from_frame(pd.DataFrame(rows), survey_of(offices, asked))


@pytest.mark.parametrize(("make", "shown"), [(channel, 4), (staff, 3)])
def test_the_rules_give_nothing_away(make, shown):
    """The small counts have two values at least; bases and counts that give nothing away stay."""
    responses = make()
    attack = RuleAttack(responses, "office", 5)
    known, small = attack.worked_back()
    assert small > 0
    assert not known
    assert not attack.shown_small()
    cells = survey.analyze(responses, suppress=5)
    data = next(table.data for sheet in cells.sheets for table in sheet.tables if table.name == "data")
    shares = data[data["measure"] == "share"]
    assert shares["base"].notna().all()
    totals = shares[shares["group"] == ""]
    assert totals["n"].notna().sum() == shown  # of the first all but press, of the second all but praise


def values(attack):
    """The values that are worked back."""
    return {value for _, value in attack.worked_back()[0]}


def test_the_attack_can_succeed(monkeypatch):
    """Without what was mended the same attack finds both counts of the first case, and that of the second."""
    from survey.disclosure import protection, secondary_cells

    whole = protection.kept_limits

    def forgetful(*given):
        return [
            limit
            for limit in whole(*given)
            if not (limit.terms[0][1] is None and limit.terms[0][2] > 0 and limit.terms[1][2] < 0)
        ]

    monkeypatch.setattr(protection, "kept_limits", forgetful)
    assert values(RuleAttack(channel(), "office", 5)) == {2, 4}
    monkeypatch.setattr(secondary_cells, "_undoubted", lambda *given: None)
    assert values(RuleAttack(staff(), "office", 5)) == {4}


@pytest.mark.parametrize("seed", range(8))
def test_random_questionnaires(seed):
    responses, banner, _ = random_responses(seed)
    attack = RuleAttack(responses, banner, 5)
    assert not attack.worked_back()[0]
    assert not attack.shown_small()


def test_more_respondents_than_a_hundred_thousand():
    """Counts above 100,000 were refused as if they contradicted each other."""
    offices = question("office", "single", ["north", "south"])
    frame = pd.DataFrame({"office": ["north"] * 150_000 + ["south"] * 3})
    table = survey.frequencies(survey.from_frame(frame, survey_of(offices)), "office")
    assert survey.suppress(table)["n"].isna().all()


def test_a_report_with_hidden_cells_has_no_hash_of_the_answers(tmp_path):
    """Who guesses the answers could try guesses until the hash is met."""
    path = tmp_path / "answers.csv"
    staff().data.to_csv(path, index=False)
    responses = survey.read_responses(path, instrument=staff().instrument)
    digest = responses.provenance.files[0].sha256
    for suppress, stands in ((0, True), (5, False)):
        report = survey.analyze(responses, suppress=suppress)
        target = survey.write_report(report, tmp_path / f"{suppress}.html", pictures=False)
        written = target if isinstance(target, type(path)) else target[0]
        assert (digest in written.read_text(encoding="utf-8")) == stands
