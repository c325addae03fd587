"""Data sets rebuilt from published margins: one, or many that show what the margins leave open."""

from survey.published.reconstruction.dataset import reconstruct
from survey.published.reconstruction.ensemble import Ensemble, reconstructions

__all__ = ["Ensemble", "reconstruct", "reconstructions"]
