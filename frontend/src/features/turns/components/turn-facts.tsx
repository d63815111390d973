import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TurnDetail } from "@/client/contract";
import { Tag } from "@/components/tag";
import { TimelineBar, TimelineList } from "@/components/timeline";
import { errorText } from "@/lib/api";
import { formatCount, formatMs, shortId } from "@/lib/format";
import { knownBy } from "@/lib/session-source";
import { useTenant } from "@/lib/tenant";
import { useProposalsOfTurn } from "../api/proposals";
import { triedText } from "../turn-words";
import { ProposalLinks } from "./proposal-links";

export function TurnFacts({ turn }: { turn: TurnDetail }) {
  const tenant = useTenant().slug;
  return (
    <section aria-label={t`Facts`} className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <TimelineBar steps={turn.timeline} />
        <TimelineList steps={turn.timeline} />
      </div>
      <dl className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
        <Fact name={t`Session`}>
          <Link
            to="/t/$tenant/sessions/$sessionId"
            params={{ tenant, sessionId: turn.session_id }}
            className="font-mono text-xs underline decoration-line2 underline-offset-2 hover:decoration-ink"
          >
            {shortId(turn.session_id)}
          </Link>{" "}
          <span className="text-xs text-mute">{knownBy(turn.session_source)}</span>
        </Fact>
        <Fact name={t`Agent`}>{turn.agent || "–"}</Fact>
        <Fact name={t`Model`}>
          <span className="font-mono text-xs break-words">
            {turn.model}
            {turn.served_model && turn.served_model !== turn.model && ` → ${turn.served_model}`}
          </span>
        </Fact>
        <Fact name={t`Upstream`}>
          {turn.upstream || "–"}
          {turn.tried.map(({ upstream, outcome, ms }) => (
            <span key={upstream} className="block text-xs text-mute">
              <Trans>
                after {upstream}: {triedText(outcome)} ({formatMs(ms)})
              </Trans>
            </span>
          ))}
        </Fact>
        <Fact name={t`Spoken`}>
          {turn.dialect}
          {turn.provider_dialect !== turn.dialect && ` → ${turn.provider_dialect}`},{" "}
          {turn.is_stream ? t`streamed` : t`in one piece`}
        </Fact>
        {Object.keys(turn.tags).length > 0 && (
          <Fact name={t`Tags`}>
            <span className="flex flex-wrap gap-1.5">
              {Object.entries(turn.tags).map(([name, value]) => (
                <Tag key={name}>
                  {name}: {value}
                </Tag>
              ))}
            </span>
          </Fact>
        )}
        <Fact name={t`Tokens`}>
          <Trans>{formatCount(turn.input_tokens)} in</Trans>
          {turn.cache_read_tokens ? t` (${formatCount(turn.cache_read_tokens)} cached)` : ""}
          <Trans>, {formatCount(turn.output_tokens)} out</Trans>
          {turn.usage_is_estimated && t`, estimated`}
        </Fact>
        <Fact name={t`Latency`}>
          {formatMs(turn.latency_ms)}
          {turn.first_byte_ms !== null && t`, first byte ${formatMs(turn.first_byte_ms)}`}
        </Fact>
        {turn.finish_reason && (
          <Fact name={t`Ended by`}>
            <span className="font-mono text-xs">{turn.finish_reason}</span>
          </Fact>
        )}
        <Fact name={t`Key`}>{turn.key_name || "–"}</Fact>
        {turn.tools.length > 0 && (
          <Fact name={t`Tools`}>
            <span className="font-mono text-xs break-words">{turn.tools.join(", ")}</span>
          </Fact>
        )}
        <Fact name={t`Skills`}>
          <SkillLinks turn={turn} />
        </Fact>
        <LedTo turn={turn} />
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-mute">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** Most turns lead to nothing; the line is there only when there is something to say. */
function LedTo({ turn }: { turn: TurnDetail }) {
  const proposals = useProposalsOfTurn(useTenant().slug, turn.id);
  if (proposals.data?.length) {
    return (
      <Fact name={t`Led to`}>
        <ProposalLinks proposals={proposals.data} />
      </Fact>
    );
  }
  if (!proposals.isError) return null;
  return (
    <Fact name={t`Led to`}>
      <span className="text-bad">{errorText(proposals.error)}</span>
    </Fact>
  );
}

function SkillLinks({ turn }: { turn: TurnDetail }) {
  const tenant = useTenant().slug;
  if (turn.skills.length === 0)
    return (
      <span className="text-mute">
        <Trans>none fitted</Trans>
      </span>
    );
  return (
    <ul className="flex flex-wrap gap-1.5">
      {turn.skills.map(({ slug, version }) => (
        <li key={slug}>
          <Link to="/t/$tenant/skills/$skillSlug" params={{ tenant, skillSlug: slug }}>
            <Tag tone="info">
              {slug}@{version}
            </Tag>
          </Link>
        </li>
      ))}
    </ul>
  );
}
