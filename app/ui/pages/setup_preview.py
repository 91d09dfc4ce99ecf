"""Beside the payer's form: a sample claim drawn with the wishes typed right now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from app.domain.claim_boxes import BoxView
from app.services.payer_preview import PayerPreview
from app.services.people_commands import SavePayer
from app.ui.form import Form
from app.ui.theme import dp
from app.ui.widgets.form_picture import FormPicture, place_of
from app.ui.widgets.panel import Panel, label

PREVIEW_MS = 250

# What each wish means, in a sentence; tooltip of its field and read out when it changes.
WISHES = {
    "type": "Marks box 1 and decides whose insurance stands in boxes 4, 7, 9 and 11.",
    "multi_page": "A sheet holds six lines. Most payers read each sheet as a claim of its own; "
    "some want CONTINUED and one total, or the whole total on every sheet.",
    "box29": "What was paid so far. Medicare counts only the patient's money; most others count "
    "earlier payers too; some want the box left empty.",
    "date_style": "Years of two or four digits in boxes 14 to 18. Birth dates always have four.",
    "referring_order": "Box 17 as NUCC writes it, with initial and credentials, or first and last "
    "name only, as Medicare compares it with its own file.",
    "signature_text": "What stands in boxes 12, 13 and 31 when a signature is on file.",
    "one_pointer_per_line": "Prints only the first diagnosis letter in 24E of each line.",
    "accepts_plain_paper": "Its claims print with the form drawn; others need red stock.",
    "taxonomy_24j": "Prints ZZ and the rendering provider's taxonomy in shaded 24I and 24J.",
    "taxonomy_33b": "Prints ZZ and the practice's taxonomy in 33b.",
    "emg_in_24c": "Prints Y in 24C for lines marked as an emergency.",
    "epsdt_in_24h": "Prints the EPSDT reason in shaded 24H.",
    "anesthesia_times_in_shaded": "Prints begin and end of anesthesia in the shaded line.",
    "ndc_required": "A drug line without its NDC is reported before it prints.",
    "zip_hyphen": "Writes 05743-1187. NUCC runs the nine digits together.",
}


class PreviewPanel(Panel):
    """The sample claim; boxes that the payer's wishes change are tinted."""

    def __init__(self, form: Form, preview: Callable[[SavePayer], PayerPreview]) -> None:
        super().__init__("A sample claim to it", note="+ − zoom")
        self._preview = preview
        self._command: Callable[[], SavePayer | None] = lambda: None
        self.picture = FormPicture()
        self.picture.setAccessibleName("Sample claim with the wishes of this payer")
        self._words = label("", "muted", wrap=True)
        self._why = label("", "", wrap=True)
        self._why.hide()
        self.add(self._why)
        self.add(self._words)
        self.add(self.picture, 1)
        self._pause = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._pause.timeout.connect(self.draw)
        for name, sentence in WISHES.items():
            form.widget(name).setToolTip(sentence)
        form.edited.connect(self._edited)
        self.setMinimumWidth(dp(300))

    def set_source(self, command: Callable[[], SavePayer | None]) -> None:
        """Where the payer as typed is asked for; None while it cannot be read."""
        self._command = command

    def words(self) -> str:
        """Which boxes the wishes change."""
        return self._words.text()

    def _edited(self, name: str) -> None:
        self._why.setText(WISHES.get(name, ""))
        self._why.setVisible(name in WISHES)
        self._pause.start()

    def draw_soon(self) -> None:
        """Another payer is shown."""
        self._why.hide()
        self._pause.start()

    def draw(self) -> None:
        """Draws the claim again."""
        self._pause.stop()
        command = self._command()
        if command is None or not self.isVisible():
            return
        shown = self._preview(command)
        views = [
            BoxView(c.box, f"{c.then or 'blank'} without the wish", None) for c in shown.changes
        ]
        self.picture.show_form(shown.pdf, views)
        self.picture.mark_changed(map(place_of, views))
        items = dict.fromkeys(view.box.item.replace("carrier", "carrier block") for view in views)
        words = f"Its wishes change: {', '.join(items)}."
        self._words.setText(words if items else "It has no wishes: the form is filled as usual.")
