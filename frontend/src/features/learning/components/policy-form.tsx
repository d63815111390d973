import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { LearningPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Checkbox, Field, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { type Rules, useLearningActions } from "../api/learning";
import { LEARNING, RETIRING, RulePart } from "./rule-part";

type Props = { policy: LearningPolicy; isDisabled: boolean };

export function PolicyForm({ policy, isDisabled }: Props) {
  const { slug } = useTenant();
  const { state: _, today, held_at, held_reason, held_said, waived_judge, ...rules } = policy;
  const [draft, setDraft] = useState<Rules>(rules);
  const { save } = useLearningActions(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const isSame = JSON.stringify(draft) === JSON.stringify(rules);
  const set = (change: Partial<Rules>) => setDraft({ ...draft, ...change });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft, { onSuccess: () => toast.success(t`Rules saved.`) });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex flex-col gap-4 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <Checkbox
          label={t`Paused`}
          hint={t`The evolver is not asked at all.`}
          checked={draft.is_paused}
          onChange={(event) => set({ is_paused: event.target.checked })}
        />
        <Checkbox
          label={t`After a failing turn`}
          checked={draft.on_failure}
          onChange={(event) => set({ on_failure: event.target.checked })}
        />
        <Checkbox
          label={t`After the end of a session`}
          checked={draft.on_session_end}
          onChange={(event) => set({ on_session_end: event.target.checked })}
        />
        <Field label={t`Learn from`}>
          {(control) => (
            <Select
              {...control}
              value={draft.evidence}
              onChange={(event) => set({ evidence: event.target.value as Rules["evidence"] })}
            >
              <option value="failures">
                <Trans>Turns that failed</Trans>
              </option>
              <option value="summarize">
                <Trans>Every session, when it is over</Trans>
              </option>
            </Select>
          )}
        </Field>
        <Checkbox
          label={t`Leave corrected answers to training`}
          hint={t`A turn that taught a skill trains no policy. For workspaces whose policies learn from people.`}
          checked={draft.spares_corrected}
          onChange={(event) => set({ spares_corrected: event.target.checked })}
        />
        {LEARNING.map((part) => (
          <RulePart key={part.title} part={part} rules={draft} errors={fields} onChange={set} />
        ))}
        <RulePart part={RETIRING} rules={draft} errors={fields} onChange={set} />
        <Checkbox
          label={t`Propose to merge skills that say the same`}
          hint={t`Where they go into the same prompts.`}
          checked={draft.ledger_merges}
          onChange={(event) => set({ ledger_merges: event.target.checked })}
        />
        <p className="text-xs text-mute">
          <Trans>
            Today: {plural(today.runs, { one: "# run", other: "# runs" })},{" "}
            {plural(today.tokens, { one: "# token", other: "# tokens" })}.
          </Trans>
        </p>
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
        <Button disabled={isSame} onClick={() => setDraft(rules)}>
          <Trans>Undo changes</Trans>
        </Button>
      </footer>
    </form>
  );
}
