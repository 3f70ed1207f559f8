"""Scenarios: conversations and what must be true afterwards. They are the definition of "works".

``balie eval`` plays them on any model, the pytest plugin makes test items of them, and both judge alike.
"""

from balie.scenarios.format import SAMPLE_DAY, Expected, Run, Scenario, ScenarioError, load, load_file
from balie.scenarios.judging import Mismatch
from balie.scenarios.play import Outcome, make_template, play
from balie.scenarios.summary import Interval, Summary, percentile, summarise, wilson

__all__ = [
    "SAMPLE_DAY",
    "Expected",
    "Interval",
    "Mismatch",
    "Outcome",
    "Run",
    "Scenario",
    "ScenarioError",
    "Summary",
    "load",
    "load_file",
    "make_template",
    "percentile",
    "play",
    "summarise",
    "wilson",
]
