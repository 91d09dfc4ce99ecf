from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.changes import Changes


def test_news_from_any_thread_arrives_on_the_gui_thread(qapp: QApplication, qtbot: QtBot) -> None:
    changes, heard = Changes(), []
    changes.happened.connect(lambda tables: heard.append((tables, threading.current_thread())))
    news = [frozenset({f"t{i}"}) for i in range(20)]
    worker = threading.Thread(target=lambda: list(map(changes.publish, news)))
    worker.start()
    worker.join()
    assert heard == []
    qtbot.waitUntil(lambda: len(heard) == 20)
    assert [tables for tables, _ in heard] == news
    assert {thread for _, thread in heard} == {threading.main_thread()}


def test_news_never_arrives_inside_the_call_that_made_it(qapp: QApplication) -> None:
    changes = Changes()
    heard: list[object] = []
    changes.happened.connect(heard.append)
    changes.publish(frozenset({"claim"}))
    changes.publish(frozenset())
    assert heard == []
    QCoreApplication.processEvents()
    assert heard == [frozenset({"claim"})]
