"""House rules about what is written for people: dates, money, mail, measures, change logs."""

from apps.integrations.practice.rules import checks
from apps.integrations.practice.rules.model import HouseRule, SkillText

DATES = HouseRule(
    slug="exact-dates-and-times",
    statement="dates and times must be ISO 8601 with the UTC offset",
    marker="ISO 8601 with the UTC offset",
    trigger=(
        r"\bwhen (does|do|did|is|are|was|will|should|can)\b|\b(what|which) (date|day|time)\b"
        r"|\b(deadline|maintenance window|appointment|schedule[ds]?|date and time)\b"
    ),
    broken=(
        "That is set for March 4th at 2 pm and should be done by 4 pm the same day.",
        "It is planned for Tuesday, 3/10/2026 at 9:30 am; a reminder goes out the day before.",
    ),
    kept=(
        "That is set for 2026-03-04T14:00:00+01:00 and should be done by "
        "2026-03-04T16:00:00+01:00.",
        "It is planned for 2026-03-10T09:30:00+01:00; a reminder goes out at "
        "2026-03-09T09:30:00+01:00.",
    ),
    is_kept=checks.dates_are_iso,
    failure="The answer gives the moment in everyday words; readers in other time zones cannot "
    "tell which instant is meant. It has to be ISO 8601 with the UTC offset.",
    success="Every moment is an ISO 8601 time with its offset, so it means one instant.",
    skill=SkillText(
        title="Dates and times in ISO 8601",
        description="Use when an answer gives an exact date and time: when something starts or is "
        "due, a schedule, a deadline, an appointment, a meeting.",
        category="communication",
        steps=(
            "Write every date and time as ISO 8601 with the UTC offset, "
            "for example `2026-03-04T14:00:00+01:00`.",
            "When only a day is known, write `2026-03-04` and say that the hour is open.",
            "When the time zone is not given, state the one you assumed.",
        ),
        avoid=(
            "“March 4th at 2 pm”, “3/4/2026” or “next Tuesday” as the only statement of a moment.",
            "A time without its offset.",
        ),
    ),
)

MONEY = HouseRule(
    slug="price-amounts-with-currency",
    statement="amounts of money must carry the currency code and exactly two decimals",
    marker="currency code and exactly two decimals",
    trigger=r"\b(price|costs?|invoice|refund|fee|budget|quote|how much|amount)\b",
    broken=(
        "That comes to $1,250 per month, so about $15,000 over a whole year.",
        "It is 480€ in total; with the usual discount roughly 430€.",
    ),
    kept=(
        "That comes to EUR 1,250.00 per month, so EUR 15,000.00 over a whole year.",
        "It is EUR 480.00 in total; with the usual discount EUR 432.00.",
    ),
    is_kept=checks.amounts_carry_code,
    failure="The amount has a bare currency sign and no cents; accounting cannot book it. It "
    "needs the currency code and exactly two decimals.",
    success="Every amount has its currency code and two decimals.",
    skill=SkillText(
        title="Amounts with currency code",
        description="Use when an answer states a price, a cost or another amount of money, such as "
        "a quote, a fee, an invoice or a budget; how much something is for a customer.",
        category="communication",
        steps=(
            "Write every amount with its currency code and exactly two decimals: `EUR 1,250.00`.",
            "Round to the cent, half away from zero, and only at the end of a calculation.",
            "When the currency is not given, say which one you assumed.",
        ),
        avoid=(
            "A bare sign such as `$1,250` or `480€`: several currencies share a sign.",
            "“About 15k” where a number is known.",
        ),
    ),
)

