import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CornerDownRight, MessageSquareWarning } from "lucide-react";
import { useState } from "react";
import type { Evidence, ProposalDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { PaneHeader } from "@/components/page";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatCount, formatScore, shortId, words } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { REASONS } from "../review-words";
import { ChecksList } from "./checks-list";
import { Proof } from "./proof";
import { Section } from "./section";
import { SimilarSkills } from "./similar-skills";

const PAST: Record<ProposalDetail["reviews"][number]["decision"], string> = {
  approved: t`approved it`,
  rejected: t`rejected it`,
  edited: t`edited it`,
  quarantined: t`put it in quarantine`,
  released: t`brought it back`,
};

export function EvidencePane({ proposal }: { proposal: ProposalDetail }) {
  return (
    <>
      <PaneHeader className="hidden xl:flex">
        <h2 className="text-sm font-semibold">
          <Trans>Why this was proposed</Trans>
        </h2>
      </PaneHeader>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3.5">
        {proposal.reason && <p>{saidText(proposal.reason, proposal.reason_said)}</p>}
        <p className="text-mute">
          {proposal.evidence_count > 0 ? (
            <Trans>
              Written from{" "}
              {plural(proposal.evidence_count, {
                one: "# failing turn",
                other: "# failing turns",
              })}{" "}
              in {plural(proposal.session_count, { one: "# session", other: "# sessions" })} by{" "}
              <Author proposal={proposal} />
            </Trans>
          ) : (
            <Trans>
              By <Author proposal={proposal} />
            </Trans>
          )}{" "}
          {proposal.is_simulated && <SimulatedTag />}
        </p>
        {proposal.evidence.length > 0 && <EvidenceList items={proposal.evidence} />}
        <Section title={t`Proof`}>
          <Proof proposal={proposal} />
        </Section>
        <Section title={t`Checks`}>
          <ChecksList checks={proposal.checks} />
          {proposal.checked_at && (
            <p className="mt-1.5 text-xs text-mute">
              <Trans>
                Checked <Ago at={proposal.checked_at} />
              </Trans>
            </p>
          )}
        </Section>
        <SimilarSkills checks={proposal.checks} />
        <Section title={t`Facts`}>
          <dl className="grid grid-cols-[1fr_auto] gap-y-1 [&_dd]:text-right">
            <dt className="text-mute">
              <Trans>Prompt size</Trans>
            </dt>
            <dd>
              <Trans>{formatCount(proposal.tokens)} tokens</Trans>
            </dd>
            <dt className="text-mute">
              <Trans>Category</Trans>
            </dt>
            <dd>{words(proposal.category)}</dd>
            <dt className="text-mute">
              <Trans>Proposed</Trans>
            </dt>
            <dd>
              <Ago at={proposal.created_at} />
            </dd>
            <dt className="text-mute">
              <Trans>Text hash</Trans>
            </dt>
            <dd className="font-mono text-xs" title={proposal.sha256}>
              {proposal.sha256.slice(0, 12)}
            </dd>
          </dl>
        </Section>
        {proposal.reviews.length > 0 && (
          <Section title={t`History`}>
            <ul className="flex flex-col gap-1.5">
              {proposal.reviews.map((review) => (
                <li key={review.id}>
                  {review.reviewer} {PAST[review.decision]}{" "}
                  <span className="text-mute">
                    <Ago at={review.created_at} />
                    {review.reason && `, ${REASONS[review.reason]}`}
                  </span>
                  {review.comment && <p className="text-mute">“{review.comment}”</p>}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </>
  );
}

/** Who wrote it; of the evolver, the run it wrote it in. */
function Author({ proposal }: { proposal: ProposalDetail }) {
  const { slug } = useTenant();
  const name = <span className="font-mono text-xs text-ink">{proposal.author_model}</span>;
  if (!proposal.run) return name;
  return (
    <Link
      to="/t/$tenant/learning"
      params={{ tenant: slug }}
      search={{ run: proposal.run }}
      title={t`The run of the evolver that wrote it`}
      className="underline decoration-line2 underline-offset-2 hover:decoration-ink"
    >
      {name}
    </Link>
  );
}

/** So many say what goes wrong; with all of them, proof and checks would be far down. */
const FIRST = 3;

function EvidenceList({ items }: { items: Evidence[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const hidden = isWhole ? 0 : items.length - FIRST;
  return (
    <div>
      <ol className="ml-[3px] border-l border-line2">
        {(isWhole ? items : items.slice(0, FIRST)).map((item) => (
          <EvidenceItem key={item.turn_id} item={item} />
        ))}
      </ol>
      {hidden > 0 && (
        <Button className="mt-2 ml-[17px]" onClick={() => setIsWhole(true)}>
          <Trans>Show {hidden} more</Trans>
        </Button>
      )}
    </div>
  );
}

function EvidenceItem({ item }: { item: Evidence }) {
  const { slug } = useTenant();
  return (
    <li className="relative pb-3.5 pl-3.5 last:pb-0">
      <span aria-hidden className="absolute top-[7px] -left-[3.5px] size-1.5 rounded-full bg-bad" />
      <p className="flex items-center gap-2">
        <Link
          to="/t/$tenant/turns/$turnId"
          params={{ tenant: slug, turnId: item.turn_id }}
          className="mr-auto font-mono text-xs underline decoration-line2 underline-offset-2 hover:decoration-ink"
        >
          {shortId(item.turn_id)}
        </Link>
        <span className="text-bad">{formatScore(item.score)}</span>
      </p>
      <p className="line-clamp-4 break-words">“{item.user_text}”</p>
      <p className="mt-0.5 flex gap-1.5 text-xs text-mute">
        <CornerDownRight className="mt-0.5 size-3 shrink-0" aria-hidden />
        <span className="min-w-0 break-words">{item.rationale}</span>
      </p>
      {item.follow_up && (
        <p className="mt-0.5 flex gap-1.5 text-xs">
          <MessageSquareWarning className="mt-0.5 size-3 shrink-0 text-mute" aria-hidden />
          <span className="min-w-0 break-words">
            <Trans>Then the user said: “{item.follow_up}”</Trans>
          </span>
        </p>
      )}
      <details className="mt-0.5 text-xs">
        <summary className="w-fit cursor-pointer text-mute hover:text-ink">
          <Trans>Answer</Trans>
        </summary>
        <p className="mt-1 max-h-48 overflow-y-auto break-words whitespace-pre-wrap text-mute">
          {item.response_text || t`nothing`}
        </p>
      </details>
    </li>
  );
}
