"""`metaclaw verify-export` names what differs, and needs nothing but the files."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apps.exports.container.checking import verify
from apps.exports.container.manifest import MANIFEST, SIGNATURE
from apps.exports.container.signing import canonical, new_private_key, pem_of, public_key_of
from apps.exports.container.writing import digest_of
from metaclaw_web.cli.app import app
from tests.exports.files import PRIVATE, flip, make_folder, signed, zipped

PARTS = {"turns-00001": 40, "turns-00002": 7}
NAMES = [MANIFEST, SIGNATURE, *(f"{name}.jsonl.gz" for name in PARTS)]


@pytest.fixture
def folder(tmp_path) -> Path:
    return make_folder(tmp_path / "export", PARTS)


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["verify-export", str(path), *options])


def key_file(tmp_path: Path, *private: bytes) -> str:
    path = tmp_path / "keys.pem"
    path.write_text("".join(pem_of(public_key_of(one)) for one in private))
    return str(path)


@pytest.mark.parametrize("pack", [lambda path: path, zipped])
def test_what_was_signed_passes(folder, tmp_path, pack):
    # An older key of the installation stands before the one that was used.
    result = run(pack(folder), "--key", key_file(tmp_path, new_private_key(), PRIVATE))

    assert result.exit_code == 0, result.output
    assert "2 files, 47 rows" in result.stdout


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0, 0.3, 0.7, 0.999])
def test_one_changed_bit_is_found_in_every_file(folder, name, place):
    size = (folder / name).stat().st_size
    flip(folder / name, int(size * place))

    result = run(folder)

    assert result.exit_code in (1, 3)
    # A changed manifest is seen by its signature not fitting.
    assert (SIGNATURE if name == MANIFEST else name) in result.stdout
    assert "as it was signed" not in result.stdout


def test_one_changed_bit_is_found_anywhere_in_an_archive(folder):
    """Where nothing reads it, in the lists of the format itself, it changes nothing either."""
    path = zipped(folder)
    whole = path.read_bytes()
    for name in PARTS:
        at = whole.index((folder / f"{name}.jsonl.gz").read_bytes()) + 20
        flip(path, at)

        assert [problem.file for problem in verify(path).problems] == [f"{name}.jsonl.gz"]
        path.write_bytes(whole)


def test_another_number_of_rows_is_named_with_both_numbers(folder):
    path = folder / "turns-00002.jsonl.gz"
    with gzip.open(path) as lines:
        fewer = lines.readlines()[:-2]
    with gzip.open(path, "wb") as lines:
        lines.writelines(fewer)
    # Signed again, with the right check sum: only the rows are not what they are said to be.
    manifest = json.loads((folder / MANIFEST).read_bytes())
    sha256, size = digest_of(path)
    manifest["files"][1] |= {"sha256": sha256, "bytes": size}
    signed(folder, manifest)

    result = run(folder)

    assert result.exit_code == 1
    assert "turns-00002.jsonl.gz: rows: It has 5 rows, the manifest says 7." in result.stdout


def test_missing_and_added_files_are_named(folder):
    (folder / "turns-00001.jsonl.gz").rename(folder / "more.jsonl.gz")

    result = run(folder)

    assert result.exit_code == 1
    assert "turns-00001.jsonl.gz: missing" in result.stdout
    assert "more.jsonl.gz: unknown" in result.stdout


def test_a_manifest_cannot_lead_out_of_the_folder(folder):
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"][0]["name"] = "../secret.jsonl.gz"
    signed(folder, manifest)

    result = run(folder)

    assert result.exit_code == 1
    assert "no name of a file" in result.stdout


def test_a_manifest_without_a_signature_is_not_signed(folder):
    (folder / SIGNATURE).unlink()

    assert run(folder).exit_code == 3


def test_another_installations_key_is_refused(folder, tmp_path):
    result = run(folder, "--key", key_file(tmp_path, new_private_key()))

    assert result.exit_code == 3
    assert "another key" in result.stdout


def test_whoever_signs_anew_is_found_out_by_the_key(folder, tmp_path):
    from apps.exports.container.signing import sign

    manifest = (folder / MANIFEST).read_bytes()
    (folder / SIGNATURE).write_bytes(sign(new_private_key(), manifest).packed())

    assert run(folder).exit_code == 0
    assert run(folder, "--key", key_file(tmp_path, PRIVATE)).exit_code == 3


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_a_file_without_keys_is_refused(folder, tmp_path, text):
    path = tmp_path / "keys.pem"
    path.write_text(text)

    assert run(folder, "--key", str(path)).exit_code == 2


def test_where_there_is_no_export_the_command_says_so(tmp_path):
    (tmp_path / "text.zip").write_text("hello")

    assert run(tmp_path / "nothing").exit_code == 2
    assert run(tmp_path / "text.zip").exit_code == 2


def test_checking_needs_neither_django_nor_a_database(folder):
    code = (
        "import sys; from pathlib import Path;"
        "from apps.exports.container.checking import verify;"
        "assert verify(Path(sys.argv[1])).is_whole;"
        "assert not {'django', 'psycopg', 'celery'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=Path.cwd())


def test_a_document_has_one_form():
    assert canonical({"b": 1, "a": "é"}) == b'{"a":"\\u00e9","b":1}'
