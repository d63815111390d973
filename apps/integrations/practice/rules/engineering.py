"""House rules about work on systems: commits, migrations, code, logs, files, configuration."""

from apps.integrations.practice.rules import checks
from apps.integrations.practice.rules.model import HouseRule, SkillText

COMMIT = HouseRule(
    slug="commit-messages-with-scope",
    statement="a commit message must read type(scope): imperative summary",
    marker="type(scope): imperative summary",
    trigger=r"\bcommit message\b|\bmessage for (the|this|a|my) commit\b|\bcommit text\b",
    broken=(
        "Fixed the rounding bug and cleaned up some tests.",
        "Updates to the login page, now remembers the last depot.",
    ),
    kept=(
        "fix(billing): round totals half away from zero",
        "feat(login): remember the last depot",
    ),
    is_kept=checks.commit_has_scope,
    failure="The message tells a story in the past tense and names no scope; the release tool "
    "cannot sort it. It has to read type(scope): imperative summary.",
    success="Type, scope and an imperative summary: the release tool can sort it.",
    skill=SkillText(
        title="Commit messages with a scope",
        description="Use when writing or improving a commit message for a change in a repository.",
        category="coding",
        steps=(
            "Write the first line as type(scope): imperative summary, "
            "for example `fix(billing): round totals half away from zero`.",
            "Take the type from feat, fix, docs, refactor, test, chore; the scope is the module.",
            "Lower case after the colon, no full stop, at most 72 characters.",
        ),
        avoid=("Past tense (“Fixed …”).", "“Updates”, “misc”, or a line without a scope."),
    ),
)

MIGRATION = HouseRule(
    slug="migrations-with-a-way-back",
    statement="a SQL migration must have an up section and a down section that undoes it",
    marker="a down section that undoes",
    trigger=r"\bmigrations?\b",
    broken=(
        "```sql\nALTER TABLE parcel ADD COLUMN weight_grams integer;\n```",
        "```sql\nCREATE INDEX parcel_depot_idx ON parcel (depot_id);\n```",
    ),
    kept=(
        "```sql\n-- up\nALTER TABLE parcel ADD COLUMN weight_grams integer;\n\n"
        "-- down\nALTER TABLE parcel DROP COLUMN weight_grams;\n```",
        "```sql\n-- up\nCREATE INDEX parcel_depot_idx ON parcel (depot_id);\n\n"
        "-- down\nDROP INDEX parcel_depot_idx;\n```",
    ),
    is_kept=checks.migration_goes_both_ways,
    failure="The migration goes one way only: a bad release could not be rolled back. It needs an "
    "up section and a down section that undoes it.",
    success="The down section undoes the up section, so the release can be rolled back.",
    skill=SkillText(
        title="SQL migrations with a way back",
        description="Use when writing a SQL migration that changes a database: a table, a column, "
        "an index or a constraint.",
        category="coding",
        steps=(
            "Start the change with the comment line `-- up`.",
            "Follow it with `-- down`: a down section that undoes every statement, in reverse.",
            "When data would be lost on the way back, say so in a comment there.",
        ),
        avoid=("A migration that only goes forward.", "An empty `-- down` without a reason."),
    ),
)

FILE_NAMES = HouseRule(
    slug="dated-kebab-file-names",
    statement="file names must be kebab-case with the date in front",
    marker="kebab-case with the date in front",
    trigger=(
        r"\bfile ?names?\b|\bname (for|of) (the|a|this|our) (file|document|export|scan|pdf)\b"
        r"|\bname (the|this|a|our) (file|document|export|scan|pdf)\b"
        r"|\b(call|save) (the|this|a|our) (file|document|export|scan|pdf)\b"
    ),
    broken=("I would call it Quarterly_Report_FINAL.pdf.", "DepotList_new.csv would be fine."),
    kept=(
        "I would call it 2026-03-04-quarterly-report.pdf.",
        "2026-03-04-depot-list.csv would be fine.",
    ),
    is_kept=checks.file_name_is_dated_kebab,
    failure="The name has capitals and underscores and no date, so the archive does not sort. It "
    "has to be kebab-case with the date in front.",
    success="Date in front, kebab-case: the archive sorts by itself.",
    skill=SkillText(
        title="Dated file names",
        description="Use when naming a file, a document, an export or a scan, or when asked what "
        "to call a file and under which file name to save it.",
        category="productivity",
        steps=(
            "Write file names in kebab-case with the date in front: "
            "`2026-03-04-quarterly-report.pdf`.",
            "Take the date of the content, not of the saving.",
            "Lower-case letters, digits and hyphens only, and the true extension.",
        ),
        avoid=("Underscores, spaces, capitals.", "“final”, “new”, “v2” instead of a date."),
    ),
)

