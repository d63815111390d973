import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { LearningPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Checkbox, Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { type Rules, useLearningActions } from "../api/learning";

type NumberName =
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

const NUMBERS: { name: NumberName; label: string; hint: string; least: number; most: number }[] = [
  {
    name: "min_sessions",
    label: "Different sessions before proposing",
    hint: "So many have to show the same failure.",
    least: 1,
    most: 10,
  },
  {
    name: "every_turns",
    label: "After every so many main turns",
    hint: "Empty: not by counting.",
    least: 1,
    most: 100_000,
  },
  {
    name: "success_below",
    label: "When success falls below, in percent",
    hint: "Empty: not by the success rate.",
    least: 1,
    most: 100,
  },
  {
    name: "success_window",
    label: "Of the latest scored turns",
    hint: "So many are looked at for the rate.",
    least: 5,
    most: 500,
  },
  { name: "daily_runs", label: "Runs a day", hint: "Empty: no limit.", least: 0, most: 1_000_000 },
  {
    name: "daily_tokens",
    label: "Tokens a day",
    hint: "Empty: no limit.",
    least: 0,
    most: 1_000_000_000_000,
  },
  {
    name: "daily_micros",
    label: "Money a day, in millionths of a dollar",
    hint: "Empty: no limit. Holds for models with a price.",
    least: 0,
    most: 1_000_000_000_000_000,
  },
  {
    name: "ledger_success_below",
    label: "Propose to retire below so much success, in percent",
    hint: "A skill that at best does worse. Empty: not for that.",
    least: 1,
    most: 100,
  },
  {
    name: "ledger_lift_below",
    label: "Or without so much lift, in percentage points",
    hint: "Where a canary or a replay says so. Empty: not for that.",
    least: -100,
    most: 100,
  },
  {
    name: "ledger_outcomes",
    label: "After so many turns with it",
    hint: "Fewer say too little.",
    least: 1,
    most: 1_000_000,
  },
  {
    name: "ledger_unused_days",
    label: "Or unused for so many days",
    hint: "Empty: not for that.",
    least: 1,
    most: 3650,
  },
];
const NEEDED = new Set<NumberName>(["min_sessions", "success_window", "ledger_outcomes"]);

type Props = { policy: LearningPolicy; isDisabled: boolean };

export function PolicyForm({ policy, isDisabled }: Props) {
  const { slug } = useTenant();
  const { state: _, today, held_at, held_reason, waived_judge, ...rules } = policy;
  const [draft, setDraft] = useState<Rules>(rules);
  const { save } = useLearningActions(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const isSame = JSON.stringify(draft) === JSON.stringify(rules);
  const set = (change: Partial<Rules>) => setDraft({ ...draft, ...change });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft, { onSuccess: () => toast.success("Rules saved.") });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex flex-col gap-4 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <Checkbox
          label="Paused"
          hint="The evolver is not asked at all."
          checked={draft.is_paused}
          onChange={(event) => set({ is_paused: event.target.checked })}
        />
        <Checkbox
          label="After a failing turn"
          checked={draft.on_failure}
          onChange={(event) => set({ on_failure: event.target.checked })}
        />
        <Checkbox
          label="After the end of a session"
          checked={draft.on_session_end}
          onChange={(event) => set({ on_session_end: event.target.checked })}
        />
        <Field label="Learn from">
          {(control) => (
            <Select
              {...control}
              value={draft.evidence}
              onChange={(event) => set({ evidence: event.target.value as Rules["evidence"] })}
            >
              <option value="failures">Turns that failed</option>
              <option value="summarize">Every session, when it is over</option>
            </Select>
          )}
        </Field>
        {NUMBERS.map(({ name, label, hint, least, most }) => (
          <Field key={name} label={label} hint={hint} errors={fields[name]}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required={NEEDED.has(name)}
                min={least}
                max={most}
                className="max-w-40 text-right"
                value={draft[name] ?? ""}
                onChange={(event) =>
                  set({ [name]: event.target.value === "" ? null : event.target.valueAsNumber })
                }
              />
            )}
          </Field>
        ))}
        <Checkbox
          label="Propose to merge skills that say the same"
          hint="Where they go into the same prompts."
          checked={draft.ledger_merges}
          onChange={(event) => set({ ledger_merges: event.target.checked })}
        />
        <p className="text-xs text-mute">
          Today: {today.runs} runs, {today.tokens.toLocaleString("en-US")} tokens.
        </p>
      </fieldset>
      <footer className="flex gap-2 border-t border-line px-4 py-3">
        <Button
          type="submit"
          variant="primary"
          isBusy={save.isPending}
          disabled={isDisabled || isSame}
        >
          Save
        </Button>
        <Button disabled={isSame} onClick={() => setDraft(rules)}>
          Undo changes
        </Button>
      </footer>
    </form>
  );
}
