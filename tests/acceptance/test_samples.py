"""The official samples beside the project go through the one entry; so do files of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance import samples
from tests.codesets.official_files import FILES
from tests.office import open_office

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
_NAMES = {
    "hcpcs": "hcpcs_2026_jul.csv",
    "ncci": "ncci_ccipra-v322r0-f1.txt",
    "mue": "mue_2026q3.csv",
    "rvu": "pprrvu2026_jul.csv",
    "gpci": "gpci2026.csv",
}


def test_every_sample_imports(capsys: pytest.CaptureFixture[str]) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("no samples beside the project")
    assert samples.main([str(SAMPLES)]) == 0
    assert ", 0 failed" in capsys.readouterr().out


def test_our_own_files_pass_and_a_wrong_one_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for file in FILES:
        if str(file.kind) in _NAMES:
            (folder / _NAMES[str(file.kind)]).write_bytes(file.data())
    with open_office(samples.DAY, codes=tmp_path / "codes") as (services, _):
        outcomes = samples.run_folder(folder, services)
        assert [o.problem for o in outcomes] == [""] * len(_NAMES)
        (folder / "mue_2026q3.csv").write_bytes((folder / "gpci2026.csv").read_bytes())
        (folder / "gpci2026.csv").write_bytes(b"words\n")
        wrong = {o.name for o in samples.run_folder(folder, services) if o.problem}
    assert wrong == {"mue_2026q3.csv", "gpci2026.csv"}


def test_without_a_folder_nothing_is_claimed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert samples.main([str(tmp_path / "gone")]) == 0
    assert "nothing to import" in capsys.readouterr().out
