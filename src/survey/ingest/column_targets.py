"""What a column of a file holds: a part of a question, or something about the respondent."""

from dataclasses import dataclass, field
from typing import NamedTuple

from survey.errors import Problem
from survey.ingest.code_evidence import Codes
from survey.ingest.raw_table import RawColumn
from survey.instrument import Option, Question
from survey.messages import Phrase, message
from survey.wording import quoted

# What a file may say of a respondent beside the answers, and how such columns are headed.
META_HEADERS: dict[str, tuple[str, ...]] = {
    "key": ("respondent", "respondent id", "respondent_id", "id", "no.", "编号", "序号", "答卷编号"),
    "started": ("started", "start time", "start_time", "开始时间"),
    "submitted": ("submitted", "submission time", "submitted_at", "timestamp", "提交时间", "完成时间"),
    "duration": ("duration", "duration (seconds)", "duration_seconds", "用时", "所用时间"),
    "status": ("status", "response status", "答卷状态"),
    "progress": ("progress", "进度"),
    "finished": ("finished", "是否完成"),
    "language": ("language", "语言"),
    "channel": ("channel", "渠道"),
    "device": ("device", "设备"),
    "ip": ("ip", "ip address", "来自ip"),
    "email": ("email", "e-mail", "email address", "电子邮件", "邮箱"),
    "name": ("name", "full name", "姓名"),
    "location": ("location", "地理位置"),
    "weight": (
        *("weight", "weights", "survey weight", "survey_weight", "sampling weight", "final weight"),
        *("final_weight", "w_final", "权重", "权数", "加权权重"),
    ),
    "wave": (),  # only where the instrument or a map says so: a batch of invitations is often called a wave
}


WEIGHT = "weight"


WAVE = "wave"


# The role of a joined column beside one column per option: it is only compared with them.
JOINED = "joined"


@dataclass(frozen=True)
class Target:
    """What a column holds: a question as a whole, one option or item of it, or the text of an "other".

    `rank`: of a ranking, the option that has this rank.
    """

    question: Question
    part: Option | None = None
    text: bool = False
    rank: int = 0

    @property
    def whole(self) -> bool:
        """Whether it holds all answers to the question."""
        return self.part is None and not self.rank

    @property
    def column(self) -> str:
        """The name in `Responses.data`; a joined cell has the question's id, a rank its number behind it."""
        name = f"{self.question.id}__{self.part.id}" if self.part else self.question.id
        name = f"{name}#{self.rank}" if self.rank else name
        return f"{name}__text" if self.text else name

    @property
    def subject(self) -> str:
        """Question and item, for an error message."""
        return f"{self.question.id} / {self.part.id}" if self.part else self.question.id


@dataclass(frozen=True)
class NearColumn(Phrase):
    """A column of the data as a message proposes it: its name, and the words that it stands for."""

    target: Target | None = None

    def text(self, lang: str) -> str:
        """Say it: services__pool ("Which services do you use? / Pool")."""
        assert self.target is not None
        parts = [self.target.question.said(lang), self.target.part.said(lang) if self.target.part else ""]
        words = " / ".join(part for part in parts if part)
        return message(self.key, lang, name=self.target.column, words=quoted(words))


class ContradictedParts(NamedTuple):
    """Columns numbered in a way that says nothing, and the columns of the data that are missing for it."""

    columns: list[RawColumn]
    names: list[str]
    question: Question
    codes: Codes


class Numbered(NamedTuple):
    """What columns mean by their numbers: by the id of a column; what says nothing; one of each question."""

    targets: dict[int, Target]
    contradicted: list[ContradictedParts]
    first: dict[str, RawColumn]


@dataclass
class Match:
    """The columns of a table, sorted by what they are.

    `strangers`: by select-all question the columns left over that are headed by it, of options it does not
    have: who ticked one of these was asked.
    """

    answers: list[tuple[RawColumn, Target]] = field(default_factory=list)
    meta: list[tuple[RawColumn, str]] = field(default_factory=list)
    unmatched: list[RawColumn] = field(default_factory=list)
    not_kept: list[RawColumn] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    doubled: list[tuple[RawColumn, Question]] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    contradicted: list[ContradictedParts] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    strangers: dict[str, list[RawColumn]] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Tell whether any column is headed by the instrument."""
        return bool(self.answers or self.faults or self.contradicted)

    @property
    def known(self) -> list[RawColumn]:
        """The columns that say something of a respondent."""
        refused = [column for parts in self.contradicted for column in parts.columns]
        return [*(column for column, _ in (*self.answers, *self.meta)), *refused]
