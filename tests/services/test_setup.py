"""Setting up: every nonsense gets a sentence at its field, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.claim_form import Address, PayerType
from app.domain.errors import Invalid, NotFound
from app.services.people_commands import (
    SaveFacility,
    SavePayer,
    SavePractice,
    SaveProcedure,
    SaveProvider,
    SaveReferring,
)
from tests.office import OFFICE
from tests.services.front_desk import Office

PRACTICE = SavePractice("Larkfield", OFFICE, "5405550140", "1245319599", "54-1234567")
PROVIDER = SaveProvider("Cole", "Imani", "1679576722")
FACILITY = SaveFacility("Clinic", OFFICE, "11", "1245319599")
REFERRING = SaveReferring("Ray", "Sam", npi="1245319599")
PAYER = SavePayer("Acme", PayerType.GROUP)
PROCEDURE = SaveProcedure("99213", 12500)

Command = Any


def save(office: Office, command: Command) -> Any:
    name = "save_" + type(command).__name__.removeprefix("Save").lower()
    return getattr(office.services.setup, name)(command)


NONSENSE: list[tuple[Command, dict[str, object], str]] = [
    (PRACTICE, {"name": " "}, "name"),
    (PRACTICE, {"npi": ""}, "npi"),
    (PRACTICE, {"npi": "1245319598"}, "npi"),
    (PRACTICE, {"tax_id": ""}, "tax_id"),
    (PRACTICE, {"tax_id": "12"}, "tax_id"),
    (PRACTICE, {"tax_id": "000-00-0000", "tax_id_type": "SSN"}, "tax_id"),
    (PRACTICE, {"phone": "12"}, "phone"),
    (PRACTICE, {"taxonomy": "x"}, "taxonomy"),
    (PRACTICE, {"address": Address(state="ZZ")}, "state"),
    (PRACTICE, {"address": Address(zip="1")}, "zip"),
    (PRACTICE, {"pay_to": Address(state="ZZ")}, "pay_to_state"),
    (PRACTICE, {"pay_to": Address(zip="1")}, "pay_to_zip"),
    (PRACTICE, {"npi_type": 3}, "npi_type"),
    (PRACTICE, {"tax_id_type": "XYZ"}, "tax_id_type"),
    (PROVIDER, {"last": ""}, "last"),
    (PROVIDER, {"first": " "}, "first"),
    (PROVIDER, {"npi": ""}, "npi"),
    (PROVIDER, {"npi": "3245319599"}, "npi"),
    (PROVIDER, {"taxonomy": "207Q"}, "taxonomy"),
    (FACILITY, {"name": ""}, "name"),
    (FACILITY, {"place_of_service": ""}, "place_of_service"),
    (FACILITY, {"place_of_service": "office"}, "place_of_service"),
    (FACILITY, {"npi": "1"}, "npi"),
    (FACILITY, {"phone": "1"}, "phone"),
    (FACILITY, {"address": Address(state="Virginia")}, "state"),
    (REFERRING, {"last": ""}, "last"),
    (REFERRING, {"first": ""}, "first"),
    (REFERRING, {"npi": "12"}, "npi"),
    (PAYER, {"name": ""}, "name"),
    (PAYER, {"phone": "1"}, "phone"),
    (PAYER, {"address": Address(zip="ABC")}, "zip"),
    (PAYER, {"follow_up_days": -1}, "follow_up_days"),
    (PAYER, {"timely_filing_days": 0}, "timely_filing_days"),
    (PAYER, {"multi_page": "sideways"}, "multi_page"),
    (PAYER, {"box29": "everything"}, "box29"),
    (PAYER, {"date_style": "YYMMDD"}, "date_style"),
    (PAYER, {"referring_order": "backwards"}, "referring_order"),
    (PROCEDURE, {"code": ""}, "code"),
    (PROCEDURE, {"code": "9921"}, "code"),
    (PROCEDURE, {"charge_cents": -1}, "charge_cents"),
    (PROCEDURE, {"charge_cents": 100_000_000}, "charge_cents"),
    (PROCEDURE, {"modifiers": "2"}, "modifiers"),
]


@pytest.mark.parametrize(("good", "change", "wrong"), NONSENSE)
def test_nonsense_gets_a_sentence_at_its_field(
    office: Office, good: Command, change: dict[str, object], wrong: str
) -> None:
    tables = ("practice", "provider", "facility", "referring_provider", "payer", "procedure")
    before = [office.sql(f"SELECT * FROM {table}") for table in tables]
    with pytest.raises(Invalid) as found:
        save(office, replace(good, **change))
    assert {f.field for f in found.value.findings} == {wrong}
    assert all(f.message.endswith(".") for f in found.value.findings)
    assert [office.sql(f"SELECT * FROM {table}") for table in tables] == before


def test_every_wrong_field_is_named_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as found:
        save(office, replace(PRACTICE, name="", npi="1", tax_id="1", phone="1"))
    assert {f.field for f in found.value.findings} == {"name", "npi", "tax_id", "phone"}


def test_the_practice_comes_back_as_it_was_saved(office: Office) -> None:
    command = replace(
        PRACTICE,
        npi_type=1,
        taxonomy="207Q00000X",
        pay_to_name="Lockbox",
        pay_to=Address("PO Box 9", "", "Salem", "VA", "24153"),
        fte=3,
        medicare_paper_exception=True,
    )
    save(office, command)
    kept = replace(command, phone="(540) 555-0140", tax_id="541234567")
    assert office.services.setup.practice() == kept
    save(office, kept)
    assert office.services.setup.practice() == kept


@pytest.mark.parametrize(
    ("command", "listed", "key", "normal"),
    [
        (
            replace(PROVIDER, npi="1245319599", middle="B", taxonomy="207Q00000X"),
            lambda o: o.services.directory.providers(),
            "provider_id",
            {},
        ),
        (
            replace(FACILITY, phone="5405550140"),
            lambda o: o.services.directory.facilities(),
            "facility_id",
            {"phone": "(540) 555-0140"},
        ),
        (
            replace(REFERRING, other_id="X1", other_id_qualifier="0B", credentials="MD"),
            lambda o: o.services.directory.referring(),
            "referring_id",
            {},
        ),
        (
            replace(
                PAYER,
                contracted=False,
                zip_hyphen=True,
                date_style="MMDDYYYY",
                signature_text="SOF",
                follow_up_days=14,
                referring_order="nucc",
                prior_auth_required_codes="70551, j1030",
            ),
            lambda o: o.services.directory.payers(),
            "payer_id",
            {"prior_auth_required_codes": "70551 J1030"},
        ),
        (
            replace(PROCEDURE, wording="Visit", modifiers="25"),
            lambda o: o.services.directory.procedures(),
            "procedure_id",
            {},
        ),
    ],
)
def test_lists_come_back_as_they_were_saved(
    office: Office,
    command: Command,
    listed: Callable[[Office], tuple[Any, ...]],
    key: str,
    normal: dict[str, object],
) -> None:
    row = save(office, command)
    kept = replace(command, **normal, **{key: row})
    assert kept in listed(office)
    count = len(listed(office))
    assert save(office, replace(kept, active=False)) == row
    assert listed(office)[-1] == replace(kept, active=False)  # inactive ones come last
    assert len(listed(office)) == count
    with pytest.raises(NotFound):
        save(office, replace(kept, **{key: 999}))


def test_an_npi_belongs_to_one_provider(office: Office) -> None:
    with pytest.raises(Invalid, match="on file"):
        save(office, PROVIDER)
    other = save(office, replace(PROVIDER, npi="1245319599"))
    with pytest.raises(Invalid, match="on file"):
        save(office, replace(PROVIDER, provider_id=other))


def test_a_payer_that_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.directory.payer(99)


def test_settings_have_defaults_and_keep_what_was_set(office: Office) -> None:
    setup = office.services.setup
    assert setup.setting("follow_up_days") == 30
    setup.save_setting("follow_up_days", 21)
    setup.save_setting("print_release_date", True)
    assert (setup.setting("follow_up_days"), setup.setting("print_release_date")) == (21, True)
    with pytest.raises(KeyError):
        setup.save_setting("nonsense", 1)
    with pytest.raises(KeyError):
        setup.setting("nonsense")
