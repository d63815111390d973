import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { CheckpointTrial, Gate, GateResult } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Interval } from "@/components/interval";
import { SimulatedTag } from "@/components/simulated-tag";
import { Tag } from "@/components/tag";
import { formatFigure } from "@/lib/format";
import { saidText } from "@/lib/said";
import { gateCheckName } from "@/lib/said-names";
import { GATE_STAGE, GATE_STATUS, TRIAL_STATUS } from "../checkpoint-words";
import { Bar } from "./bar";

type GateProps = { gate: Gate; step: number; said: string };

/** How a checkpoint did in a gate, against what served then. What was `said` already is not said again. */
export function GateView({ gate, step, said }: GateProps) {
  const { name, tone } = GATE_STATUS[gate.status];
  return (
    <section
      className="flex flex-col gap-2"
      aria-label={t`Gate of step ${step}: ${GATE_STAGE[gate.stage]}`}
    >
      <p className="flex flex-wrap items-center gap-2 text-xs">
        <span className="font-medium">{GATE_STAGE[gate.stage]}</span>
        <Tag tone={tone}>{name}</Tag>
        {gate.by_hand && (
          <Tag>
            <Trans>by hand</Trans>
          </Tag>
        )}
        {gate.is_simulated && <SimulatedTag title={t`Judged by the built-in practice model`} />}
        <span className="ml-auto text-mute">
          <Ago at={gate.ended_at ?? gate.created_at} />
        </span>
      </p>
      {gate.status === "running" && (
        <Bar
          label={t`Prompts tried`}
          text={t`${gate.done_count} of ${plural(gate.case_count, { one: "# prompt", other: "# prompts" })}`}
          part={gate.done_count}
          whole={gate.case_count}
        />
      )}
      {gate.note && !said.includes(gate.note) && (
        <p className="text-xs text-mute">{saidText(gate.note, gate.note_said)}</p>
      )}
      {gate.result && <Result result={gate.result} margin={gate.margin} />}
    </section>
  );
}

function Result({ result, margin }: { result: GateResult; margin: number }) {
  const { pairs, wins, ties, losses, difference, low, high, skipped, checks } = result;
  return (
    <>
      {difference !== undefined && low !== undefined && high !== undefined && (
        <Interval
          label={t`Reward, less what serves`}
          value={difference}
          low={low}
          high={high}
          margin={margin}
        />
      )}
      {pairs !== undefined && (
        <p className="text-xs text-mute">
          <Trans>
            {plural(pairs, { one: "# prompt", other: "# prompts" })}: {wins} better, {ties} the
            same, {losses} worse
          </Trans>
          {skipped > 0 && t`; ${skipped} could not be compared`}
          <Trans>. The dashed line is the most it may be worse by.</Trans>
        </p>
      )}
      {checks && checks.length > 0 && (
        <ul aria-label={t`Checks`} className="flex flex-col gap-0.5 text-xs">
          {checks.map((check) => (
            <li key={check.code} className="flex items-baseline gap-2">
              <span className={check.is_broken ? "text-bad" : "text-ok"}>
                {check.is_broken ? "✗" : "✓"}
                <span className="sr-only"> {check.is_broken ? t`broken` : t`kept`}</span>
              </span>
              <span className="mr-auto">{gateCheckName(check.code, check.title)}</span>
              <span className="whitespace-nowrap text-mute tabular-nums">
                <Trans>
                  {formatFigure(check.candidate)}, was {formatFigure(check.baseline)}, limit{" "}
                  {formatFigure(check.limit)}
                </Trans>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** How a checkpoint does on live sessions. */
export function TrialView({ trial, step }: { trial: CheckpointTrial; step: number }) {
  const { kind, result, share } = trial;
  const percent = Math.round(100 * share);
  return (
    <section className="flex flex-col gap-2" aria-label={t`Step ${step} on live sessions`}>
      <p className="flex flex-wrap items-center gap-2 text-xs">
        <span className="font-medium">
          {kind === "watch"
            ? t`All sessions, against those before`
            : t`${percent} % of the sessions`}
        </span>
        <Tag tone={trial.ended_at ? "quiet" : "accent"}>{TRIAL_STATUS[trial.status]}</Tag>
        <span className="ml-auto text-mute">
          <Ago at={trial.ended_at ?? trial.created_at} />
        </span>
      </p>
      {trial.note && <p className="text-xs text-mute">{saidText(trial.note, trial.note_said)}</p>}
      {result ? (
        <>
          <Interval
            label={t`Success, less the others`}
            value={result.reward.difference}
            low={result.reward.low}
            high={result.reward.high}
          />
          <p className="text-xs text-mute">
            <Trans>
              {plural(result.candidate_sessions, { one: "# session", other: "# sessions" })} with
              it, {plural(result.baseline_sessions, { one: "# session", other: "# sessions" })}{" "}
              without. The bounds hold at every moment.
            </Trans>
          </p>
        </>
      ) : (
        <p className="text-xs text-mute">
          <Trans>No session of both kinds was judged yet.</Trans>
        </p>
      )}
    </section>
  );
}
