"""How well captions find their photos, and photos their captions, on captioned photos.

Three answers are compared: the coarse filter alone; SGRAF alone on the candidates that
the coarse filter chose; and the fused strength on the same candidates. Where SGRAF did
not look, photos stay behind the candidates, in the order of the coarse filter.
"""

from engine.evaluation.answers import CANDIDATES
from engine.evaluation.encode import BATCH
from engine.evaluation.examine import Evaluation, evaluate, examine
from engine.evaluation.report import prepare_report_folder, write_report
from engine.evaluation.results import BothDirections, EvaluationReport

__all__ = [
    "BATCH",
    "CANDIDATES",
    "BothDirections",
    "Evaluation",
    "EvaluationReport",
    "evaluate",
    "examine",
    "prepare_report_folder",
    "write_report",
]
