import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { TrainingBudget, TrainingLimits } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Moment } from "@/components/moment";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { ApiError, errorText } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { useTenant } from "@/lib/tenant";
import { useSetTrainingBudget, useTrainingBudget } from "../api/overview";
import { Bar } from "./bar";

type Limit = {
  name: keyof TrainingLimits;
  used: "steps" | "tokens" | "micros";
  label: string;
  write: (n: number) => string;
  most: number;
  /** How many of what is kept make one of what is typed. */
  per?: number;
};

const LIMITS: Limit[] = [
  { name: "daily_steps", used: "steps", label: t`Steps`, write: formatCount, most: 1_000_000 },
  {
    name: "daily_tokens",
    used: "tokens",
    label: t`Tokens`,
    write: formatCount,
    most: 1_000_000_000_000,
  },
  {
    name: "daily_micros",
    used: "micros",
    label: t`Dollars`,
    write: formatMoney,
    most: 1_000_000_000,
    per: 1_000_000,
  },
];

/** What trainers were asked today, against what they may be asked in a day. */
export function BudgetPanel() {
  const { slug, may } = useTenant();
  const budget = useTrainingBudget(slug);
  const [isEditing, setIsEditing] = useState(false);
  return (
    <Panel
      title={t`Today`}
      aside={
        budget.isSuccess &&
        !isEditing && (
          <Button
            disabled={!may("admin")}
            title={may("admin") ? undefined : t`Admins and above set limits.`}
            onClick={() => setIsEditing(true)}
          >
            <Trans>Change limits</Trans>
          </Button>
        )
      }
    >
      {budget.isPending && <LoadingRows rows={3} label={t`Loading the budget`} />}
      {budget.isError && <ErrorState error={budget.error} onRetry={() => void budget.refetch()} />}
      {budget.isSuccess &&
        (isEditing ? (
          <LimitForm budget={budget.data} onDone={() => setIsEditing(false)} />
        ) : (
          <Spent budget={budget.data} />
        ))}
    </Panel>
  );
}

function Spent({ budget }: { budget: TrainingBudget }) {
  return (
    <ul className="flex flex-col gap-3 px-3.5 py-3">
      {LIMITS.map(({ name, used, label, write }) => {
        const limit = budget[name];
        const spent = budget.today[used];
        const text =
          limit === null ? t`${write(spent)}, no limit` : t`${write(spent)} of ${write(limit)}`;
        return (
          <li key={name} className="flex flex-col gap-1">
            <p className="flex justify-between gap-3 text-xs">
              <span>{label}</span>
              <span className="tabular-nums">{text}</span>
            </p>
            {limit !== null && (
              <Bar label={t`${label} today`} text={text} part={spent} whole={limit} isLimit />
            )}
          </li>
        );
      })}
      <li className="text-xs text-mute">
        <Trans>Reserved before each step, over all policies.</Trans>
        {budget.today.sampled_tokens > 0 &&
          t` ${formatCount(budget.today.sampled_tokens)} of the tokens were sampled for steps, the others trained on.`}{" "}
        <Trans>
          A new day begins <Moment at={budget.today.ends_at} />.
        </Trans>
      </li>
    </ul>
  );
}

function LimitForm({ budget, onDone }: { budget: TrainingBudget; onDone: () => void }) {
  const { slug } = useTenant();
  const { today: _, ...limits } = budget;
  const [draft, setDraft] = useState<TrainingLimits>(limits);
  const save = useSetTrainingBudget(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft, {
      onSuccess: () => {
        toast.success(t`Limits saved.`);
        onDone();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3 px-3.5 py-3">
      {save.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(save.error)} />
      )}
      {LIMITS.map(({ name, label, most, per = 1 }) => (
        <Field key={name} isBeside label={t`${label} a day`} errors={fields[name]}>
          {(control) => (
            <NumberOrNothing
              {...control}
              min={0}
              max={most}
              step={per === 1 ? 1 : "any"}
              className="text-right"
              value={shown(draft[name], per)}
              onChange={(typed) =>
                setDraft({ ...draft, [name]: typed === null ? null : Math.round(typed * per) })
              }
            />
          )}
        </Field>
      ))}
      <p className="text-xs text-mute">
        <Trans>
          An empty field is no limit. Dollars count where a policy names the price of its tokens.
        </Trans>
      </p>
      <footer className="flex gap-2">
        <Button type="submit" variant="primary" isBusy={save.isPending}>
          <Trans>Save</Trans>
        </Button>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </footer>
    </form>
  );
}

const shown = (value: number | null, per: number) => (value === null ? null : value / per);
