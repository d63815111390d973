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
  { name: "share_split", label: "Of split votes, percent", least: 0, most: 100 },
  { name: "share_failed", label: "Of failed turns, percent", least: 0, most: 100 },
  { name: "share_neutral", label: "Of neutral turns, percent", least: 0, most: 100 },
  { name: "share_passed", label: "Of passed turns, percent", least: 0, most: 100 },
  { name: "waiting_most", label: "Turns that wait at most", least: 0, most: 10_000 },
  {
    name: "pause_below",
    label: "Pause learning below, percent",
    hint: "Of turns on which judge and people agree. Empty: never.",
    least: 1,
    most: 100,
  },
  { name: "pause_least", label: "Once so many turns are compared", least: 5, most: 10_000 },
  { name: "window_days", label: "Compared over days", least: 1, most: 365 },
];

/** Which turns people are asked about, and when learning pauses. */
export function RulesPanel() {
  const policy = useAnnotationPolicy(useTenant().slug);
  return (
    <Panel>
      <details>
        <summary className="cursor-pointer px-3.5 py-2 text-sm font-semibold">Rules</summary>
        {policy.isPending && <LoadingBlock label="Loading the rules" />}
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
      onSuccess: () => toast.success("Rules saved."),
      onError: (error) => toast.error(errorText(error)),
    });
  }

  return (
    <form aria-label="Rules" className="flex flex-col gap-3 px-3.5 pb-3.5" onSubmit={submit}>
      <p className="text-xs text-mute">The share of judged turns that people are asked about:</p>
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
          Save rules
        </Button>
      )}
    </form>
  );
}
