import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { WindowRules } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Field, Select } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSaveRules } from "../api/windows";
import { BlackOuts } from "./black-outs";
import { HoursEditor } from "./hours-editor";

type Props = { rules: WindowRules; zone: string; isDisabled: boolean };

const NUMBERS = [
  {
    name: "idle_minutes",
    label: t`Also after minutes of silence`,
    hint: t`Empty: only in the hours above.`,
    most: 1440,
  },
  { name: "min_minutes", label: t`Shortest window, minutes`, hint: "", most: 720 },
  { name: "max_minutes", label: t`Longest window, minutes`, hint: t`Empty: no limit.`, most: 1440 },
  {
    name: "quiet_minutes",
    label: t`Quiet minutes after a request`,
    hint: t`So long nothing trains after one.`,
    most: 240,
  },
] as const;

export function RulesForm({ rules, zone, isDisabled }: Props) {
  const { slug } = useTenant();
  const [draft, setDraft] = useState(rules);
  const save = useSaveRules(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const isSame = JSON.stringify(draft) === JSON.stringify(rules);
  const set = (change: Partial<WindowRules>) => setDraft({ ...draft, ...change });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft, {
      onSuccess: (saved) => {
        setDraft(saved.rules);
        toast.success(t`Windows saved.`);
      },
    });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex min-w-0 flex-col gap-4 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <HoursEditor
          hours={draft.hours}
          zone={zone}
          errors={fields.hours ?? []}
          onChange={(hours) => set({ hours })}
        />
        {NUMBERS.map(({ name, label, hint, most }) => (
          <Field key={name} label={label} hint={hint} errors={fields[name]} isBeside>
            {(control) => (
              <NumberOrNothing
                {...control}
                min={1}
                max={most}
                required={name === "min_minutes" || name === "quiet_minutes"}
                value={draft[name]}
                onChange={(value) => set({ [name]: value })}
              />
            )}
          </Field>
        ))}
        <BlackOuts
          rows={draft.black_outs}
          errors={fields.black_outs ?? []}
          onChange={(black_outs) => set({ black_outs })}
        />
        <Field label={t`A calendar that does not answer for a day`}>
          {(control) => (
            <Select
              {...control}
              value={draft.unknown_calendar}
              onChange={({ target }) =>
                set({ unknown_calendar: target.value as WindowRules["unknown_calendar"] })
              }
            >
              <option value="busy">
                <Trans>counts as busy: do not train</Trans>
              </option>
              <option value="free">
                <Trans>counts as free: train</Trans>
              </option>
            </Select>
          )}
        </Field>
      </fieldset>
      <footer className="flex gap-2 border-t border-line px-4 py-3">
        <Button
          type="submit"
          variant="primary"
          disabled={isDisabled || isSame}
          isBusy={save.isPending}
        >
          <Trans>Save</Trans>
        </Button>
        <Button disabled={isDisabled || isSame} onClick={() => setDraft(rules)}>
          <Trans>Reset</Trans>
        </Button>
      </footer>
    </form>
  );
}
