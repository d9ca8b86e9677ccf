"""The engine of cases: a life written as tables becomes commands, events, clocks, notices, views and papers."""

from hub.cases.deciding import case_and_stream, load_case, no_case
from hub.cases.shapes import Reads, Shapes, shapes_of
from hub.cases.spoke import cases_spoke, stream_spoke

__all__ = ["Reads", "Shapes", "case_and_stream", "cases_spoke", "load_case", "no_case", "shapes_of", "stream_spoke"]
