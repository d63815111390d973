import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Replay, ReplayComparison } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { IntervalLine, signed } from "@/components/interval";
import { ReplayProgress, ReplayStanding } from "@/components/replay-standing";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatCount, shortId } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { comparisonOf } from "@/lib/replays";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";

/** Votes are from −1 to 1, so two apart at most. */
const FARTHEST = 2;

const NONE = <span className="text-mute">–</span>;

const COLUMNS: Column<Replay>[] = [
  { id: "about", header: t`Text`, cell: (replay) => <About replay={replay} /> },
  { id: "standing", header: t`Outcome`, cell: (replay) => <Standing replay={replay} /> },
  {
    id: "turns",
    header: <span title={t`Turns that did better, the same and worse with it`}>+ / = / −</span>,
    isNumeric: true,
    cell: (replay) => {
      const found = comparisonOf(replay);
      return found ? `${found.wins} / ${found.ties} / ${found.losses}` : NONE;
    },
  },
  {
    id: "lift",
    header: t`Lift in votes`,
    cell: (replay) => {
      const found = comparisonOf(replay);
      return found ? <Lift found={found} /> : NONE;
    },
  },
  {
    id: "tokens",
    header: t`Tokens a turn`,
    isNumeric: true,
    cell: ({ result }) => (result ? signed(Math.round(result.extra_tokens)) : NONE),
  },
  {
    id: "money",
    header: t`Money a turn`,
    isNumeric: true,
    hiddenBelow: "xl",
    cell: ({ result }) => (result ? moneyMore(result.extra_micros) : NONE),
  },
  {
    id: "spent",
    header: t`It took`,
    isNumeric: true,
    hiddenBelow: "2xl",
    cell: (replay) => (
      <>
        <Trans>{formatCount(replay.tokens_used)} tokens</Trans>
        {replay.cost_micros ? `, ${formatMoney(replay.cost_micros)}` : ""}
      </>
    ),
  },
  {
    id: "started",
    header: t`Started`,
    isNumeric: true,
    cell: (replay) => <Started replay={replay} />,
  },
];

export function ReplayTable({ replays }: { replays: Replay[] }) {
  return (
    <DataTable label={t`Replays`} rows={replays} columns={COLUMNS} rowId={(replay) => replay.id} />
  );
}

/** The way to its turns, which has an address of its own. */
function Started({ replay }: { replay: Replay }) {
  const { slug } = useTenant();
  return (
    <Link
      from="/t/$tenant/experiments"
      to="."
      params={{ tenant: slug }}
      search={(kept) => ({ ...kept, tab: "replays", replay: replay.id })}
      title={t`by ${replay.started_by}`}
      className="text-xs text-mute underline underline-offset-2 hover:text-ink"
    >
      <Ago at={replay.created_at} />
      <span className="sr-only">
        <Trans>: show its turns</Trans>
      </span>
    </Link>
  );
}

/** The text that was tried, and the way to what it was tried for. */
function About({ replay }: { replay: Replay }) {
  const { slug } = useTenant();
  const look = "truncate font-medium hover:underline";
  return (
    <div className="w-[min(24ch,50vw)] min-w-0">
      {replay.proposal_id ? (
        <>
          <Link
            to="/t/$tenant/review/$proposalId"
            params={{ tenant: slug, proposalId: replay.proposal_id }}
            className={`block ${look}`}
          >
            {replay.slug}
          </Link>
          <span className="text-xs text-mute">
            <Trans>a proposal</Trans>
          </span>
        </>
      ) : (
        <>
          <Link
            to="/t/$tenant/skills/$skillSlug"
            params={{ tenant: slug, skillSlug: replay.slug }}
            className={`block ${look}`}
          >
            {replay.slug}@{replay.version}
          </Link>
          {replay.turn_id && (
            <Link
              to="/t/$tenant/turns/$turnId"
              params={{ tenant: slug, turnId: replay.turn_id }}
              className="text-xs text-mute hover:underline"
            >
              <Trans>
                on turn <span className="font-mono">{shortId(replay.turn_id)}</span>
              </Trans>
            </Link>
          )}
        </>
      )}
    </div>
  );
}

function Standing({ replay }: { replay: Replay }) {
  return (
    <div className="flex flex-col gap-1">
      <span
        className="flex flex-wrap items-center gap-x-2"
        title={saidText(replay.reason, replay.reason_said) || undefined}
      >
        <ReplayStanding replay={replay} />
        {replay.is_simulated && <SimulatedTag />}
      </span>
      <ReplayProgress replay={replay} />
      {replay.reason && (
        <span className="text-xs text-mute">{saidText(replay.reason, replay.reason_said)}</span>
      )}
    </div>
  );
}

function Lift({ found }: { found: ReplayComparison }) {
  return (
    <div className="w-36">
      <p className="flex justify-between text-xs tabular-nums">
        <span>{signed(found.lift)}</span>
        {found.pairs > 1 && (
          <span className="text-mute" title={t`95 % interval`}>
            <Trans>
              {signed(found.low)} to {signed(found.high)}
            </Trans>
          </span>
        )}
      </p>
      <IntervalLine value={found.lift} low={found.low} high={found.high} reach={FARTHEST} />
    </div>
  );
}

function moneyMore(micros: number | null | undefined) {
  if (micros === null || micros === undefined) {
    return (
      <span className="text-mute" title={t`The price of a model is not known.`}>
        –
      </span>
    );
  }
  if (micros === 0) return formatMoney(0);
  return `${micros > 0 ? "+" : "−"}${formatMoney(Math.abs(micros))}`;
}
