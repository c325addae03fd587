"""Every setting of a survey's report, once: its key in a plan, its option, its argument and its default.

The options of `survey analyze`, the keys of a plan, the JSON Schema of plans, the plan that
`survey plan new` writes and the command that a report prints are all made from this table. A new setting is
one row here, an argument of `survey.analyze`, and a message with its help.
"""

from typing import Any, Literal, NamedTuple

# What a setting holds. "words" is a text, or one for each language; "texts" one or several; "names" one or
# several ids; "order" and "least" one value for all questions, or one for each question named; "sizes" a
# number of all, of groups by their codes, or both; "targets" questions with a share of each option, "nets"
# questions with options counted as one, or the file of them; "limits" the smallest and the largest.
Form = Literal[
    "text", "words", "texts", "names", "flag", "whole", "fraction", "choice", "order", "least", "sizes",
    "targets", "nets", "limits",
]  # fmt: skip
# What it is about: the file that is read, who is counted and how it is shown, the head, the files written.
Scope = Literal["reading", "report", "head", "files"]


class Setting(NamedTuple):
    """One setting.

    Attributes
    ----------
    key
        Its key in a plan; also its argument, where `argument` names no other.
    options
        How the option of a command is written, the name of today last.
    default
        What holds where nobody says anything.
    parameter
        What the command calls its value, where that is not its key.
    choices, least
        What it may be.
    metavar
        What the help writes for the value.
    argument
        The argument of `survey.analyze` or `survey.read_responses`; "-" where these have none.
    help
        The message that says what it does, where that is not `help_` and the key.
    plan_help
        The message that says it where it stands in a plan, if that differs.
    """

    key: str
    options: tuple[str, ...]
    scope: Scope
    form: Form
    default: Any = None
    choices: tuple[str, ...] = ()
    least: int | None = None
    metavar: str | None = None
    parameter: str = ""
    argument: str = ""
    help: str = ""
    plan_help: str = ""

    @property
    def option_help(self) -> str:
        """The message that says what the option does."""
        return self.help or f"help_{self.key}"

    @property
    def option(self) -> str:
        """The option as help and messages write it."""
        return self.options[-1]

    @property
    def name(self) -> str:
        """What the command calls the value."""
        return self.parameter or self.key

    @property
    def is_path(self) -> bool:
        """Whether it names files or folders."""
        return self.metavar in ("FILE", "PATH", "MAP", "DECK", "FOLDER")

    @property
    def is_keyed(self) -> bool:
        """Whether the option may be one value, or `key=value` several times."""
        return self.form in ("order", "least", "sizes")

    @property
    def is_repeated(self) -> bool:
        """Whether the option may be given several times."""
        return self.form in ("texts", "names") or self.is_keyed


SORTS = ("share", "questionnaire")

SETTINGS: tuple[Setting, ...] = (
    # The file that is read.
    Setting("instrument", ("--instrument",), "reading", "text", metavar="REF"),
    Setting("sheet", ("--sheet",), "reading", "text", metavar="NAME"),
    Setting("dialect", ("--dialect",), "reading", "text", metavar="NAME"),
    Setting(
        "map", ("--map",), "reading", "text", metavar="MAP", parameter="mapping", argument="mapping"
    ),
    Setting("weights", ("--weight",), "reading", "text", metavar="COLUMN", parameter="weight",
            argument="weight"),
    Setting("wave", ("--wave",), "reading", "text", metavar="LABEL"),
    Setting("nets", ("--nets",), "reading", "nets", metavar="FILE", argument="-",
            plan_help="plan_key_nets"),
    Setting("rake", ("--rake",), "reading", "targets", metavar="FILE", argument="-",
            plan_help="plan_key_rake"),
    Setting("weight_bounds", ("--weight-bounds",), "reading", "limits", metavar="LOW HIGH", argument="-"),
    Setting("keep_personal", ("--keep-personal",), "reading", "flag", False),
    Setting("set_aside", ("--set-aside",), "reading", "flag", False),
    Setting("drop", ("--drop",), "reading", "texts", (), metavar="RULE", argument="-"),
    Setting("carry_to", ("--carry-to",), "reading", "text", metavar="REF", argument="-"),
    Setting("previous_instrument", ("--previous-instrument",), "reading", "text", metavar="REF",
            argument="-"),
    Setting("previous_wave", ("--previous-wave",), "reading", "text", metavar="LABEL", argument="-"),
    # Who is counted, and what is shown of them.
    Setting("where", ("--where",), "report", "texts", (), metavar="EXPR", argument="-"),
    Setting("banner", ("--by",), "report", "names", (), metavar="QUESTION", parameter="by", help="help_by"),
    Setting("questions", ("--question",), "report", "names", (), metavar="QUESTION"),
    Setting("sort", ("--sort",), "report", "order", "share", choices=SORTS, metavar="ORDER",
            plan_help="plan_key_sort"),
    Setting("smallest_option", ("--smallest-option",), "report", "least", least=1, metavar="N",
            plan_help="plan_key_smallest_option"),
    Setting("compare", ("--compare",), "report", "choice", "complement",
            choices=("complement", "columns"), metavar="WITH"),
    Setting("only", ("--only",), "report", "choice", choices=("exclusive", "mixed"), metavar="WHICH"),
    Setting("confidence", ("--confidence",), "report", "fraction", 0.95),
    Setting("min_base", ("--min-base",), "report", "whole", 5, least=1),
    Setting("small_base", ("--small-base",), "report", "whole", 30, least=1),
    Setting("population", ("--population",), "report", "sizes", least=1, metavar="N",
            plan_help="plan_key_population"),
    Setting("equivalent_within", ("--equivalent-within",), "report", "fraction",
            plan_help="plan_key_equivalent_within"),
    Setting("suppress", ("--suppress-below",), "report", "whole", 0, least=0, metavar="N",
            parameter="suppress_below", help="help_suppress_below"),
    Setting("findings", ("--findings",), "report", "text", metavar="PATH"),
    Setting("open_text", ("--open-text",), "report", "flag", False),
    Setting("models", ("--models",), "report", "flag", False),
    Setting("sampling_frame", ("--sampling-frame",), "report", "text", metavar="PATH"),
    Setting("previous", ("--previous",), "report", "text", metavar="FILE"),
    # Who the report is from and for.
    Setting("title", ("--title",), "head", "words", metavar="TEXT"),
    Setting("client", ("--client",), "head", "words", metavar="NAME"),
    Setting("fieldwork", ("--fieldwork",), "head", "words", metavar="TEXT"),
    Setting("data_source", ("--data-source",), "head", "words", metavar="TEXT"),
    Setting("logo", ("--logo",), "head", "text", metavar="FILE"),
    Setting("footer", ("--footer",), "head", "words", metavar="TEXT"),
    # The files it is written to.
    Setting("output", ("-o", "--output"), "files", "texts", (), metavar="FILE", argument="-",
            help="help_output_report"),
    Setting("template", ("--template",), "files", "text", metavar="DECK", argument="-"),
    Setting("pictures", ("--pictures",), "files", "text", metavar="FOLDER", argument="-"),
    Setting("no_pictures", ("--no-figures", "--no-pictures"), "files", "flag", False, argument="-"),
)  # fmt: skip

BY_KEY = {setting.key: setting for setting in SETTINGS}


def settings_of(*scopes: Scope) -> tuple[Setting, ...]:
    """The settings of some scopes, in their order."""
    return tuple(setting for setting in SETTINGS if setting.scope in scopes)
