"""Options of questions and items of batteries."""

from typing import Annotated, Literal

from pydantic import Field

from survey.instrument.schema import Id, Strict, Text, Wording, text_in

OTHER = "other"  # the option that holds those shown together, there already or not


class Part(Strict):
    """One of several that belong together: an option, an item of a battery, a row of a grid."""

    id: Id
    label: Wording
    aliases: tuple[Text, ...] = ()

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the part may be written: its id, its labels, its aliases."""
        return (self.id, *self.label.values(), *self.aliases)


class Option(Part):
    """One option of a question, or one item of a battery.

    `text`: there is a field for text beside it; `text_aliases` head the column that holds the text.
    `fixed`: it keeps its place where tables sort by share, as the steps of an ordered list do; `pinned`: it
    stands last there. `reverse`: an item that is worded against the others of its battery.
    """

    exclusive: bool = False
    text: bool = False
    fixed: bool = False
    pinned: Literal["last"] | None = None
    reverse: bool = False
    text_aliases: tuple[Text, ...] = ()
    assumption: Wording | None = None


class RareOptions(Strict):
    """Options that fewer than `below` respondents chose are shown together, as "Other"."""

    below: Annotated[int, Field(ge=2)]
