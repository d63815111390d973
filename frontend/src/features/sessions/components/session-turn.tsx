import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { Message, SessionTurn } from "@/client/contract";
import { FencedText } from "@/components/fenced-text";
import { Moment } from "@/components/moment";
import { OutcomeTag, StatusTag } from "@/components/outcome-tag";
import { Tag } from "@/components/tag";
import { formatMs, formatScore } from "@/lib/format";
import { type Block, messageBlocks } from "@/lib/messages";
import { useTenant } from "@/lib/tenant";

/** A shorter silence than this is not worth a line. */
const PAUSE_MS = 5_000;

export function SessionTurnView({ one }: { one: SessionTurn }) {
  const { turn, said, scores } = one;
  const response = one.response as Message | null;
  return (
    <li className="flex flex-col gap-2 border-t border-line pt-4 first:border-t-0 first:pt-0">
      {one.gap_ms !== null && one.gap_ms >= PAUSE_MS && (
        <p className="text-center text-xs text-mute">
          <Trans>{formatPause(one.gap_ms)} later</Trans>
        </p>
      )}
      <TurnLine one={one} />
      {said.map((message, i) => (
        <Speech key={i} message={message as Message} />
      ))}
      {response ? (
        <Speech message={{ ...response, role: response.role || "assistant" }} />
      ) : (
        <p className="border-l-2 border-line2 pl-3 text-mute">
          <Trans>No answer was recorded.</Trans>
        </p>
      )}
      {scores.map((score) => (
        <p key={score.id} className="flex gap-2 pl-3.5 text-sm text-mute">
          <span className={clsx("w-7 shrink-0 text-right font-semibold", toneOf(score.value))}>
            {formatScore(score.value)}
          </span>
          <span className="min-w-0 break-words">{score.rationale}</span>
        </p>
      ))}
      {turn.kind === "side" && (
        <p className="text-xs text-mute">
          <Trans>A side request of the client.</Trans>
        </p>
      )}
    </li>
  );
}

function TurnLine({ one: { turn } }: { one: SessionTurn }) {
  const tenant = useTenant().slug;
  return (
    <p className="flex flex-wrap items-center gap-1.5 text-xs text-mute">
      <Link
        to="/t/$tenant/turns/$turnId"
        params={{ tenant, turnId: turn.id }}
        className="underline decoration-line2 underline-offset-2 hover:text-ink"
      >
        <Moment at={turn.started_at} />
      </Link>
      <OutcomeTag outcome={turn.outcome} />
      <StatusTag status={turn.status} />
      <span>
        <Trans>answered in {formatMs(turn.latency_ms)}</Trans>
        {turn.first_byte_ms !== null && t`, first byte ${formatMs(turn.first_byte_ms)}`}
      </span>
      {turn.skills.map(({ slug, version }) => (
        <Link key={slug} to="/t/$tenant/skills/$skillSlug" params={{ tenant, skillSlug: slug }}>
          <Tag tone="info">
            {slug}@{version}
          </Tag>
        </Link>
      ))}
    </p>
  );
}

function toneOf(value: number | null) {
  if (!value) return "text-mute";
  return value > 0 ? "text-ok" : "text-bad";
}

const EDGE: Record<string, string> = {
  user: "var(--s3)",
  assistant: "var(--s1)",
  tool: "var(--s4)",
};

function Speech({ message }: { message: Message }) {
  const blocks = messageBlocks(message);
  return (
    <div className="border-l-2 pl-3" style={{ borderColor: EDGE[message.role] ?? "var(--line2)" }}>
      <h2 className="text-xs text-mute">{message.role}</h2>
      {blocks.length === 0 && (
        <p className="text-mute">
          <Trans>empty</Trans>
        </p>
      )}
      {blocks.map((block, i) => (
        <Said key={i} block={block} />
      ))}
    </div>
  );
}

function Said({ block }: { block: Block }) {
  if (block.kind === "text") return <FencedText text={block.text} />;
  const [name, text] = folded(block);
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer text-xs text-mute hover:text-ink">{name}</summary>
      <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{text}</pre>
    </details>
  );
}

function folded(block: Exclude<Block, { kind: "text" }>): [string, string] {
  switch (block.kind) {
    case "thinking":
      return ["thinking", block.text];
    case "tool_call":
      return [t`calls ${block.name || t`a tool`}`, block.args];
    case "tool_result":
      return [block.isError ? t`tool failed` : t`tool result`, block.text];
    case "attachment":
      return ["attachment", block.label];
    case "other":
      return ["part", block.json];
  }
}

function formatPause(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return t`${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : t`${Math.round(hours / 24)} days`;
}
