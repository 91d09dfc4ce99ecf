"""Small official files in the layouts of CMS, NUCC and clearinghouses; all of them made up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from app.domain.reference import FileKind

HCPCS_HEAD = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "COV", "ADD DT",
    "ACT EFF DT", "TERM DT", "ACTION CD",
)  # fmt: skip
HCPCS_ROWS = (
    ("   Q9", "0010", "7", "Made-up modifier", "Made up", "", "C", "20010101", "20010101", "", "N"),
    ("   QX", "0010", "7", "An ended modifier", "Ended mod", "", "C", "20010101", "20200101",
     "20251231", "D"),
    ("J1234", "0100", "3", "Injection, made-up drug, first", "Inj made-up", "57", "D", "20100101",
     "20200101", "", "N"),
    ("J1234", "0200", "4", "10 mg", "", "", "", "", "", "", ""),
    ("G0999", "0100", "3", "Ended service", "Ended svc", "", "C", "20150101", "20150101",
     "20260630", "D"),
    ("G1111", "0100", "3", "Service of the quarter, \"new\"", "New svc", "", "C", "20260701",
     "20260701", "", "A"),
)  # fmt: skip
NCCI_HEAD = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t",
    "Column1/Column2 Edits\t\t\t\t\t\t",
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
NCCI_ROWS = (
    ("20610", "36000", "", "20020101", "*", "1"),
    ("20610", "64450", "", "20100101", "20251231", "0"),
    ("20610", "64450", "", "20260701", "*", "1"),
    ("20610", "99999", "", "20200101", "20200101", "9"),
    ("93000", "93005", "*", "19960101", "*", "0"),
    ("G0999", "36000", "", "20150101", "20181231", "1"),
)
MUE_NOTICE = 'Copyright 2025 American Medical Association.\n\nAll rights reserved, "they" say.\n'
MUE_HEAD = ("HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator",
            "MUE Rationale")  # fmt: skip
MUE_ROWS = (
    ("20610", "2", "1 Line Edit", "Anatomic"),
    ("93000", "1", "2 Date of Service Edit: Policy", "Nature of service"),
    ("96372", "4", "3 Date of Service Edit: Clinical", "Clinical: Data"),
)
RVU_STACK = (
    ("", "", "", "", "NOT USED", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
     "", "", "", ""),
    ("", "", "", "", "FOR", "", "", "NON-FAC", "", "FACILITY", "", "", "", "", "", "", "", "", "",
     "", "", "", "", "", "", ""),
    ("", "", "", "STATUS", "MEDICARE", "WORK", "NON-FAC", "NA", "FACILITY", "NA", "MP",
     "NON-FACILITY", "FACILITY", "PCTC", "GLOB", "PRE", "INTRA", "POST", "MULT", "BILAT", "ASST",
     "CO-", "TEAM", "PRIC", "ENDO", "CONV"),
    ("HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR", "PE RVU",
     "INDICATOR", "RVU", "TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", "PROC", "SURG", "SURG",
     "SURG", "SURG", "IND", "BASE", "FACTOR"),
)  # fmt: skip


def rvu_row(
    code: str, status: str = "A", work: str = "1.00", office: str = "1.50", facility: str = "0.50",
    mp: str = "0.10", *, mod: str = "", pctc: str = "0", days: str = "XXX", bilateral: str = "0",
    factor: str = "33.4009",
) -> tuple[str, ...]:  # fmt: skip
    """A line of the fee schedule."""
    return (
        code, mod, "SOMEBODY'S WORDS", status, "", work, office, "", facility, "", mp, "0.00",
        "0.00", pctc, days, "0.00", "0.00", "0.00", "0", bilateral, "0", "0", "0", "0", "", factor,
    )  # fmt: skip


RVU_ROWS = (
    rvu_row("99213", work="0.97", office="1.33", facility="0.40", mp="0.08"),
    rvu_row("20610", work="0.79", office="0.93", facility="0.39", mp="0.11", days="000",
            bilateral="1"),
    rvu_row("27447", work="19.60", office="14.50", facility="14.50", mp="3.80", days="090"),
    rvu_row("93000", work="0.17", office="0.26", facility="0.26", mp="0.02", pctc="4"),
    rvu_row("71046", work="0.22", office="0.62", facility="0.62", mp="0.02", pctc="1"),
    rvu_row("71046", work="0.22", office="0.09", facility="0.09", mp="0.01", pctc="1", mod="26"),
    rvu_row("11732", work="0.38", office="0.40", facility="0.12", mp="0.03", days="ZZZ"),
    rvu_row("00100", "J", "0.00", "0.00", "0.00", "0.00"),
    rvu_row("99000", "B", "0.00", "0.00", "0.00", "0.00"),
    rvu_row("99990", "D", "0.00", "0.00", "0.00", "0.00"),
)  # fmt: skip
GPCI_HEAD = ("Medicare Administrative Contractor (MAC)", "State", "Locality Number",
             "Locality Name", "2026 PW GPCI (with 1.0 Floor)", "2026 PE GPCI",
             "2026 MP GPCI")  # fmt: skip
GPCI_ROWS = (
    ("01234", "VA", "00", "VIRGINIA, MADE UP*", "1.000", "0.990", "0.850"),
    ("01234", "VA", "01", "SALEM", "1.050", "1.100", "1.200"),
    ("11302", "MT", "01", "MONTANA**", "1.000", "1.000", "1.111"),
)
TAXONOMY_HEAD = ("Code", "Grouping", "Classification", "Specialization", "Definition", "Notes",
                 "Display Name", "Section")  # fmt: skip
TAXONOMY_ROWS = (
    ("101A00000X", "Made-up group", "Code Reader", "", "One who reads.\nAll day.", "",
     "Code Reader", "Individual"),
    ("101A00001X", "Made-up group", "Code Reader", "Night", "", "", "Night Code Reader",
     "Individual"),
)  # fmt: skip
PAYERS_HEAD = ("PAYER NAME", "PAYER ID", "TRANSACTION", "AVAILABLE", "NON PAR", "ENROLLMENT",
               "SECONDARY", "ATTACHMENT", "WC / AUTO", "NOTES")  # fmt: skip
PAYERS_ROWS = (
    ("Blue Ridge Health", "12345", "Professional Claims 837P", "Yes", "No", "No", "Yes", "No", "",
     "One line,\nand another"),
    ("Blue Ridge Health", "12345", "Remits 835", "Yes", "No", "Yes", "No", "No", "", ""),
    ("Élan Mutual", "EL001", "Professional Claims 837P", "Yes", "No", "No", "No", "No", "Auto", ""),
)  # fmt: skip
AGES_ROWS = (("P0700", "newborn 0"), ("F0390", "adult 15-124"), ("C9330", "pediatric 0-17"))
SEXES_ROWS = (("N400", "M"), ("A34", "F"))
PLACES_ROWS = (
    ("11", "Office", "Non-Facility", "Where the practice is, and more"),
    ("21", "Inpatient Hospital", "Facility", "A hospital"),
    ("95", "Made-up Place", "Facility", "Newly assigned"),
)
CHANGES_HEAD = ("code", "codeDotted", "previousBillable", "newBillable", "direction", "longTitle")
CHANGES_ROWS = (
    ("M722", "M72.2", "true", "false", "billable-to-header", "Plantar fascial fibromatosis"),
    ("M7221", "M72.21", "false", "true", "added", "Plantar fascial fibromatosis, right foot"),
)


@dataclass(frozen=True, slots=True)
class Official:
    """A made-up file: name, rows above the data, data, and how its lines are made."""

    kind: FileKind
    name: str
    head: tuple[Sequence[str], ...]
    rows: tuple[Sequence[str], ...]
    tabs: bool = False
    foot: tuple[Sequence[str], ...] = ()

    def text(self, end: str = "\n") -> str:
        """The file as text."""
        if self.tabs:
            lines = [line[0] for line in self.head] + ["\t".join(row) for row in self.rows]
            return end.join(lines) + end
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([*self.head, *self.rows, *self.foot])
        return out.getvalue().replace("\n", end)

    def data(self) -> bytes:
        """The file in UTF-8."""
        return self.text().encode()

    def workbook(self) -> bytes:
        """The same rows in an Excel workbook."""
        head = [line[0].split("\t") for line in self.head] if self.tabs else self.head
        return workbook([*head, *self.rows, *self.foot])


GPCI_FOOT = (('"MAC assignments as of a day"',), ("*A floor, by an act of 2008.",))
FILES = (
    Official(FileKind.HCPCS, "HCPC2026_JUL_ANWEB.csv", (HCPCS_HEAD,), HCPCS_ROWS),
    Official(FileKind.NCCI, "ccipra-v322r0-f1.txt", tuple((line,) for line in NCCI_HEAD), NCCI_ROWS,
             tabs=True),
    Official(FileKind.MUE, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
             ((MUE_NOTICE, "", "", ""), MUE_HEAD), MUE_ROWS),
    Official(FileKind.RVU, "PPRRVU2026_Jul_nonQPP.csv",
             (("", "", "2026 National Physician Fee Schedule Relative Value File July Release"),
              *RVU_STACK), RVU_ROWS),
    Official(FileKind.GPCI, "GPCI2026.csv",
             (("ADDENDUM E. FINAL CY 2026 GEOGRAPHIC PRACTICE COST INDICES",), GPCI_HEAD),
             GPCI_ROWS, foot=GPCI_FOOT),
    Official(FileKind.TAXONOMY, "nucc_taxonomy_260.csv", (TAXONOMY_HEAD,), TAXONOMY_ROWS),
    Official(FileKind.PAYERS, "payers of one clearinghouse.csv", (PAYERS_HEAD,), PAYERS_ROWS),
    Official(FileKind.AGES, "age_edits_fy2027.csv", (("code", "category"),), AGES_ROWS),
    Official(FileKind.SEXES, "sex_edits_before_2024-10-01.csv", (("code", "only_sex"),),
             SEXES_ROWS),
    Official(FileKind.PLACES, "pos_codes.csv",
             (("code", "name", "facility_type", "description"),), PLACES_ROWS),
)  # fmt: skip
GOOD = {file.kind: len(file.rows) for file in FILES} | {FileKind.HCPCS: 5}  # one goes on


def official(kind: FileKind) -> Official:
    """The made-up file of a kind."""
    return next(file for file in FILES if file.kind is kind)


def fixed_line(
    code: str, sequence: str, kind: str, long: str, short: str = "", added: str = "20200101",
    effective: str = "20200101", ended: str = "", action: str = "N",
) -> str:  # fmt: skip
    """A line of the HCPCS text file."""
    start = f"{code:>5}{sequence}{kind}{long:<80}{short:<28}"
    return f"{start:<268}{added:<8}{effective:<8}{ended:<8}{action:<1}".ljust(320)


def workbook(rows: Iterable[Sequence[object]], **sheets: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file whose first sheet has ``rows``."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, some in {"Sheet1": rows, **sheets}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(some):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    book.close()
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    """A zip; ``__`` in a name stands for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()
