import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ProposalImport } from "@/client/contract";
import type { Tone } from "@/components/tag";
import { useTenant } from "@/lib/tenant";
import { ImportGroup } from "./import-group";

type Text = ProposalImport["texts"][number];
type Outcome = Text["outcome"];

const GROUPS: { outcome: Outcome; what: string; tone: Tone; note: string }[] = [
  { outcome: "proposed", what: t`to review`, tone: "ok", note: t`on the Review page` },
  {
    outcome: "waiting",
    what: t`left out`,
    tone: "warn",
    note: t`another text about the skill waits for review; decide that one first`,
  },
  { outcome: "known", what: t`known`, tone: "quiet", note: t`proposed before, word for word` },
  { outcome: "unchanged", what: t`unchanged`, tone: "quiet", note: t`live already` },
];

/** What would be proposed of a file, and what stays outside. */
export function ProposalsPreview({ preview: { texts } }: { preview: ProposalImport }) {
  if (texts.length === 0)
    return (
      <p>
        <Trans>There is no skill in this file.</Trans>
      </p>
    );
  return GROUPS.map(({ outcome, ...group }) => {
    const these = texts.filter((text) => text.outcome === outcome);
    return (
      <ImportGroup key={outcome} count={these.length} {...group}>
        {these.map((text) => (
          <Named key={text.file} text={text} />
        ))}
      </ImportGroup>
    );
  });
}

function Named({ text: { slug, proposal_id } }: { text: Text }) {
  const { slug: tenant } = useTenant();
  if (!proposal_id) return <li className="truncate">{slug}</li>;
  return (
    <li className="truncate">
      <Link
        to="/t/$tenant/review/$proposalId"
        params={{ tenant, proposalId: proposal_id }}
        className="underline"
      >
        {slug}
      </Link>
    </li>
  );
}

const countOf = ({ texts }: ProposalImport, wanted: Outcome) =>
  texts.filter(({ outcome }) => outcome === wanted).length;

export function proposalsButton(preview: ProposalImport) {
  const count = countOf(preview, "proposed");
  return count > 0
    ? { text: t`Propose ${plural(count, { one: "# skill", other: "# skills" })}`, isUseful: true }
    : { text: t`Nothing to propose`, isUseful: false };
}

export function proposalsSummary(result: ProposalImport): string {
  const count = countOf(result, "proposed");
  return count === 1
    ? t`1 skill waits for review`
    : t`${plural(count, { one: "# skill", other: "# skills" })} wait for review`;
}
