import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { AnnotationPolicy } from "@/client/contract";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useAnnotationActions, useAnnotationPolicy } from "../api/annotations";

type Name = keyof AnnotationPolicy;

const FIELDS: { name: Name; label: string; hint?: string; least: number; most: number }[] = [
  { name: "share_split", label: t`Of split votes, percent`, least: 0, most: 100 },
  { name: "share_failed", label: t`Of failed turns, percent`, least: 0, most: 100 },
  { name: "share_neutral", label: t`Of neutral turns, percent`, least: 0, most: 100 },
  { name: "share_passed", label: t`Of passed turns, percent`, least: 0, most: 100 },
  { name: "waiting_most", label: t`Turns that wait at most`, least: 0, most: 10_000 },
  {
    name: "pause_below",
    label: t`Pause learning below, percent`,
    hint: t`Of turns on which judge and people agree. Empty: never.`,
    least: 1,
    most: 100,
  },
  { name: "pause_least", label: t`Once so many turns are compared`, least: 5, most: 10_000 },
  { name: "window_days", label: t`Compared over days`, least: 1, most: 365 },
];

/** Which turns people are asked about, and when learning pauses. */
export function RulesPanel() {
  const policy = useAnnotationPolicy(useTenant().slug);
  return (
    <Panel>
      <details>
        <summary className="cursor-pointer px-3.5 py-2 text-sm font-semibold">
          <Trans>Rules</Trans>
        </summary>
        {policy.isPending && <LoadingBlock label={t`Loading the rules`} />}
        {policy.isError && (
          <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
        )}
        {policy.isSuccess && <RulesForm policy={policy.data} />}
      </details>
    </Panel>
  );
}

function RulesForm({ policy }: { policy: AnnotationPolicy }) {
  const { slug, may } = useTenant();
  const { savePolicy } = useAnnotationActions(slug);
  const [draft, setDraft] = useState(policy);
  const problems = savePolicy.error instanceof ApiError ? savePolicy.error.fields : {};
  const isSame = JSON.stringify(draft) === JSON.stringify(policy);

  function submit(event: FormEvent) {
    event.preventDefault();
    savePolicy.mutate(draft, {
      onSuccess: () => toast.success(t`Rules saved.`),
      onError: (error) => toast.error(errorText(error)),
    });
  }

  return (
    <form aria-label={t`Rules`} className="flex flex-col gap-3 px-3.5 pb-3.5" onSubmit={submit}>
      <p className="text-xs text-mute">
        <Trans>The share of judged turns that people are asked about:</Trans>
      </p>
      {FIELDS.map(({ name, label, hint, least, most }) => (
        <Field key={name} isBeside label={label} hint={hint} errors={problems[name] ?? []}>
          {(control) => (
            <NumberOrNothing
              {...control}
              min={least}
              max={most}
              required={name !== "pause_below"}
              disabled={!may("admin")}
              className="text-right"
              value={draft[name]}
              onChange={(value) => setDraft({ ...draft, [name]: value })}
            />
          )}
        </Field>
      ))}
      {may("admin") && (
        <Button type="submit" variant="primary" disabled={isSame} isBusy={savePolicy.isPending}>
          <Trans>Save rules</Trans>
        </Button>
      )}
    </form>
  );
}
