import { t } from "@lingui/core/macro";
import { clsx } from "clsx";
import { Check, X } from "lucide-react";
import { formatMs } from "@/lib/format";

const STEPS = ["received", "authenticated", "skills", "first_byte", "recorded", "scored"] as const;
export type StepName = (typeof STEPS)[number];

const NAMES: Record<StepName, string> = {
  received: t`Received`,
  authenticated: t`Authenticated`,
  skills: t`Skills chosen`,
  first_byte: t`First byte`,
  recorded: t`Recorded`,
  scored: t`Scored`,
};

const TONE = {
  done: "border-ok bg-ok-soft text-ok",
  now: "live border-accent text-accent",
  failed: "border-bad bg-bad-soft text-bad",
  ahead: "border-line2",
};

type Props = {
  /** Milliseconds by step; null: reached, and not measured yet. */
  reached: Partial<Record<string, number | null>>;
  /** Nothing follows the last step that was reached. */
  isFailed?: boolean;
};

/** A request's way, each step as it happens. */
export function Steps({ reached, isFailed = false }: Props) {
  const next = STEPS.find((step) => !(step in reached));
  const stateOf = (step: StepName) => {
    if (step in reached) return "done" as const;
    if (step !== next) return "ahead" as const;
    return isFailed ? ("failed" as const) : ("now" as const);
  };
  return (
    <ol className="flex flex-col">
      {STEPS.map((step) => {
        const state = stateOf(step);
        const ms = reached[step];
        return (
          <li
            key={step}
            aria-current={state === "now" ? "step" : undefined}
            className={clsx("flex h-7 items-center gap-2.5", state === "ahead" && "text-mute")}
          >
            <span
              aria-hidden
              className={clsx("grid size-4 place-items-center rounded-full border", TONE[state])}
            >
              {state === "done" && <Check className="size-2.5" />}
              {state === "failed" && <X className="size-2.5" />}
            </span>
            <span className={clsx(state === "failed" && "text-bad")}>{NAMES[step]}</span>
            {state === "failed" && <span className="sr-only">{t`failed`}</span>}
            <span className="ml-auto text-mute">
              {state === "done" && ms !== null && ms !== undefined && msText(step, ms)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const msText = (step: StepName, ms: number) => (step === "received" ? t`0 ms` : formatMs(ms));
