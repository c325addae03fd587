"""What nets of a plan of reports may say: options of a question counted as one."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from survey.instrument.schema import Id, OptionCode, Strict, Text, Wording

_NOT_EMPTY = Field(json_schema_extra={"minItems": 1})

Label = Annotated[
    Annotated[Text, Tag("one")] | Annotated[Wording, Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, Mapping) else "one"),
]


class PlanNet(Strict):
    """One net: its id, its label (a text, or one for each language), and the options counted as one."""

    id: Id
    label: Label
    any: Annotated[tuple[OptionCode | int | float, ...], _NOT_EMPTY]


# The nets of each question, by its id.
PlanNets = Annotated[dict[Text, Annotated[tuple[PlanNet, ...], _NOT_EMPTY]], Field(min_length=1)]


def empty_lists(nets: Mapping[str, tuple[PlanNet, ...]]) -> Iterator[tuple[str | int, ...]]:
    """The lists that hold nothing; not by the type: one whose only entry is wrong would be empty too."""
    for question, own in nets.items():
        if not own:
            yield (question,)
        yield from ((question, place, "any") for place, net in enumerate(own) if not net.any)
