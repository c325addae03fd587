"""Names by which parts of a sampling design are known: keys of a file, options of a command, columns.

Standard errors here know weights alone. What names strata, clusters, a finite population correction or
replicate weights is refused where it is asked for, told where it is only there, and pointed to R.
"""

import re

# As people write them; normalised (lower case), without what joins words.
_PARTS = frozenset(
    {
        *("strata", "stratum", "strat", "stratumid", "strataid", "分层", "层", "抽样层"),
        *("cluster", "clusters", "clusterid", "clustervar", "整群", "群", "抽样群"),
        *("psu", "ssu", "psuid", "vpsu", "vstrat", "sdmvpsu", "sdmvstra", "初级抽样单元"),
        *("fpc", "finitepopulationcorrection"),
        *("replicates", "replicateweights", "repweights", "repwgts", "重复权重", "重复权数"),
    }
)
_REPLICATE = re.compile(
    r"(?:rep(?:licate)?(?:w(?:eigh)?ts?|wgts?|w)|w(?:eigh)?trep|wgtrep|wrep|brr|jk[1n]?|jackknife|bootstrapw(?:eigh)?ts?"
    r"|bsw|bootw|重复权[重数])(?:w(?:eigh)?ts?|wgts?)?\d+"
)
_JOINTS = re.compile(r"[\s_.\-]+")


def _plain(name: str) -> str:
    return _JOINTS.sub("", name.casefold())


def is_design_part(name: str) -> bool:
    """Whether a name is that of strata, clusters, a population correction or all replicate weights."""
    return _plain(name) in _PARTS


def is_replicate_weight(name: str) -> bool:
    """Whether a name is that of one of several replicate weights: `repwgt1`, `BRR_12`."""
    return _REPLICATE.fullmatch(_plain(name)) is not None


def names_replicate_weights(text: str) -> bool:
    """Whether a text names replicate weights: one, a list, a range (`repwgt1-80`), a pattern (`repwgt*`)."""
    if is_replicate_weight(text) or is_design_part(text):
        return True
    first = re.split(r"[,;:，、\s]+|(?<=\d)-", text.strip())[0]
    return is_replicate_weight(re.sub(r"(?:\*|\[.*|\d*\?+)$", "1", first))
