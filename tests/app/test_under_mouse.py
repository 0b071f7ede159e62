import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton

from app.under_mouse import look_after


@pytest.mark.parametrize("over", [True, False])
def test_a_button_is_lit_after_its_menu_only_if_the_mouse_is_over_it(qtbot, over):
    button, menu = QToolButton(), QMenu()
    qtbot.addWidget(button)
    qtbot.addWidget(menu)
    look_after(button, menu)
    button.show()
    qtbot.waitExposed(button)
    QCursor.setPos(button.mapToGlobal(button.rect().center() if over else QPoint(-50, -50)))
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    menu.aboutToHide.emit()
    assert button.underMouse() == over
