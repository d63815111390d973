import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { memo, type ReactNode } from "react";
import type { Turn } from "@/client/contract";
import { Excerpt } from "@/components/excerpt";
import { Moment } from "@/components/moment";
import { OutcomeTag, StatusTag } from "@/components/outcome-tag";
import { RewardBar } from "@/components/reward-bar";
import { formatCount, formatMs, shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import type { FoundTurn } from "../api/turns";

const MEDIUM = "hidden @2xl:block";
const WIDE = "hidden @4xl:block";
const WIDEST = "hidden @5xl:block";

/** Columns come in as the table gets wider; the table's own width decides, not the window's. */
const PLAIN = {
  grid: "grid items-center gap-x-3 px-3.5 grid-cols-[38px_minmax(0,1fr)_max-content] @2xl:grid-cols-[100px_104px_minmax(0,1fr)_58px_62px_72px_92px] @4xl:grid-cols-[100px_104px_100px_minmax(0,1fr)_58px_62px_72px_92px] @5xl:grid-cols-[100px_104px_100px_158px_minmax(0,1fr)_120px_58px_62px_72px_92px]",
  turn: MEDIUM,
  agent: WIDE,
  model: WIDEST,
  skills: WIDEST,
  numbers: MEDIUM,
};

/** Where words were looked for, what was found of them takes the room. */
const FOUND: typeof PLAIN = {
  grid: "grid items-center gap-x-3 px-3.5 grid-cols-[38px_minmax(0,1fr)_max-content] @2xl:grid-cols-[100px_minmax(0,1fr)_72px_92px] @5xl:grid-cols-[100px_104px_100px_minmax(0,1fr)_58px_62px_72px_92px]",
  turn: WIDEST,
  agent: WIDEST,
  model: "hidden",
  skills: "hidden",
  numbers: WIDEST,
};

export type Layout = typeof PLAIN;
export const layoutOf = (isFound: boolean): Layout => (isFound ? FOUND : PLAIN);

export function columnsOf(layout: Layout) {
  return [
    { id: "time", name: t`Time`, className: "" },
    { id: "turn", name: t`Turn`, className: layout.turn },
    { id: "agent", name: t`Agent`, className: layout.agent },
    { id: "model", name: t`Model`, className: layout.model },
    { id: "text", name: layout === FOUND ? t`Found` : t`Last message`, className: "" },
    { id: "skills", name: t`Skills`, className: layout.skills },
    { id: "tokens", name: t`Tokens`, className: `${layout.numbers} text-right` },
    { id: "latency", name: t`Latency`, className: `${layout.numbers} text-right` },
    { id: "reward", name: t`Reward`, className: `${MEDIUM} text-right` },
    { id: "outcome", name: t`Outcome`, className: "" },
  ];
}

type Props = {
  turn: FoundTurn;
  layout: Layout;
  top: number;
  index: number;
  isCurrent: boolean;
  onPeek: (id: string) => void;
};

export const TurnRow = memo(function TurnRow({
  turn,
  layout,
  top,
  index,
  isCurrent,
  onPeek,
}: Props) {
  const { slug } = useTenant();
  const link = {
    to: "/t/$tenant/turns/$turnId",
    params: { tenant: slug, turnId: turn.id },
  } as const;
  return (
    // The link in the row does the same for the keyboard, and so do J, K and Enter.
    <div
      role="row"
      aria-rowindex={index}
      aria-current={isCurrent || undefined}
      data-turn={turn.id}
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest("a"))) onPeek(turn.id);
      }}
      style={{ transform: `translateY(${top}px)` }}
      className={clsx(
        layout.grid,
        "absolute inset-x-0 top-0 h-[34px] cursor-pointer border-b border-line",
        isCurrent ? "bg-line/50 shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-bg",
      )}
    >
      <Cell>
        <Moment at={turn.started_at} look="hour" isStop={false} className="@2xl:hidden" />
        <Moment at={turn.started_at} isStop={false} className="hidden @2xl:inline" />
      </Cell>
      <Cell className={layout.turn}>
        <Link {...link} className="font-mono text-xs hover:underline">
          {shortId(turn.id)}
        </Link>
      </Cell>
      <Cell className={layout.agent}>{turn.agent || "–"}</Cell>
      <Cell className={layout.model}>
        <span className="font-mono text-xs">{turn.served_model || turn.model}</span>
      </Cell>
      <Cell>{textOf(turn)}</Cell>
      <Cell className={layout.skills}>
        <span className="font-mono text-xs">{skillNames(turn)}</span>
      </Cell>
      <Cell className={`${layout.numbers} text-right`}>{formatCount(tokensOf(turn))}</Cell>
      <Cell className={`${layout.numbers} text-right`}>{formatMs(turn.latency_ms)}</Cell>
      <Cell className={`${MEDIUM} text-right`}>
        <RewardBar score={turn.score} />
      </Cell>
      <Cell>
        {turn.status === "complete" ? (
          <OutcomeTag outcome={turn.outcome} />
        ) : (
          <StatusTag status={turn.status} />
        )}
      </Cell>
    </div>
  );
});

function Cell({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span role="cell" className={clsx("truncate", className)}>
      {children}
    </span>
  );
}

function textOf({ excerpt, preview, isByMeaning }: FoundTurn): ReactNode {
  const isFound = excerpt.some(({ text }) => text.trim());
  if (!isFound)
    return (
      preview || (
        <span className="text-mute">
          <Trans>no text</Trans>
        </span>
      )
    );
  return (
    <>
      {isByMeaning && (
        <span className="mr-2 text-xs text-mute">
          <Trans>by meaning</Trans>
        </span>
      )}
      <Excerpt parts={excerpt} />
    </>
  );
}

function tokensOf({ input_tokens, output_tokens }: Turn): number | null {
  if (input_tokens === null && output_tokens === null) return null;
  return (input_tokens ?? 0) + (output_tokens ?? 0);
}

function skillNames({ skills }: Turn): string {
  const [first, ...rest] = skills;
  if (!first) return "–";
  return rest.length > 0 ? `${first.slug} +${rest.length}` : first.slug;
}
