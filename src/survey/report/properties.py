"""What the head and the properties of a report say, whatever it reports on."""

from dataclasses import replace

from survey.arguments import unfit
from survey.document import Sheet, TitleBlock
from survey.messages import message


def title_block_of(given: object) -> TitleBlock:
    """Take a title block, or none for an empty one; refuse anything else."""
    if given is None:
        return TitleBlock()
    if not isinstance(given, TitleBlock):
        raise unfit("title_block_needed", given)
    return given


def of_reconstruction(block: TitleBlock, lang: str) -> TitleBlock:
    """The title block of a report of reconstructed data: its source is one of figures, not of answers."""
    if not block.data_source:
        return block
    return replace(block, data_source=message("source_reconstructed", lang, source=block.data_source))


def title_lines(block: TitleBlock, lang: str) -> list[str]:
    """For whom a report is, and when and from where its data are, a line each; without what nobody says."""
    texts = {"client": block.client, "fieldwork": block.fieldwork, "data_source": block.data_source}
    names = {"data_source": "source"}
    return [
        message(f"title_{name}", lang, **{names.get(name, name): text})
        for name, text in texts.items()
        if text
    ]


def signed(sheets: tuple[Sheet, ...], block: TitleBlock, lang: str) -> tuple[Sheet, ...]:
    """The sheets, under the first one the report's title, for whom it is and from where its data are."""
    first, *others = sheets
    line = message("about_separator", lang).join([block.title, *title_lines(block, lang)])
    return (replace(first, lines=(*first.lines, line)), *others)
