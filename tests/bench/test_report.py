import json

from bench import report, scenarios
from bench.aims import Aim
from bench.machine import Machine
from bench.measuring import DIRECT
from tests.bench.builders import make_row

MACHINE = Machine(2, "A Processor", 8, "Linux x86_64", "3.11.7")
EXTENT = scenarios.quick()


def make_report(*verdicts: bool | None) -> report.Report:
    return report.Report(
        measured_at="2026-01-02",
        machine=MACHINE,
        load_averages=[1.5, 0.25],
        extent=EXTENT,
        rows=[
            make_row("json", 64, target=DIRECT, per_second=80_000.0),
            make_row("json", 64, per_second=2750.4, p50=11.005, cpu_us=351.6),
        ],
        memory=[(1, 120.0)],
        facts={"recorder, MB": 91.26},
        aims=[Aim(f"aim {number}", ">= 1", "2", is_met) for number, is_met in enumerate(verdicts)],
    )


def test_a_row_shows_what_the_gateway_adds():
    row = make_row("json", 64, per_second=2750.4, p50=11.0, p99=25.0, cpu_us=351.6)

    assert report.cells_of(row) == [
        *("64", "gateway", "2,750", "275.0%"),
        *("11.00", "25.00", "0.50", "2.00"),
        *("10.00", "20.00", "0.00", "0.00"),
        "352",
    ]


def test_the_provider_alone_adds_nothing():
    cells = report.cells_of(make_row("json", 64, target=DIRECT, per_second=80_000.0))

    assert cells[:4] == ["64", "direct", "80,000", ""]
    assert cells[-5:] == [""] * 5


def test_every_aim_is_a_line_with_its_verdict():
    text = report.text(make_report(True, False, None))

    lines = {line.split("  ")[1]: line for line in text.splitlines() if "  aim " in line}
    assert lines["aim 0"].endswith("met")
    assert lines["aim 1"].endswith("MISSED")
    assert lines["aim 2"].endswith("-")


def test_one_missed_aim_is_a_failure_and_a_figure_without_aim_is_not():
    assert make_report(True, None).is_met
    assert not make_report(True, False, None).is_met


def test_the_heading_names_date_machine_and_load():
    heading = report.text(make_report(True)).splitlines()[0]

    assert "2026-01-02" in heading
    assert "2 cores (A Processor), 8 GB" in heading
    assert "load average 0.25 to 1.5" in heading


def test_markdown_tables_are_well_formed():
    table = [line for line in report.markdown(make_report(True)).splitlines() if line[:1] == "|"]

    assert "| 64 | gateway | 2,750 |" in "\n".join(table)
    assert sum(line.startswith("| --- |") for line in table) == len(EXTENT.scenarios) + 2


def test_results_replace_earlier_ones_and_nothing_else(tmp_path):
    document = tmp_path / "benchmarks.md"
    document.write_text(
        "# Title\n\n<!-- results: begin -->\nold\n<!-- results: end -->\n\nThe rest.\n"
    )

    report.write_into(document, make_report(True))

    content = document.read_text()
    assert content.startswith("# Title\n\n<!-- results: begin -->\nMeasured on 2026-01-02")
    assert content.endswith("<!-- results: end -->\n\nThe rest.\n")
    assert "old" not in content


def test_results_are_json_without_names_of_this_machine(tmp_path):
    path = tmp_path / "results.json"

    report.write_json(make_report(True, False), path)

    found = json.loads(path.read_text())
    assert found["machine"]["cores"] == 2
    assert [aim["is_met"] for aim in found["aims"]] == [True, False]
    assert found["rows"][1]["round"]["per_second"] == 2750.4
