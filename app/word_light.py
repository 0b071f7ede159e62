"""Where in a photo a word was found: the rest of it dimmed, and a line around the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.contours import contour

SIDE = 32  # of the smooth map, in points; it is stretched over the photo
DIM = 0.72  # how dark the photo is where the word was not found at all
EDGE = 0.5  # of the map's top, where the line runs


@dataclass(frozen=True, slots=True, eq=False)
class WordLight:
    """The light of one word.

    Attributes:
        veil: Black, clear where the word was found; any size, to be stretched.
        edge: The line around the brightest places, in a square from 0 to 1.
    """

    veil: QImage
    edge: QPainterPath

    @classmethod
    def of(cls, grid: Sequence[Sequence[float]]) -> WordLight:
        """Make the light of a word from its map, rows over the upright photo (on any thread)."""
        smooth = _smooth(grid)
        rows = _rows(smooth)
        dimmed = b"".join(_dimmed(row) for row in rows)
        veil = QImage(dimmed, SIDE, SIDE, SIDE, QImage.Format.Format_Alpha8)  # only borrows `dimmed`
        edge = QPainterPath()
        for line in contour(rows, EDGE * 255):
            _draw_round(edge, [QPointF(*point) for point in line[:-1]])
        scale = QTransform.fromScale(1 / SIDE, 1 / SIDE)
        return cls(veil.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied), scale.map(edge))

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Lay the light over a photo that is painted at `place`."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.veil)  # its edges are those of the photo, which has no smooth ones
        painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spread = QTransform().translate(place.x(), place.y()).scale(place.width(), place.height())
        edge = spread.map(self.edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 150), 5.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(edge)
        painter.restore()


def _smooth(grid: Sequence[Sequence[float]]) -> QImage:
    """Return the map from 0 to 255, drawn out smoothly; a flat one is bright everywhere."""
    low = min(min(row) for row in grid)
    span = max(max(row) for row in grid) - low
    levels = bytes(round(255 * (value - low) / span) if span > 0 else 255 for row in grid for value in row)
    width = len(grid[0])
    small = QImage(levels, width, len(grid), width, QImage.Format.Format_Grayscale8)
    large = small.scaled(
        QSize(SIDE, SIDE), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return large.convertToFormat(QImage.Format.Format_Grayscale8)


def _rows(smooth: QImage) -> list[bytes]:
    """Return the map's rows, the brightest point at 255: drawing out has flattened the tops."""
    values = [[smooth.pixelColor(x, y).red() for x in range(SIDE)] for y in range(SIDE)]
    top = max(max(row) for row in values)
    return [bytes(255 * value // top for value in row) for row in values]


def _draw_round(edge: QPainterPath, points: list[QPointF]) -> None:
    """Draw a closed line without corners: from middle to middle of its steps."""
    edge.moveTo((points[-1] + points[0]) / 2)
    for point, following in pairwise([*points, points[0]]):
        edge.quadTo(point, (point + following) / 2)


def _dimmed(row: bytes) -> bytes:
    return bytes(round(DIM * (255 - value)) for value in row)