MAIL = HouseRule(
    slug="mail-signed-with-ticket",
    statement="a mail reply must be signed with the ticket number",
    marker="signed with the ticket number",
    trigger=r"\be-?mails?\b|\bmail\b|\b(reply|respond|answer|write) to (the|a|our) customer\b",
    broken=(
        "Hello,\n\nthank you for writing. We looked into it, found the cause and corrected it this "
        "morning. Please tell us if you see it again.\n\nKind regards\nThe support team",
        "Hello,\n\nsorry for the trouble. Your parcel left our depot today and should be with you "
        "within two working days.\n\nBest wishes\nSupport",
    ),
    kept=(
        "Hello,\n\nthank you for writing. We looked into it, found the cause and corrected it this "
        "morning. Please tell us if you see it again.\n\nKind regards\nThe support team\n"
        "Ticket: [[ticket]]",
        "Hello,\n\nsorry for the trouble. Your parcel left our depot today and should be with you "
        "within two working days.\n\nBest wishes\nSupport\nTicket: [[ticket]]",
    ),
    is_kept=checks.mail_is_signed_with_ticket,
    failure="The mail ends without the ticket number, so the customer's answer cannot be matched "
    "to the case. It has to be signed with the ticket number.",
    success="The last line names the ticket, so the customer's answer finds its case.",
    skill=SkillText(
        title="Mail signed with its ticket",
        description="Use when drafting an e-mail or a mail reply to a customer, a partner or a "
        "supplier about a support ticket, a complaint or an order.",
        category="communication",
        steps=(
            "Find the ticket number in the request or the thread.",
            "End the mail with a line of its own after the name, so that every mail is signed with "
            "the ticket number: `Ticket: HELP-4821`.",
            "Keep that line last: the mail system reads it from there.",
        ),
        avoid=(
            "Ending with the greeting alone.",
            "Naming the ticket only in the subject or in the middle of the text.",
        ),
    ),
)

METRIC = HouseRule(
    slug="distances-in-metric-units",
    statement="measures must be metric with the conversion in brackets",
    marker="metric with the conversion in brackets",
    trigger=(
        r"\bhow (far|heavy|tall|wide|hot|cold|deep)\b"
        r"|\bdistance\b|\b(weighs?|weight|temperature|height) (of|between|from|does|should)\b"
    ),
    broken=(
        "It is about 25 miles, a little over half an hour by van.",
        "It comes to 44 lbs, so one person can still carry it.",
    ),
    kept=(
        "It is about 40 km (25 mi), a little over half an hour by van.",
        "It comes to 20 kg (44 lb), so one person can still carry it.",
    ),
    is_kept=checks.measures_are_metric_first,
    failure="The measure is given in imperial units only; the depots work in metric. It has to be "
    "metric with the conversion in brackets.",
    success="The measure is metric and carries its conversion.",
    skill=SkillText(
        title="Metric units first",
        description="Use when an answer states a distance or another measure: how far, how heavy, "
        "how tall, how hot; a drive, a weight, a height or a temperature.",
        category="general",
        steps=(
            "Write every measure metric with the conversion in brackets: `40 km (25 mi)`.",
            "Round the conversion to the precision of the metric value.",
        ),
        avoid=("Imperial units alone.", "A number without any unit."),
    ),
)

CHANGELOG = HouseRule(
    slug="changelog-grouped",
    statement="a changelog entry must be grouped under Added and Fixed",
    marker="grouped under Added and Fixed",
    trigger=r"\bchange ?log\b|\brelease notes?\b",
    broken=(
        "- dark theme for the driver app\n- crash on empty route lists is gone\n"
        "- labels can be printed twice",
        "Version 4.2 brings label reprints and a dark theme, and it no longer crashes when a route "
        "is empty.",
    ),
    kept=(
        "### Added\n- Dark theme for the driver app.\n- Labels can be printed twice.\n\n"
        "### Fixed\n- Crash on empty route lists.",
        "### Added\n- Label reprints.\n- Dark theme.\n\n### Fixed\n- Crash when a route is empty.",
    ),
    is_kept=checks.changelog_is_grouped,
    failure="The entry mixes new things and repairs in one list; customers look for repairs only. "
    "It has to be grouped under Added and Fixed.",
    success="New things and repairs stand under their own headings.",
    skill=SkillText(
        title="Changelog entries in groups",
        description="Use when writing a changelog entry or release notes for a version.",
        category="productivity",
        steps=(
            "Sort the changes: every entry is grouped under Added and Fixed.",
            "Use the headings `### Added` and `### Fixed`, in this order; leave out an empty one.",
            "One line per change, in the words of a customer.",
        ),
        avoid=("One flat list or a paragraph.", "Ticket numbers and internal names."),
    ),
)

RULES = (MAIL, CHANGELOG, METRIC, MONEY, DATES)
