import { t } from "@lingui/core/macro";
import { clsx } from "clsx";
import type { TimelineStep, TimelineStepName } from "@/client/contract";
import { formatMs } from "@/lib/format";

const NAMES: Record<TimelineStepName, string> = {
  received: t`Received`,
  authenticated: t`Authenticated`,
  skills: t`Skills chosen`,
  forwarded: t`Forwarded`,
  first_byte: t`First byte`,
  finished: t`Finished`,
  recorded: t`Recorded`,
  scored: t`Scored`,
};

/** Steps that happen after the answer has left; the client never waits for them. */
const AFTERWARDS: TimelineStepName[] = ["recorded", "scored"];

const COLORS: Partial<Record<TimelineStepName, string>> = {
  authenticated: "var(--s4)",
  skills: "var(--s3)",
  forwarded: "var(--s3)",
  first_byte: "var(--s2)",
  finished: "var(--s1)",
};

/** The request as one bar, each stretch as wide as it took. */
export function TimelineBar({ steps }: { steps: TimelineStep[] }) {
  const inside = steps.filter(({ step }) => !AFTERWARDS.includes(step));
  const total = Math.max(1, inside.at(-1)?.ms ?? 0);
  return (
    <div className="flex h-2 gap-px overflow-hidden rounded-sm bg-sunk" aria-hidden>
      {inside.slice(1).map((step, i) => {
        const width = ((step.ms - (inside[i]?.ms ?? 0)) / total) * 100;
        return (
          <span
            key={step.step}
            style={{ width: `${Math.max(width, 0.6)}%`, background: COLORS[step.step] }}
          />
        );
      })}
    </div>
  );
}

/** Every step with the milliseconds since the request came in. */
export function TimelineList({ steps }: { steps: TimelineStep[] }) {
  return (
    <ol className="flex flex-col">
      {steps.map(({ step, ms, at }, i) => (
        // A turn may be scored more than once.
        <li key={i} className="flex h-6 items-center gap-2.5 text-sm">
          <span
            aria-hidden
            className={clsx("size-2 rounded-full", !COLORS[step] && "border border-line2 bg-sunk")}
            style={{ background: COLORS[step] }}
          />
          <span className={AFTERWARDS.includes(step) ? "text-mute" : undefined}>{NAMES[step]}</span>
          <time dateTime={at} className="ml-auto text-mute">
            {step === "received" ? t`0 ms` : formatMs(ms)}
          </time>
        </li>
      ))}
    </ol>
  );
}
