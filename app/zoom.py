"""How a photo lies in a view: its scale and the point in the middle."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

ENLARGED = 2.0  # a small photo fills the view only up to so many screen pixels per pixel
CLOSEST = 8.0


@dataclass(frozen=True, slots=True)
class Zoom:
    """A photo of `photo` pixels in a view.

    Attributes:
        photo: Size of the photo, in its own pixels.
        view: Size of the view, in logical pixels.
        ratio: Pixels of the screen per logical pixel.
        chosen: Logical pixels per pixel of the photo; None while it fits the view.
        middle: The point of the photo in the middle of the view, each part 0 to 1.
    """

    photo: tuple[float, float]
    view: tuple[float, float]
    ratio: float = 1.0
    chosen: float | None = None
    middle: tuple[float, float] = (0.5, 0.5)

    @property
    def fitting(self) -> float:
        """The scale at which the whole photo is seen."""
        fits = min(view / photo for view, photo in zip(self.view, self.photo, strict=True))
        return min(fits, ENLARGED / self.ratio)

    @property
    def scale(self) -> float:
        """The scale in use."""
        return self.fitting if self.chosen is None else self.chosen

    @property
    def percent(self) -> int:
        """The scale as it is told: 100 when a pixel of the photo is one of the screen."""
        return round(100 * self.scale * self.ratio)

    @property
    def place(self) -> QRectF:
        """Where the photo lies in the view; it may reach beyond."""
        size = [side * self.scale for side in self.photo]
        corner = [
            view / 2 - self._clamped(middle, view, side) * side
            for middle, view, side in zip(self.middle, self.view, size, strict=True)
        ]
        return QRectF(*corner, *size)

    @property
    def can_pan(self) -> bool:
        """Whether part of the photo is out of sight."""
        return any(side * self.scale > view + 0.5 for side, view in zip(self.photo, self.view, strict=True))

    def fitted(self) -> Zoom:
        """Return the whole photo in the view."""
        return replace(self, chosen=None, middle=(0.5, 0.5))

    def at(self, percent: float, anchor: QPointF | None = None) -> Zoom:
        """Return another scale, with the point under `anchor` (else the middle) kept in place."""
        return self._scaled(percent / 100 / self.ratio, anchor)

    def by(self, factor: float, anchor: QPointF | None = None) -> Zoom:
        """Return a scale that is `factor` times this one; never smaller than what fits, nor too close."""
        smallest, largest = min(self.fitting, 1 / self.ratio), max(CLOSEST / self.ratio, self.fitting)
        scale = max(smallest, min(self.scale * factor, largest))
        near = self.fitting * 1.001
        if scale <= near and (self.scale > near or self.fitting <= smallest):
            return self.fitted()
        return self._scaled(scale, anchor)

    def panned(self, dx: float, dy: float) -> Zoom:
        """Return the photo moved by logical pixels, as far as there is something to see."""
        place = self.place.translated(dx, dy)
        return self._with_place(place, self.scale)

    def in_view(self, view: QSizeF, ratio: float) -> Zoom:
        """Return the same for another size of the view."""
        return replace(self, view=(view.width(), view.height()), ratio=ratio)

    def _scaled(self, scale: float, anchor: QPointF | None) -> Zoom:
        place, point = self.place, anchor or QPointF(self.view[0] / 2, self.view[1] / 2)
        factor = scale / self.scale
        corner = point + (place.topLeft() - point) * factor
        return self._with_place(QRectF(corner, place.size() * factor), scale)

    def _with_place(self, place: QRectF, scale: float) -> Zoom:
        sizes = place.width(), place.height()
        middle = (self.view[0] / 2 - place.x()) / sizes[0], (self.view[1] / 2 - place.y()) / sizes[1]
        kept = [self._clamped(*parts) for parts in zip(middle, self.view, sizes, strict=True)]
        return replace(self, chosen=scale, middle=(kept[0], kept[1]))

    @staticmethod
    def _clamped(middle: float, view: float, side: float) -> float:
        """Return the nearest middle with no empty border where the photo is larger than the view."""
        if side <= view:
            return 0.5
        half = view / side / 2
        return max(half, min(middle, 1 - half))
