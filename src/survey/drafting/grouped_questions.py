"""The question of several columns: one for each option (ticked, ranked, given a part), or a battery."""

from survey.drafting.grouping import OTHER, Group, is_open
from survey.drafting.lone_questions import lone_question
from survey.drafting.naming import Names
from survey.drafting.option_lists import NONE_OF_THESE, options_of
from survey.drafting.orders import is_rank
from survey.drafting.profile import Profile
from survey.drafting.question_making import QuestionMaker, numbered_id
from survey.drafting.recognition import Kind
from survey.drafting.scale_making import scale_for
from survey.drafting.sketch import SketchPart, SketchQuestion
from survey.ingest.cell_values import as_text
from survey.ingest.option_cells import UNTICKED
from survey.messages import enumerated, message
from survey.wording import normalise


def question_of(maker: QuestionMaker, group: Group) -> SketchQuestion:
    """The question that columns make together."""
    if group.options:
        return _ranks_of(maker, group)
    return _battery(maker, group) if group.kind == "rating" else _options_of(maker, group)


def _head(maker: QuestionMaker, group: Group) -> tuple[str, str]:
    """The text of a question of several columns, and a name for when it says nothing."""
    first = group.members[0]
    if group.head.startswith("#"):
        return message("draft_question_number", maker.lang, number=group.head[1:]), f"q{group.head[1:]}"
    if group.head.strip(" _.-"):
        return group.head.strip(" _-"), numbered_id(first)
    names = enumerated((group.tails[profile.place] for profile in group.members), maker.lang)
    return names[:120], f"battery_{first.place + 1}"


def _options_of(maker: QuestionMaker, group: Group) -> SketchQuestion:
    """A question with a column per option: ticked, ranked, or given a part of a sum."""
    text, fallback = _head(maker, group)
    question = maker.question(group.kind, text, text, fallback, (text,))
    question.ask = "draft_ask_text" if group.head.startswith("#") else ""
    if group.kind == "ranking" and group.number < len(group.members):
        question.ranks = int(group.number)
    elif group.kind == "constant_sum":
        question.total = int(group.number)
    taken = Names()
    for number, profile in enumerate(group.members, 1):
        tail = group.tails[profile.place]
        label = f"{text} {tail}" if tail.strip().isdigit() else tail
        part = SketchPart(
            taken.id_of(tail if not tail.strip().isdigit() else label, f"option_{number}"),
            maker.say(label),
        )
        none = group.kind == "multiple" and bool(NONE_OF_THESE.fullmatch(tail.strip()))
        part.exclusive = none and not _together(profile, group)
        part.ask = "draft_ask_option" if tail.strip().isdigit() else ""
        part.text = is_open(profile) and bool(OTHER.search(tail)) and profile.different > 1
        question.options.append(part)
        maker.guess(
            question,
            profile,
            Kind(group.kind, group.reason, group.confidence, values={"total": f"{group.number:g}"}),
            f"{question.id}__{part.id}",
        )
    for profile in group.texts:
        tail = group.tails[profile.place]
        own = next((part for part in question.options if OTHER.search(part.label[maker.lang])), None)
        named = [part for part in question.options if normalise(part.label[maker.lang]) in normalise(tail)]
        target = named[0] if named else own
        if target is None:
            continue
        maker.text_beside(question, target, profile, 0.9)
    return question


def _ranks_of(maker: QuestionMaker, group: Group) -> SketchQuestion:
    """A ranking whose columns hold the option of each rank."""
    text, fallback = _head(maker, group)
    question = maker.question("ranking", text, text, fallback, (text,))
    question.options = options_of(list(group.options.items()), maker.lang)
    question.ranks = int(group.number) if group.number < len(question.options) else None
    question.ask = "draft_ask_text" if not group.head or is_rank(group.head) else ""
    question.made_of = [lone_question(maker, profile, len(group.members)) for profile in group.members]
    for rank, profile in enumerate(group.members, 1):
        kind = Kind("ranking", group.reason, group.confidence)
        maker.guess(question, profile, kind, f"{question.id}#{rank}")
    return question


def _together(profile: Profile, group: Group) -> bool:
    """Tell whether an option was ticked with another one."""

    def ticked(one: Profile) -> list[bool]:
        return [raw is not None and normalise(as_text(raw)) not in UNTICKED for raw in one.column.cells]

    own = ticked(profile)
    others = [ticked(one) for one in group.members if one is not profile]
    return any(mine and any(cells) for mine, *cells in zip(own, *others, strict=True))


def _battery(maker: QuestionMaker, group: Group) -> SketchQuestion:
    assert group.scale is not None
    text, fallback = _head(maker, group)
    question = maker.question("rating", text, text, fallback)
    question.scale = scale_for(maker, group.scale, group.members)
    heads = {normalise(question.text[maker.lang])}
    for number, profile in enumerate(group.members, 1):
        label = group.tails[profile.place]
        own = (label, profile.header)
        part = SketchPart(maker.names.id_of(label, f"{question.id}_{number}", own), maker.say(label))
        if normalise(label) in heads:
            part.label = maker.say(profile.header)
        question.items.append(part)
        shown = {"points": len(group.scale.points), "seen": group.scale.seen}
        kind = Kind("rating", group.reason, group.confidence, values=shown)
        maker.guess(question, profile, kind, f"{question.id}__{part.id}")
    return question
