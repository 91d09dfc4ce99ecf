"""What goes out together: a later payer's claim with the earlier decisions; labels, cover lists."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import NotFound, Refused
from app.models.people import Practice
from app.models.records import Attachment
from app.models.visits import Claim, ClaimVersion, Encounter
from app.printing.claim_pages import lay_out
from app.printing.decision_summary import DecisionSummary, summary_pdf
from app.printing.mailing import LABELS_PER_SHEET, cover_pdf, labels_pdf
from app.printing.pdf import claim_pdf
from app.services import _claim_form, _packet_rows
from app.services._addresses import address_of
from app.services.desk import Desk
from app.services.packet_commands import MailingSheets, Packet, PlainPart

_KEPT = "Earlier payers' decisions, sent with printing {number}"


class PacketService:
    """Packets for the mail. What went out with a printed claim is kept, like the claim itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def packet(self, claim_id: int) -> Packet:
        """A claim's sheets and its plain part: as they went out, or as they would go today."""
        with self._desk.read() as session:
            patient_id = _patient_id(session, _claim(session, claim_id))
        with self._desk.viewing(patient_id, "packet", "claim", claim_id) as session:
            claim = _claim(session, claim_id)
            version = _version(session, claim)
            form = self._form(session, claim, version)
            sheets = version.pdf if version else claim_pdf(lay_out(form), whole_form=False)
            kept = _kept(session, claim, version) if version else None
            if kept is not None:
                return Packet(claim_id, sheets, kept)
            summary = _packet_rows.summary_of(session, claim, form)
            return Packet(claim_id, sheets, summary_pdf([summary]) if summary else b"")

    def plain_part(self, claim_ids: Sequence[int]) -> PlainPart:
        """The summaries that go with these claims, in their order; of printed ones they are kept.

        Call it after printing. Claims of first payers have none; the PDF is then empty.
        """
        with self._desk.read() as session:
            later = _packet_rows.has_earlier_decision(session, claim_ids)
        found = []
        for claim_id in claim_ids:
            if claim_id in later:
                # A unit of its own for each claim: a long batch must not keep others waiting.
                with self._desk.write() as session:
                    claim = _claim(session, claim_id)
                    summary = self._summary(session, claim)
                    if summary is not None:
                        found.append((claim.id, claim.number, summary))
        return PlainPart(
            claim_ids=tuple(claim_id for claim_id, _, _ in found),
            numbers=tuple(number for _, number, _ in found),
            pdf=summary_pdf([summary for _, _, summary in found]) if found else b"",
        )

    def _summary(self, session: Session, claim: Claim) -> DecisionSummary | None:
        version = _version(session, claim)
        form = self._form(session, claim, version)
        summary = _packet_rows.summary_of(session, claim, form)
        if summary is None:
            return None
        patient_id = _patient_id(session, claim)
        self._desk.audit(session, "print earlier decisions", patient_id, "claim", claim.id)
        if version is not None and _kept(session, claim, version) is None:
            session.add(
                Attachment(
                    patient_id=patient_id,
                    claim_id=claim.id,
                    name=_KEPT.format(number=version.number),
                    media_type="application/pdf",
                    content=summary_pdf([summary]),
                    at=self._desk.clock.now(),
                    user_id=self._desk.user_id,
                )
            )
        return summary

    def _form(self, session: Session, claim: Claim, version: ClaimVersion | None) -> ClaimForm:
        if version is not None:
            return _claim_form.from_json(version.form_json)
        return _claim_form.build(session, claim, self._desk.today)

    # --- envelopes --------------------------------------------------------------------------
    def mailing_order(self, claim_ids: Sequence[int]) -> tuple[int, ...]:
        """The same claims payer by payer, as envelopes are filled; within a payer by number."""
        with self._desk.read() as session:
            order, _ = _packet_rows.mailings(session, claim_ids)
            return tuple(claim_id for claim_id, _ in order)

    def labels(self, claim_ids: Sequence[int], first_label: int = 1) -> MailingSheets:
        """A label for each payer's envelope, 30 on a sheet.

        Args:
            claim_ids: the claims of the batch.
            first_label: 1-30, where a begun sheet of labels goes on.

        Raises:
            Refused: ``no_such_label``, ``nothing_to_mail``.
        """
        if not 1 <= first_label <= LABELS_PER_SHEET:
            message = f"A sheet has labels 1 to {LABELS_PER_SHEET}. Name the first free one."
            raise Refused("no_such_label", message)
        with self._desk.read() as session:
            order, found = _packet_rows.mailings(session, claim_ids)
        _check_something(order)
        return MailingSheets(labels_pdf(found, first_label=first_label), len(found), len(order))

    def cover_list(self, claim_ids: Sequence[int]) -> MailingSheets:
        """A cover sheet for each payer's envelope, and the list of all for the practice's file.

        Raises:
            Refused: ``nothing_to_mail``, ``practice_not_set_up``.
        """
        with self._desk.write() as session:
            order, found = _packet_rows.mailings(session, claim_ids)
            _check_something(order)
            practice = session.get(Practice, 1)
            if practice is None:
                message = "Enter the practice's own data in Setup first."
                raise Refused("practice_not_set_up", message)
            for claim_id, patient_id in order:
                self._desk.audit(session, "print cover list", patient_id, "claim", claim_id)
            pdf = cover_pdf(found, practice.name, address_of(practice), self._desk.today)
            return MailingSheets(pdf, len(found), len(order))


def _check_something(order: Sequence[object]) -> None:
    if not order:
        raise Refused("nothing_to_mail", "Choose the claims that go into the mail first.")


def _claim(session: Session, claim_id: int) -> Claim:
    row = session.get(Claim, claim_id)
    if row is None:
        raise NotFound("This claim is no longer there. Refresh the list.")
    return row


def _patient_id(session: Session, claim: Claim) -> int:
    query = select(Encounter.patient_id).where(Encounter.id == claim.encounter_id)
    return session.execute(query).scalar_one()


def _version(session: Session, claim: Claim) -> ClaimVersion | None:
    """What was printed last; None while the claim would print anew."""
    if claim.status in ("ready", "held"):
        return None
    last = select(func.max(ClaimVersion.number)).where(ClaimVersion.claim_id == claim.id)
    query = select(ClaimVersion).where(
        ClaimVersion.claim_id == claim.id, ClaimVersion.number == last.scalar_subquery()
    )
    return session.scalar(query)


def _kept(session: Session, claim: Claim, version: ClaimVersion) -> bytes | None:
    query = select(Attachment.content).where(
        Attachment.claim_id == claim.id,
        Attachment.name == _KEPT.format(number=version.number),
    )
    return session.scalar(query.order_by(Attachment.id).limit(1))
