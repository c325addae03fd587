"""The Markov chain over all tables of counts that published margins allow: its moves, in turns."""

from survey.published.reconstruction.group_swaps import GroupSwaps
from survey.published.reconstruction.lattice import Walks
from survey.published.reconstruction.polytope import Polytope

_SWAPS = 5  # in one sweep
_REST = 3  # sweeps from one leap to the next


class Exploration:
    """Walks through a polytope, and the directions they take."""

    def __init__(self, polytope: Polytope, walks: Walks) -> None:
        """Find the directions."""
        self.walks = walks
        self._tied, self._free = (polytope.answer_directions(walks.rng, tied) for tied in (True, False))
        self._basis = polytope.whole_basis()
        self._swaps = GroupSwaps(polytope)
        self._sweeps = 0

    def sweep(self) -> None:
        """Let every block of answers move, groups be swapped, and now and then everything move together."""
        walks = self.walks
        for _ in range(_SWAPS):
            if self._swaps.possible:
                self._swaps.step(walks)
            if self._tied.parts:
                walks.step(*self._tied.drawn(len(walks.state), walks.rng))
        if self._sweeps % _REST == 0:
            if self._free.parts:
                walks.step(*self._free.drawn(len(walks.state), walks.rng))
            if self._basis.parts:
                walks.leap(self._basis)
        self._sweeps += 1
