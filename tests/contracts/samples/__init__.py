"""One sample a register: how its rows are made, and the cells of a new one. A register without one fails the suite."""

from tests.contracts.samples.county import SAMPLES as COUNTY
from tests.contracts.samples.decisions import SAMPLES as DECISIONS
from tests.contracts.samples.sample import Sample

SAMPLES: dict[str, Sample] = {**COUNTY, **DECISIONS}

__all__ = ["SAMPLES", "Sample"]
