"""Propositions: statements of a work on interviews, each with the rule that judges it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from survey.instrument.case_schemas import CaseFacts, FactTest, StatementId
from survey.instrument.interview_schemas import InterviewCodebook, SchemaReference
from survey.instrument.labelled_parts import Theory, theory_faults, unknown_part
from survey.instrument.loading import load_kind
from survey.instrument.proposition_rules import RULES
from survey.instrument.schema import Fault, Id, Schema, Strict, Text, Wording, doubles


class Proposition(Strict):
    """One statement: where it stands, the theory behind it, and how it is to be judged.

    `codes_for` and `codes_against` are codes, subthemes, themes or aims; `rule` is one of `RULES`. `company`
    limits it to one company, or is the one that it speaks of. `segments` are quotations given for it; `facts`
    is what dated events and figures have to say to it; `needs` names the data that would decide it.
    `codes_denied` are codes whose denial speaks for it: who is against such a code is for the proposition.
    """

    id: StatementId
    statement: Wording
    place: Text
    theory: tuple[Text, ...] = ()
    codes_for: tuple[Id, ...] = ()
    codes_against: tuple[Id, ...] = ()
    codes_denied: tuple[Id, ...] = ()
    rule: Id
    company: Text | None = None
    value: Annotated[int, Field(gt=0)] | None = None
    segments: tuple[Text, ...] = ()
    facts: FactTest | None = None
    needs: Wording | None = None
    note: Wording | None = None


class Propositions(Schema):
    """Statements of a work on interviews, each with the rule that judges it.

    `theories` gives labels to what the propositions name as their theory; where it is left out any name
    stands for itself.
    """

    kind: Literal["propositions"]
    codebook: SchemaReference | None = None
    facts: SchemaReference | None = None
    assumption: Wording | None = None
    theories: tuple[Theory, ...] = ()
    propositions: Annotated[tuple[Proposition, ...], Field(min_length=1)]

    def faults(self) -> Iterator[Fault]:
        """Find doubles, rules that there are not, and keys that a rule needs."""
        yield from super().faults()
        yield from doubles((), "propositions", self.propositions)
        yield from doubles((), "theories", self.theories)
        for place, one in enumerate(self.propositions):
            path = ("propositions", place)
            yield from unknown_part((*path, "rule"), "proposition_rule_unknown", one.id, one.rule, RULES)
            for name in RULES[one.rule].needs if one.rule in RULES else ():
                denied = one.codes_denied if name == "codes_for" else ()
                if not (getattr(one, name) or denied):
                    yield path, "rule_needs", {"id": one.id, "rule": one.rule, "key": name}
            yield from theory_faults((*path, "theory"), one.id, one.theory, self.theories)
            if one.facts:
                yield from one.facts.faults((*path, "facts"), one.id)

    def faults_between(self, codebook: InterviewCodebook | None, facts: CaseFacts | None) -> Iterator[Fault]:
        """Find codes that a codebook does not have, and what a test names that the facts do not have."""
        parts = (codebook.aims, codebook.themes, codebook.subthemes, codebook.codes) if codebook else ()
        known = [part.id for level in parts for part in level]
        for place, one in enumerate(self.propositions):
            path = ("propositions", place)
            for name in ("codes_for", "codes_against", "codes_denied"):
                for code in getattr(one, name) if codebook else ():
                    yield from unknown_part((*path, name), "proposition_code", one.id, code, known)
            if one.facts and facts:
                yield from facts.test_faults((*path, "facts"), one.id, one.facts)


def load_propositions(reference: str | Path | Propositions) -> Propositions:
    """Load propositions: `ID`, `ID@VERSION`, a path, or propositions, which come back as they are.

    Parameters
    ----------
    reference
        `ID`, `ID@VERSION`, the path of a YAML file, or `Propositions`.

    Raises
    ------
    UsageError
        There is no such schema, or it is of another kind.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> len(survey.load_propositions("propositions@1.0.0").propositions)
    97
    """
    return load_kind(reference, Propositions, "not_propositions")
