"""What was measured, as lines of print, each with its aim; a missed aim is remembered."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Prints figures as they come. ``missed`` names those that missed their aim."""

    missed: list[str] = field(default_factory=list)

    def ratio(self, name: str, ours: Sequence[float], theirs: Sequence[float], aim: float) -> None:
        """Print the paired ratios of two rates, round by round; their median is to reach
        ``aim``.
        """
        ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
        middle = statistics.median(ratios)
        spread = f"{middle:6.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"
        self.judge(name, spread, f"at least {aim:g}", middle >= aim)

    def rate(self, name: str, rates: Sequence[float], besides: str = "") -> None:
        """Print rates, which have no aim of their own."""
        middle, spread = statistics.median(rates), f"({min(rates):.0f} to {max(rates):.0f})"
        self.tell(name, f"{middle:6.0f}/s  {spread:<19} {besides}".rstrip())

    def at_most(self, name: str, value: float, aim: float, unit: str) -> None:
        """Print ``value``, which is not to be above ``aim``."""
        self.judge(name, f"{value:6.1f} {unit}", f"at most {aim:g} {unit}", value <= aim)

    def judge(self, name: str, figure: str, aim: str, reached: bool) -> None:
        """Print a figure and its aim."""
        self.tell(name, f"{figure:<28} aim: {aim}{'' if reached else '   MISSED'}")
        if not reached:
            self.missed.append(name)

    @staticmethod
    def tell(name: str, figure: str) -> None:
        """Print a figure alone."""
        print(f"{name:<58} {figure}", flush=True)

    def conclude(self) -> int:
        """Print which aims were missed; the exit status."""
        for name in self.missed:
            print(f"Missed: {name}")
        return 1 if self.missed else 0
