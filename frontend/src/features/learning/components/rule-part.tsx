import { t } from "@lingui/core/macro";
import { Field, Input } from "@/components/field";
import type { Rules } from "../api/learning";

type Name =
  | "min_sessions"
  | "every_turns"
  | "success_below"
  | "success_window"
  | "daily_runs"
  | "daily_tokens"
  | "daily_micros"
  | "ledger_outcomes"
  | "ledger_success_below"
  | "ledger_lift_below"
  | "ledger_unused_days";

type Rule = {
  name: Name;
  label: string;
  hint?: string;
  least: number;
  most: number;
  isNeeded?: boolean;
  /** How many of what is kept make one of what is typed. */
  per?: number;
};

type Part = { title: string; note: string; rules: Rule[] };

export const LEARNING: Part[] = [
  {
    title: t`When`,
    note: t`An empty field takes no part.`,
    rules: [
      {
        name: "min_sessions",
        label: t`Different sessions before proposing`,
        hint: t`So many have to show the same failure.`,
        least: 1,
        most: 10,
        isNeeded: true,
      },
      { name: "every_turns", label: t`After every so many main turns`, least: 1, most: 100_000 },
      { name: "success_below", label: t`When success falls below, percent`, least: 1, most: 100 },
      {
        name: "success_window",
        label: t`Of the latest scored turns`,
        least: 5,
        most: 500,
        isNeeded: true,
      },
    ],
  },
  {
    title: t`How much`,
    note: t`An empty field is no limit.`,
    rules: [
      { name: "daily_runs", label: t`Runs a day`, least: 0, most: 1_000_000 },
      { name: "daily_tokens", label: t`Tokens a day`, least: 0, most: 1_000_000_000_000 },
      {
        name: "daily_micros",
        label: t`Dollars a day`,
        hint: t`Holds for models with a price.`,
        least: 0,
        most: 1_000_000_000,
        per: 1_000_000,
      },
    ],
  },
];

export const RETIRING: Part = {
  title: t`When to propose that a skill retires`,
  note: t`An empty field takes no part.`,
  rules: [
    {
      name: "ledger_success_below",
      label: t`Success with it below, percent`,
      hint: t`At best, with the doubt in its favour.`,
      least: 1,
      most: 100,
    },
    {
      name: "ledger_lift_below",
      label: t`Or lift below, percentage points`,
      hint: t`Where a canary or a replay says so.`,
      least: -100,
      most: 100,
    },
    {
      name: "ledger_outcomes",
      label: t`After so many turns with it`,
      hint: t`Fewer say too little.`,
      least: 1,
      most: 1_000_000,
      isNeeded: true,
    },
    { name: "ledger_unused_days", label: t`Or unused for so many days`, least: 1, most: 3650 },
  ],
};

type Props = {
  part: Part;
  rules: Rules;
  errors: Record<string, string[]>;
  onChange: (change: Partial<Rules>) => void;
};

/** Rules that belong together, each a number beside its name. */
export function RulePart({ part, rules, errors, onChange }: Props) {
  return (
    <fieldset className="border-t border-line pt-3">
      <legend className="sr-only">{part.title}</legend>
      <p aria-hidden className="text-sm font-semibold">
        {part.title}
      </p>
      <p className="mb-2 text-xs text-mute">{part.note}</p>
      <div className="flex flex-col gap-2">
        {part.rules.map((rule) => (
          <Field
            key={rule.name}
            isBeside
            label={rule.label}
            hint={rule.hint}
            errors={errors[rule.name]}
          >
            {(control) => (
              <Input
                {...control}
                type="number"
                required={rule.isNeeded}
                min={rule.least}
                max={rule.most}
                step={rule.per ? "any" : 1}
                className="text-right"
                value={shown(rules[rule.name], rule.per)}
                onChange={({ target }) =>
                  onChange({
                    [rule.name]: target.value === "" ? null : kept(target.valueAsNumber, rule.per),
                  })
                }
              />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

const shown = (value: number | null, per = 1) => (value === null ? "" : value / per);
const kept = (typed: number, per = 1) => (per === 1 ? typed : Math.round(typed * per));
