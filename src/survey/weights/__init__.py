"""Weights of respondents: made so that shares meet targets, and what they cost."""

from survey.weights.raking import rake
from survey.weights.target_shares import TargetsLike
from survey.weights.weight_summary import weighting

__all__ = ["TargetsLike", "rake", "weighting"]
