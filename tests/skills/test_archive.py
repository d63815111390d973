"""Skills in and out of archives: all of it or nothing, whatever the archive claims."""

import io
import os
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.skills import archive
from apps.skills.archive import read_directory, read_upload, read_zip
from apps.skills.archive_writing import write_directory, write_zip
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import build


def skill(slug="write-dates", category="general", body="# Dates\n\n1. Write 2024-03-31."):
    return build(slug=slug, description="Use when writing dates.", category=category, body=body)


TEXT = skill().text


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, content in entries:
            target.writestr(name, content)
    return out.getvalue()


def refusal(blob):
    with pytest.raises(SkillInvalid) as caught:
        read_zip(blob)
    return caught.value.fields


def special(name, mode, content="/etc/passwd"):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info, content


def test_what_is_exported_can_be_imported():
    docs = [skill(), skill("b-skill", "coding"), skill("c", "security")]

    entries = read_zip(write_zip(docs))

    assert dict(entries) == {f"{doc.category}/{doc.slug}/SKILL.md": doc for doc in docs}


def test_the_same_skills_give_the_same_archive():
    docs = [skill(), skill("b-skill", "coding")]

    assert write_zip(docs) == write_zip(reversed(docs))


def test_skill_folders_and_flat_files_count_and_the_rest_is_ignored():
    blob = zipped(
        ("pack/coding/a/SKILL.md", skill("a").text),
        ("pack/coding/a/references/more.md", "no front matter"),
        ("pack/coding/a/scripts/run.py", "print()"),
        ("pack/b.md", skill("b").text),
        ("pack/README.md", "# About"),
        ("pack/.hidden/c.md", "x"),
        ("__MACOSX/pack/._b.md", "x"),
        ("pack/picture.png", b"\x89PNG"),
    )

    assert [name for name, _ in read_zip(blob)] == ["pack/b.md", "pack/coding/a/SKILL.md"]


def test_an_upload_is_a_zip_or_one_markdown_file():
    assert [doc for _, doc in read_upload("dates.md", TEXT.encode())] == [skill()]
    assert [doc for _, doc in read_upload("export.zip", write_zip([skill()]))] == [skill()]


def test_an_archive_without_skills_is_refused():
    assert set(refusal(zipped(("a.txt", "x")))) == {"file"}
    assert set(refusal(zipped())) == {"file"}


@pytest.mark.parametrize(
    "name",
    [
        "../SKILL.md", "a/../../SKILL.md", "/etc/SKILL.md", "//host/SKILL.md", "a//SKILL.md",
        "./SKILL.md", "..\\SKILL.md", "a\\b\\SKILL.md", "C:/SKILL.md", "C:SKILL.md",
        "a/..", "a\x01/SKILL.md", "a\u202e/SKILL.md", "x" * 300 + "/SKILL.md",
    ],
)  # fmt: skip
def test_a_name_that_leaves_the_archive_is_refused_even_beside_a_good_skill(name):
    fields = refusal(zipped(("good/SKILL.md", skill("good").text), (name, TEXT)))

    assert set(fields) == {"file"}


def test_a_name_cut_at_a_nul_is_refused():
    blob = zipped(("aXb/SKILL.md", TEXT)).replace(b"aXb/SKILL.md", b"a\x00b/SKILL.md")

    assert set(refusal(blob)) == {"file"}


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFSOCK]
)
@pytest.mark.parametrize("name", ["a/SKILL.md", "ignored.txt"])
def test_links_and_devices_are_refused(name, mode):
    fields = refusal(zipped(("good/SKILL.md", TEXT), special(name, mode)))

    assert name in fields["file"][0]


@pytest.mark.parametrize("name", ["inner.zip", "a/b.tar.gz", "x.JAR", "w.whl"])
def test_an_archive_inside_the_archive_is_refused(name):
    inner = zipped(("SKILL.md", TEXT))

    assert set(refusal(zipped(("a/SKILL.md", TEXT), (name, inner)))) == {"file"}


def test_an_archive_that_poses_as_a_skill_is_no_skill():
    blob = zipped(("a/SKILL.md", TEXT))
    for _ in range(3):
        blob = zipped(("a/SKILL.md", blob), method=zipfile.ZIP_STORED)

    assert set(refusal(blob)) == {"text"}


def test_too_many_files_are_refused():
    many = [(f"s{n}/SKILL.md", skill(f"s{n}").text) for n in range(archive.MAX_FILES + 1)]

    assert "200" in refusal(zipped(*many))["file"][0]
    assert len(read_zip(zipped(*many[:-1]))) == archive.MAX_FILES


def test_thousands_of_entries_are_refused_before_any_is_read():
    blob = zipped(*[(f"{n}.txt", "") for n in range(1001)])

    assert "1000 entries" in refusal(blob)["file"][0]


def test_a_file_larger_than_64_kb_is_refused():
    noise = os.urandom(40_000).hex()

    fields = refusal(zipped(("a/SKILL.md", TEXT + noise)))

    assert fields == {"text": ["a/SKILL.md: The file is larger than 64 KB."]}


