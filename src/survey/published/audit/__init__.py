"""Which published claims hold: every figure, base and statement against all that the margins allow."""

from survey.published.audit.verdicts import Audit, audit

__all__ = ["Audit", "audit"]
