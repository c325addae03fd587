"""Walks through all tables of counts that published margins allow: the steps they take, in turns."""

from survey.published.reconstruction.group_swaps import Exchanges
from survey.published.reconstruction.lattice import Walks
from survey.published.reconstruction.polytope import Space

_EXCHANGES = 5  # in one sweep
_REST = 3  # sweeps from one leap to the next


class Exploration:
    """Walks through a space, and the directions they take."""

    def __init__(self, space: Space, walks: Walks) -> None:
        """Find the directions."""
        self.walks = walks
        self._tied, self._free = (space.answer_directions(walks.rng, tied) for tied in (True, False))
        self._basis = space.whole_basis()
        self._exchanges = Exchanges(space)
        self._sweeps = 0

    def sweep(self) -> None:
        """Let every block of answers move, groups be exchanged, and now and then everything move together."""
        walks = self.walks
        for _ in range(_EXCHANGES):
            if self._exchanges.possible:
                self._exchanges.step(walks)
            if self._tied.parts:
                walks.step(*self._tied.drawn(len(walks.state), walks.rng))
        if self._sweeps % _REST == 0:
            if self._free.parts:
                walks.step(*self._free.drawn(len(walks.state), walks.rng))
            if self._basis.parts:
                walks.leap(self._basis)
        self._sweeps += 1
