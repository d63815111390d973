import { Link } from "@tanstack/react-router";
import { CornerDownRight, MessageSquareWarning } from "lucide-react";
import { useState } from "react";
import type { Evidence, ProposalDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { PaneHeader } from "@/components/page";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatCount, formatScore, plural, shortId, words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { ChecksList } from "./checks-list";
import { Proof } from "./proof";
import { Section } from "./section";
import { SimilarSkills } from "./similar-skills";

const PAST: Record<ProposalDetail["reviews"][number]["decision"], string> = {
  approved: "approved it",
  rejected: "rejected it",
  edited: "edited it",
  quarantined: "put it in quarantine",
  released: "brought it back",
};

export function EvidencePane({ proposal }: { proposal: ProposalDetail }) {
  return (
    <>
      <PaneHeader className="hidden xl:flex">
        <h2 className="text-sm font-semibold">Why this was proposed</h2>
      </PaneHeader>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3.5">
        {proposal.reason && <p>{proposal.reason}</p>}
        <p className="text-mute">
          {proposal.evidence_count > 0 && (
            <>
              Written from {plural(proposal.evidence_count, "failing turn")} in{" "}
              {plural(proposal.session_count, "session")}{" "}
            </>
          )}
          {proposal.evidence_count > 0 ? "by" : "By"}{" "}
          <span className="font-mono text-xs text-ink">{proposal.author_model}</span>{" "}
          {proposal.is_simulated && <SimulatedTag />}
        </p>
        {proposal.evidence.length > 0 && <EvidenceList items={proposal.evidence} />}
        <Section title="Proof">
          <Proof proposal={proposal} />
        </Section>
        <Section title="Checks">
          <ChecksList checks={proposal.checks} />
          {proposal.checked_at && (
            <p className="mt-1.5 text-xs text-mute">
              Checked <Ago at={proposal.checked_at} />
            </p>
          )}
        </Section>
        <SimilarSkills checks={proposal.checks} />
        <Section title="Facts">
          <dl className="grid grid-cols-[1fr_auto] gap-y-1 [&_dd]:text-right">
            <dt className="text-mute">Prompt size</dt>
            <dd>{formatCount(proposal.tokens)} tokens</dd>
            <dt className="text-mute">Category</dt>
            <dd>{words(proposal.category)}</dd>
            <dt className="text-mute">Proposed</dt>
            <dd>
              <Ago at={proposal.created_at} />
            </dd>
            <dt className="text-mute">Text hash</dt>
            <dd className="font-mono text-xs" title={proposal.sha256}>
              {proposal.sha256.slice(0, 12)}
            </dd>
          </dl>
        </Section>
        {proposal.reviews.length > 0 && (
          <Section title="History">
            <ul className="flex flex-col gap-1.5">
              {proposal.reviews.map((review) => (
                <li key={review.id}>
                  {review.reviewer} {PAST[review.decision]}{" "}
                  <span className="text-mute">
                    <Ago at={review.created_at} />
                    {review.reason && `, ${words(review.reason)}`}
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
          Show {hidden} more
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
          <span className="min-w-0 break-words">Then the user said: “{item.follow_up}”</span>
        </p>
      )}
      <details className="mt-0.5 text-xs">
        <summary className="w-fit cursor-pointer text-mute hover:text-ink">Answer</summary>
        <p className="mt-1 max-h-48 overflow-y-auto break-words whitespace-pre-wrap text-mute">
          {item.response_text || "nothing"}
        </p>
      </details>
    </li>
  );
}
