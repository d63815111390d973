import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { FormEvent, ReactNode } from "react";
import { toast } from "sonner";
import type { WorkspaceSettings } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Checkbox, Field, Input } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { ApiError, errorText } from "@/lib/api";
import { useDraft } from "@/lib/draft";
import { useTenant } from "@/lib/tenant";
import { useSaveSettings } from "../api/settings";
import { ClashBanner } from "./clash-banner";

const NAMES: Record<keyof WorkspaceSettings, string> = {
  name: t`Name`,
  slug: t`Address`,
  mode: t`Mode`,
  max_skills: t`Skills per request, at most`,
  skill_token_budget: t`Token budget of the skills`,
  idle_minutes: t`A session is over after`,
  retention_days: t`Turns are kept for, in days`,
  time_zone: t`Time zone`,
  needs_second_factor: t`Members need a second factor`,
};

type NumberName = "idle_minutes" | "max_skills" | "skill_token_budget";

const NUMBERS: { name: NumberName; label: string; hint: string; least: number; most: number }[] = [
  {
    name: "max_skills",
    label: NAMES.max_skills,
    hint: t`House rules come on top.`,
    least: 0,
    most: 10,
  },
  {
    name: "skill_token_budget",
    label: NAMES.skill_token_budget,
    hint: t`What the chosen skills may add to a prompt.`,
    least: 0,
    most: 20_000,
  },
  {
    name: "idle_minutes",
    label: NAMES.idle_minutes,
    hint: t`Minutes without a request. Its last turns are then scored.`,
    least: 1,
    most: 1440,
  },
];

const MODES: { mode: WorkspaceSettings["mode"]; name: string; note: string }[] = [
  {
    mode: "skills",
    name: t`Skills`,
    note: t`Record every turn, learn from failing ones, and add the skills that fit to each request.`,
  },
  {
    mode: "observe",
    name: t`Observe`,
    note: t`Record only. Requests pass through exactly as the agent sent them.`,
  },
  {
    mode: "rl",
    name: t`RL`,
    note: t`Record for training: no skills in prompts. The policies are under Training.`,
  },
  {
    mode: "auto",
    name: t`Auto`,
    note: t`Skills as above, and training in the windows of the workspace.`,
  },
];

const ZONES = Intl.supportedValuesOf("timeZone");

type Props = { settings: WorkspaceSettings; isDisabled: boolean };

export function SettingsForm({ settings, isDisabled }: Props) {
  const { slug } = useTenant();
  const { draft, set, undo, isSame, clashes } = useDraft(settings);
  const save = useSaveSettings(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft, {
      onSuccess: () => {
        undo();
        toast.success(t`Settings saved.`);
      },
    });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex flex-col gap-5 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <ClashBanner names={clashes.map((name) => NAMES[name])} />
        <Field label={NAMES.name} errors={fields.name} hint={t`Address: /t/${settings.slug}/`}>
          {(control) => (
            <Input
              {...control}
              required
              className="max-w-sm"
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{NAMES.mode}</legend>
          {MODES.map(({ mode, name, note }) => (
            <Mode
              key={mode}
              name={name}
              isChosen={draft.mode === mode}
              onChoose={() => set({ mode })}
            >
              {note}
            </Mode>
          ))}
        </fieldset>
        {NUMBERS.map(({ name, label, hint, least, most }) => (
          <Field key={name} label={label} hint={hint} errors={fields[name]}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required
                min={least}
                max={most}
                className="max-w-32 text-right"
                value={Number.isNaN(draft[name]) ? "" : draft[name]}
                onChange={(event) => set({ [name]: event.target.valueAsNumber })}
              />
            )}
          </Field>
        ))}
        <Field
          label={NAMES.retention_days}
          hint={t`Empty: for ever. Older ones go within the hour, with their scores.`}
          errors={fields.retention_days}
        >
          {(control) => (
            <NumberOrNothing
              {...control}
              min={1}
              max={3650}
              className="max-w-32 text-right"
              value={draft.retention_days}
              onChange={(retention_days) => set({ retention_days })}
            />
          )}
        </Field>
        <Field
          label={NAMES.time_zone}
          hint={t`Where days and months begin, such as Europe/Berlin.`}
          errors={fields.time_zone}
        >
          {(control) => (
            <>
              <Input
                {...control}
                required
                list="zones"
                className="max-w-sm"
                value={draft.time_zone}
                onChange={(event) => set({ time_zone: event.target.value })}
              />
              <datalist id="zones">
                {ZONES.map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <div>
          <Checkbox
            label={NAMES.needs_second_factor}
            hint={t`Who has no authenticator app and no passkey sees how to set one up, and nothing else. Keys go on working.`}
            checked={draft.needs_second_factor}
            onChange={(event) => set({ needs_second_factor: event.target.checked })}
          />
          {fields.needs_second_factor && (
            <p role="alert" className="mt-1 pl-[22px] text-xs text-bad">
              {fields.needs_second_factor.join(" ")}
            </p>
          )}
        </div>
      </fieldset>
      <footer className="flex gap-2 border-t border-line px-4 py-3">
        <Button
          type="submit"
          variant="primary"
          isBusy={save.isPending}
          disabled={isDisabled || isSame}
        >
          <Trans>Save</Trans>
        </Button>
        <Button disabled={isSame} onClick={undo}>
          <Trans>Undo changes</Trans>
        </Button>
      </footer>
    </form>
  );
}

type ModeProps = { name: string; isChosen: boolean; onChoose: () => void; children: ReactNode };

function Mode({ name, isChosen, onChoose, children }: ModeProps) {
  return (
    <label className="flex max-w-[56ch] items-start gap-2 text-sm">
      <input
        type="radio"
        name="mode"
        checked={isChosen}
        onChange={onChoose}
        className="mt-[3px] accent-ink"
      />
      <span>
        <span className="font-medium">{name}</span>
        <span className="block text-xs text-mute">{children}</span>
      </span>
    </label>
  );
}
