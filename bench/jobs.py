"""The registry of measurements, and what one of them returns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.proof import Row
from bench.stage import Stage


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    `ratio` compares with `baseline`, which was measured in the same run; `met` is None
    for a line that only informs.
    """

    job: str
    size: str
    figure: str
    baseline: str = ""
    ratio: str = ""
    bar: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as the table prints it."""
        verdict = {None: "", True: "达到", False: "没有达到"}[self.met]
        return (
            *(self.job, self.size, self.figure, self.baseline),
            *(self.ratio, self.bar, verdict),
        )

    @property
    def row(self) -> Row:
        """The line as docs/PROOF.md keeps it."""
        beside = "; ".join(part for part in (self.baseline, self.ratio) if part)
        measured = f"{self.figure} ({beside})" if beside else self.figure
        return Row(f"{self.job}, {self.size}", measured, self.bar, self.met)


HEADER = ("项目", "规模", "数值", "对照", "倍数", "要求", "结果")
Job = Callable[[Stage], Iterator[Figure]]
JOBS: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Offer a function as the measurement `name`."""

    def register(function: Job) -> Job:
        JOBS[name] = function
        return function

    return register