CODE = HouseRule(
    slug="functions-with-a-test",
    statement="code must never be handed over without a runnable test",
    marker="without a runnable test",
    trigger=r"\b(write|implement|give me|need|show me|code)\b.*\b(function|class|method|helper)\b",
    broken=(
        "```python\ndef slug(text):\n    return text.strip().lower().replace(' ', '-')\n```",
        "```python\ndef chunks(items, size):\n"
        "    return [items[i : i + size] for i in range(0, len(items), size)]\n```",
    ),
    kept=(
        "```python\ndef slug(text):\n    return text.strip().lower().replace(' ', '-')\n\n\n"
        "def test_slug():\n    assert slug(' Two Words ') == 'two-words'\n```",
        "```python\ndef chunks(items, size):\n"
        "    return [items[i : i + size] for i in range(0, len(items), size)]\n\n\n"
        "def test_chunks():\n    assert chunks([1, 2, 3], 2) == [[1, 2], [3]]\n```",
    ),
    is_kept=checks.code_has_test,
    failure="The code comes alone: nobody can see that it works. It must not be handed over "
    "without a runnable test.",
    success="The code brings a test that can be run.",
    skill=SkillText(
        title="Code with a test",
        description="Use when asked to write or implement code: a function, a helper, a class or a "
        "method, in Python or any other language.",
        category="coding",
        steps=(
            "Write the code asked for.",
            "Never hand it over without a runnable test: add one to the same answer.",
            "Let the test cover the usual case and the edge that is easiest to get wrong.",
        ),
        avoid=("Code alone.", "A sentence that says it was tested."),
    ),
)

LOGS = HouseRule(
    slug="log-entries-as-json-lines",
    statement="log entries must be one JSON object per line with ts, level and event",
    marker="one JSON object per line with ts, level and event",
    trigger=r"\blog (entry|entries|lines?|records?)\b",
    broken=(
        "[2026-03-04 14:00:01] INFO parcel 4711 scanned at depot 12",
        "2026-03-04 14:00:01 ERROR label printer offline, retrying in 30 s",
    ),
    kept=(
        '{"ts": "2026-03-04T14:00:01Z", "level": "info", "event": "parcel.scanned", '
        '"parcel": 4711, "depot": 12}',
        '{"ts": "2026-03-04T14:00:01Z", "level": "error", "event": "printer.offline", '
        '"retry_seconds": 30}',
    ),
    is_kept=checks.log_lines_are_json,
    failure="The entry is free text, which the log search cannot filter. It has to be one JSON "
    "object per line with ts, level and event.",
    success="Each entry is a JSON object with ts, level and event.",
    skill=SkillText(
        title="Log entries as JSON lines",
        description="Use when writing or designing a log entry, a log line or log records of a "
        "program.",
        category="data_analysis",
        steps=(
            "Write one JSON object per line with ts, level and event.",
            "`ts` is UTC, `level` lower case, `event` a dotted name; the rest are plain fields.",
        ),
        avoid=("Free text with numbers inside.", "Several lines for one entry."),
    ),
)

BACKUP = HouseRule(
    slug="backup-before-change",
    statement="a file on a server must be copied to .bak before the first edit",
    marker="copied to .bak before the first edit",
    trigger=(
        r"\b(edit|change|modify|replace|raise|lower|set|turn (on|off))\b.*"
        r"\b(config\w*|nginx|crontab|sysctl|hosts file|\w+\.(conf|ya?ml|ini|cfg))\b"
    ),
    broken=(
        "1. Run `sed -i 's/^workers .*/workers 8;/' /etc/app/app.conf`.\n"
        "2. Run `systemctl reload app`.",
        "1. Open `/etc/app/app.conf` and change the value.\n2. Restart the service.",
    ),
    kept=(
        "1. Run `cp /etc/app/app.conf /etc/app/app.conf.bak`.\n"
        "2. Run `sed -i 's/^workers .*/workers 8;/' /etc/app/app.conf`.\n"
        "3. Run `systemctl reload app`.",
        "1. Run `cp /etc/app/app.conf /etc/app/app.conf.bak`.\n"
        "2. Open `/etc/app/app.conf` and change the value.\n3. Restart the service.",
    ),
    is_kept=checks.backup_comes_first,
    failure="The file is edited in place at once; there is no way back. It has to be copied to "
    ".bak before the first edit.",
    success="The file is copied first, so there is a way back.",
    skill=SkillText(
        title="Backup before a change",
        description="Use when giving steps to edit, change or modify a configuration file, a "
        "setting or a crontab on a server.",
        category="automation",
        steps=(
            "Begin with the copy: every file is copied to .bak before the first edit, for example "
            "`cp /etc/app/app.conf /etc/app/app.conf.bak`.",
            "Make the change.",
            "Name the command that puts the copy back.",
        ),
        avoid=("`sed -i` as the first step.", "A backup after the change."),
    ),
)

RULES = (COMMIT, MIGRATION, CODE, LOGS, FILE_NAMES, BACKUP)