def test_a_bomb_with_an_honest_header_is_refused():
    assert refusal(zipped(("a/SKILL.md", b"\0" * 50_000_000)))


def test_a_bomb_that_lies_about_its_size_is_refused():
    blob = bytearray(zipped(("a/SKILL.md", b"\0" * 50_000_000)))
    for at in (blob.find(b"PK\x03\x04") + 22, blob.find(b"PK\x01\x02") + 24):
        blob[at : at + 4] = struct.pack("<I", 100)

    assert refusal(bytes(blob))


def test_a_small_file_that_unpacks_suspiciously_well_is_refused():
    fields = refusal(zipped(("a/SKILL.md", TEXT + "a" * 60_000)))

    assert "suspiciously" in fields["file"][0]


def test_the_sum_of_all_files_is_limited():
    def body(seed):
        return TEXT.replace("write-dates", f"s{seed}") + os.urandom(15_000).hex()

    blob = zipped(*[(f"s{n}/SKILL.md", body(n)) for n in range(150)])

    assert "4 MB" in refusal(blob)["file"][0]


def test_an_encrypted_entry_is_refused():
    blob = bytearray(zipped(("a/SKILL.md", TEXT)))
    blob[6] |= 1
    blob[blob.find(b"PK\x01\x02") + 8] |= 1

    assert set(refusal(bytes(blob))) == {"file"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(method):
    assert set(refusal(zipped(("a/SKILL.md", TEXT), method=method))) == {"file"}


@pytest.mark.parametrize("blob", [b"", b"PK", b"PK\x03\x04junk", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_zip_is_refused(blob):
    assert set(refusal(blob)) == {"file"}


def test_one_bad_skill_spoils_the_import_and_every_complaint_names_entry_and_field():
    blob = zipped(
        ("good/SKILL.md", skill("good").text),
        ("bad/SKILL.md", TEXT.replace("write-dates", "../x")),
        ("worse/SKILL.md", TEXT.replace("general", "cooking")),
        ("none/SKILL.md", "no front matter"),
        ("bytes/SKILL.md", b"\xff\xfe"),
    )

    fields = refusal(blob)

    assert set(fields) == {"name", "category", "text"}
    assert fields["name"][0].startswith("bad/SKILL.md: ")
    assert fields["category"][0].startswith("worse/SKILL.md: ")
    assert [message.split(":")[0] for message in fields["text"]] == [
        "bytes/SKILL.md",
        "none/SKILL.md",
    ]


def test_two_skills_of_one_name_are_refused():
    fields = refusal(zipped(("a/SKILL.md", TEXT), ("b/SKILL.md", TEXT)))

    assert "a/SKILL.md" in fields["name"][0]
    assert "b/SKILL.md" in fields["name"][0]
    with pytest.raises(SkillInvalid):
        write_zip([skill(), skill()])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused():
    assert set(refusal(zipped(("a/SKILL.md", TEXT), ("a/SKILL.md", TEXT)))) == {"file"}


VALID = write_zip([skill(), skill("b", body="# B\n\n" + "1. Word by word.\n" * 40)])


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive_is_read_or_refused_and_never_breaks(changes):
    blob = bytearray(VALID)
    for at, value in changes:
        blob[at] = value

    try:
        entries = read_zip(bytes(blob))
    except SkillInvalid:
        return

    assert entries


def test_a_directory_is_written_and_read_back(tmp_path):
    docs = [skill(), skill("b-skill", "coding")]

    written = write_directory(docs, tmp_path)

    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "coding/b-skill/SKILL.md",
        "general/write-dates/SKILL.md",
    ]
    assert sorted(tmp_path.rglob("*.*")) == sorted(written)
    assert {doc for _, doc in read_directory(tmp_path)} == set(docs)


def test_a_single_file_is_read(tmp_path):
    path = tmp_path / "dates.md"
    path.write_text(TEXT)

    assert read_directory(path) == [("dates.md", skill())]


@pytest.mark.parametrize("is_file", [True, False])
def test_a_link_in_a_directory_is_refused(tmp_path, is_file):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "SKILL.md").write_text(TEXT)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "SKILL.md").symlink_to(outside / "SKILL.md") if is_file else (
        inside / "linked"
    ).symlink_to(outside)

    with pytest.raises(SkillInvalid, match="link"):
        read_directory(inside)


def test_a_large_file_and_a_missing_directory_are_refused(tmp_path):
    (tmp_path / "SKILL.md").write_bytes(b"x" * 70_000)

    with pytest.raises(SkillInvalid, match="64 KB"):
        read_directory(tmp_path)
    with pytest.raises(SkillInvalid, match="neither"):
        read_directory(tmp_path / "missing")


def test_a_working_tree_may_bring_its_git_folder_along():
    blobs = [(f".git/objects/{n:04x}", "x") for n in range(archive.MAX_ENTRIES + 5)]
    tree = zipped(*blobs, (".git/pack.zip", "PK"), ("skills/dates/SKILL.md", TEXT))

    assert [name for name, _ in read_zip(tree)] == ["skills/dates/SKILL.md"]
