"""Parts of a schema that have an id and words, and the theories they may name."""

from collections.abc import Iterable, Iterator

from survey.instrument.schema import Fault, Id, Strict, Text, Wording, text_in
from survey.messages import message
from survey.wording import near_misses


class Labelled(Strict):
    """Anything with an id and a label."""

    id: Id
    label: Wording

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is.

        What codes of other tools stand below that have no group there is called in every language.
        """
        label = text_in(self.label, lang)
        ours = lang not in self.label and label == message("codes_ungrouped", next(iter(self.label)))
        return message("codes_ungrouped", lang) if ours else label


class Named(Strict):
    """Anything with a name that stands as it is written elsewhere, and a label."""

    id: Text
    label: Wording

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)


class Theory(Named):
    """A theory, by the name that codes or propositions give it."""


def theory_labels(listed: Iterable[Theory], named: Iterable[str], lang: str) -> tuple[str, ...]:
    """The labels of theories; a name that is not listed stands for itself."""
    labels = {theory.id: theory.said(lang) for theory in listed}
    return tuple(labels.get(name, name) for name in named)


def theory_faults(
    path: tuple[str | int, ...], owner: str, named: Iterable[str], theories: Iterable[Theory]
) -> Iterator[Fault]:
    """Find theories that are named and not listed, where a schema lists any."""
    known = [theory.id for theory in theories]
    for name in named if known else ():
        yield from unknown_part(path, "theory_unknown", owner, name, known)


def unknown_part(
    path: tuple[str | int, ...], key: str, owner: str, value: str, known: Iterable[str]
) -> Iterator[Fault]:
    """Tell that `owner` names a part that is not there: `known` are all that are, `near` the nearest."""
    known = tuple(known)
    if value not in known:
        near = near_misses(value, known)
        values = {
            "id": owner,
            "value": value,
            "known": list(known) or "-",
            "near": list(near) or "-",
        }
        yield path, key, values
