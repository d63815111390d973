"""`metaclaw verify-export`: whether an export is what was signed. Asks nobody."""

from pathlib import Path
from typing import Annotated

import typer

from apps.exports.container.checking import Report, Unreadable, certificate_verify, verify
from apps.exports.container.signing import BadKey, BadSignature, keys_in
from metaclaw_web.cli import output
from metaclaw_web.cli.errors import CliError

# 2 is for what cannot be read at all, as with every command.
_DIFFERS, _NOT_SIGNED = 1, 3


def verify_export(
    path: Annotated[Path, typer.Argument(help="The .zip file, or the folder it was unpacked to.")],
    key: Annotated[
        Path | None,
        typer.Option(
            help="The installation's public keys (PEM). Without them, origin is not shown."
        ),
    ] = None,
) -> None:
    """Check an export: its signature, the check sum and the rows of every file. Or a deletion
    certificate (.json): its signature.

    Ends with 0 if all is as it was signed, 1 if a file differs, 2 if there is no export, 3 if
    the signature is wrong or made with another key.
    """
    trusted = _keys(key)
    if path.suffix == ".json":
        _verify_certificate(path, trusted)
        return
    try:
        report = verify(path, trusted)
    except Unreadable as exc:
        raise CliError(str(exc)) from exc
    _tell(report)
    if not report.is_signed:
        raise typer.Exit(_NOT_SIGNED)
    if not report.is_whole:
        raise typer.Exit(_DIFFERS)
    said = f"{path}: as it was signed, {report.files} files, {report.rows} rows"
    output.results().print(said, soft_wrap=True, markup=False)
    signed_by = f"signed with the key {report.key_id}"
    if key is None:
        signed_by += ", which came with it: name the installation's own with --key"
    output.remarks().print(signed_by, soft_wrap=True, markup=False)


def _verify_certificate(path: Path, trusted: list[bytes] | None) -> None:
    try:
        said = certificate_verify(path, trusted)
    except Unreadable as exc:
        raise CliError(str(exc)) from exc
    except BadSignature as exc:
        output.results().print(f"{path.name}: signature: {exc}", soft_wrap=True, markup=False)
        raise typer.Exit(_NOT_SIGNED) from None
    rows = sum(said["rows"].values())
    line = f"{said['workspace']}: gone at {said['finished_at']}, {rows} rows"
    output.results().print(line, soft_wrap=True, markup=False)


def _keys(path: Path | None) -> list[bytes] | None:
    if path is None:
        return None
    try:
        return keys_in(path.read_text())
    except (OSError, UnicodeDecodeError) as exc:
        raise CliError(f"{path} cannot be read.") from exc
    except BadKey as exc:
        raise CliError(f"{path}: {exc}") from exc


def _tell(report: Report) -> None:
    results = output.results()
    for problem in report.problems:
        line = f"{problem.file}: {problem.fault}: {problem.detail}"
        results.print(line, soft_wrap=True, markup=False)
    if report.uncounted and report.is_whole:
        remark = f"{len(report.uncounted)} files: check sums compared, rows not counted"
        output.remarks().print(remark, soft_wrap=True, markup=False)
