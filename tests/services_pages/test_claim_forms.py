"""Boxes lead to their records; versions compare; a claim splits; a rejected one goes out again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.claim_boxes import BoxView, Feed
from app.domain.claim_form import Address, PayerType
from app.domain.errors import NotFound, Refused
from app.services.claim_commands import NewClaim
from app.services.door import Services
from app.services.people_commands import SavePayer
from tests.office import open_office
from tests.ui.pages.office import DAY, Small, small_practice


def _posted(services: Services) -> tuple[Small, tuple[int, ...]]:
    small = small_practice(services)
    return small, services.encounters.post_charges(small.encounter).claim_ids


def _send(services: Services, claim: int) -> None:
    services.claims.print_claims([claim])
    services.claims.confirm_printed([claim])


def _box(services: Services, claim: int, box_id: str) -> BoxView:
    return next(v for v in services.claims.show(claim).boxes if v.box.box_id == box_id)


def test_boxes_lead_to_the_rows_that_feed_them() -> None:
    with open_office(DAY) as (services, _):
        small, claims = _posted(services)
        policies = services.patients.show(small.patient).policies
        expected = {
            "3_date": (Feed.PATIENT, small.patient, "birth_date"),
            "1a": (Feed.POLICY, policies[0].policy_id, "member_id"),
            "9a": (Feed.POLICY, policies[1].policy_id, "member_id"),
            "carrier_name": (Feed.PAYER, small.payer, "name"),
            "24_2_D_cpt": (Feed.ENCOUNTER, small.encounter, "lines.1.code"),
            "24_1_J_npi": (Feed.PROVIDER, small.provider, "npi"),
            "25": (Feed.PRACTICE, 1, "tax_id"),
            "29_amount": (Feed.ACCOUNT, small.patient, ""),
        }
        for box_id, (feed, row_id, field) in expected.items():
            target = _box(services, claims[0], box_id).target
            assert target is not None, box_id
            assert (target.feed, target.row_id, target.field) == (feed, row_id, field)
        assert _box(services, claims[0], "22_code").target is None


def test_a_text_that_does_not_fit_is_marked_on_its_boxes() -> None:
    with open_office(DAY) as (services, _):
        small, claims = _posted(services)
        patient = services.patients.show(small.patient)
        long = replace(patient.address, line1="1180 Long Meadow Plantation Road East")
        services.patients.save(replace(patient, address=long))
        wrong = [v.box.box_id for v in services.claims.show(claims[0]).boxes if v.findings]
        assert wrong == ["5_street", "7_street"]


def test_versions_are_compared_box_by_box() -> None:
    with open_office(DAY) as (services, _):
        small, claims = _posted(services)
        claim = claims[0]
        assert services.claims.editions(claim) == ()
        services.claims.print_claims([claim])
        services.claims.unprint([claim])
        patient = services.patients.show(small.patient)
        services.patients.save(replace(patient, phone="5405550199"))
        assert [e.key for e in services.claims.editions(claim)] == ["version:1"]
        found = services.claims.compare(claim, "version:1")
        assert [(c.box.name, c.then, c.now) for c in found] == [
            ("5 (phone)", "(540) 5550118", "(540) 5550199"),
            ("7 (phone)", "(540) 5550118", "(540) 5550199"),
        ]
        _send(services, claim)
        assert [e.key for e in services.claims.editions(claim)] == ["version:1", "today"]
        assert services.claims.compare(claim, "today") == ()
        patient = services.patients.show(small.patient)
        services.patients.save(replace(patient, phone="5405550118"))
        assert [c.now for c in services.claims.compare(claim, "today")] == ["(540) 5550118"] * 2
        with pytest.raises(NotFound):
            services.claims.compare(claim, "version:9")


def test_a_correction_is_compared_with_the_claim_it_follows() -> None:
    with open_office(DAY) as (services, _):
        small, claims = _posted(services)
        _send(services, claims[0])
        policy = services.claims.show(claims[0]).policy_id
        again = services.claims.new_claim(
            NewClaim(small.encounter, policy, "7", claims[0], "ICN 4711")
        )
        assert [e.key for e in services.claims.editions(again)] == [f"claim:{claims[0]}"]
        found = services.claims.compare(again, f"claim:{claims[0]}")
        assert [(c.box.name, c.now) for c in found] == [
            ("22 (code)", "7"),
            ("22 (reference)", "ICN4711"),
        ]


def test_a_split_claim_and_its_secondary_carry_the_lines_between_them() -> None:
    with open_office(DAY) as (services, _):
        _, (first, second) = _posted(services)
        lines = [n.line_id for n in services.claims.show(first).lines]
        part = services.claims.split(first, lines[1:])
        shown = services.claims.show(part)
        assert (shown.row.status, shown.row.number) == ("ready", "10001B")
        assert [n.line_id for n in shown.lines] == lines[1:]
        assert [n.line_id for n in services.claims.show(first).lines] == lines[:1]
        held = {r.number: r.total_cents for r in services.claims.list_claims(("held",))}
        assert held == {"10001-2": 18500, "10001-2B": 16500}
        assert services.claims.show(first).row.total_cents == 18500
        assert services.claims.show(second).row.total_cents == 18500
        # The second part's own line is the encounter's second line.
        assert _box(services, part, "24_1_D_cpt").target.field == "lines.1.code"  # type: ignore[union-attr]
        for claim in (first, part):
            _send(services, claim)


def test_what_cannot_be_split_is_refused() -> None:
    with open_office(DAY) as (services, _):
        _, (first, _second) = _posted(services)
        lines = [n.line_id for n in services.claims.show(first).lines]
        for chosen in ((), tuple(lines), (lines[0], 999)):
            with pytest.raises(Refused, match="Choose the lines"):
                services.claims.split(first, chosen)
        _send(services, first)
        with pytest.raises(Refused, match="not sent"):
            services.claims.split(first, lines[:1])


def test_a_rejected_claim_is_closed_by_the_one_that_goes_out_again() -> None:
    with open_office(DAY) as (services, _):
        small, claims = _posted(services)
        _send(services, claims[0])
        services.claims.set_status(claims[0], "rejected", "MA130")
        policy = services.claims.show(claims[0]).policy_id
        again = services.claims.new_claim(NewClaim(small.encounter, policy, "1", claims[0]))
        assert services.claims.show(claims[0]).row.status == "closed"
        assert services.claims.show(claims[0]).row.follow_up_on is None
        assert _box(services, again, "22_code").box.text == ""
        _send(services, again)
        assert services.claims.show(claims[0]).row.status == "closed"


def test_the_preview_shows_what_a_payers_wishes_change() -> None:
    with open_office(DAY) as (services, _):
        box = Address("PO Box 9", "", "Rutland", "VT", "057010009")
        plain = SavePayer("Green Shield", PayerType.GROUP, box)
        assert services.previews.preview(plain).changes == ()
        wishes = {
            "zip_hyphen": {"carrier", "5", "7", "32", "33"},
            "one_pointer_per_line": {"24E"},
            "taxonomy_24j": {"24I", "24J"},
            "taxonomy_33b": {"33b"},
            "emg_in_24c": {"24C"},
            "epsdt_in_24h": {"24H"},
            "anesthesia_times_in_shaded": {"24"},
        }
        for name, items in wishes.items():
            wish: dict[str, Any] = {name: True}
            shown = services.previews.preview(replace(plain, **wish))
            assert {c.box.item for c in shown.changes} == items
            assert shown.pdf.startswith(b"%PDF")
        choices: tuple[tuple[dict[str, Any], set[str]], ...] = (
            ({"box29": "blank"}, {"29"}),
            ({"multi_page": "continued_last_page"}, {"28", "29"}),
            ({"date_style": "MMDDYYYY"}, {"14"}),
            ({"referring_order": "first_last"}, {"17"}),
            ({"signature_text": "SOF"}, {"12", "13", "31"}),
        )
        for change, items in choices:
            shown = services.previews.preview(replace(plain, **change))
            assert {c.box.item for c in shown.changes} == items
