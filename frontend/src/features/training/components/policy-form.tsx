import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { toast } from "sonner";
import type { TrainingPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { isTrainer, useConnections } from "../api/connections";
import { useSavePolicy } from "../api/policies";
import { changesOf, type Draft, MORE, NEW_POLICY, withSource } from "../policy-fields";
import { MODE, SOURCE } from "../words";
import { BaseModelField } from "./base-model-field";
import { ConnectionField } from "./connection-field";
import { MoreFields } from "./more-fields";
import { TaskSetField } from "./task-set-field";

type Props = {
  /** Null: a new one. */
  policy: TrainingPolicy | null;
  isDisabled?: boolean;
  className?: string;
  onSaved?: (saved: TrainingPolicy) => void;
  /** The buttons below the fields. */
  children: (form: { isSame: boolean; isBusy: boolean; undo: () => void }) => ReactNode;
};

/** A policy's settings: what one has to decide first, the rest behind "More". */
export function PolicyForm({ policy, isDisabled, className, onSaved, children }: Props) {
  const { slug } = useTenant();
  // As the reader found it: what somebody else changes meanwhile is not theirs to send back.
  const [before, setBefore] = useState<Draft>(policy ?? NEW_POLICY);
  const [draft, setDraft] = useState(before);
  const [isOpen, setIsOpen] = useState(false);
  const connections = useConnections(slug).data ?? [];
  const trainers = connections.filter(isTrainer);
  const save = useSavePolicy(slug, policy?.id ?? null);
  const errors = save.error instanceof ApiError ? save.error.fields : {};
  const changes = changesOf(before, draft);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const part = { draft, errors, onChange: set };

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = policy ? changes : { ...changes, mode: draft.mode, source: draft.source };
    save.mutate(body, {
      onSuccess: (saved) => {
        toast.success(t`${saved.name} saved.`);
        setBefore(saved);
        setDraft(saved);
        onSaved?.(saved);
      },
      onError: (error) => {
        const names = error instanceof ApiError ? Object.keys(error.fields) : [];
        if (names.some((name) => MORE.has(name))) setIsOpen(true);
      },
    });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className={className ?? "flex flex-col gap-3.5"}>
        {/* A field's own sentence is below the field; what concerns all of it is up here. */}
        {save.isError && <Banner tone="bad" title={errorText(save.error)} />}
        <Field label={t`Name`} errors={errors.name}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={80}
              autoComplete="off"
              value={draft.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
        <ConnectionField
          label={t`Connection`}
          errors={errors.upstream}
          hint={t`Of the kind Tinker: the cloud, or the trainer on this machine.`}
          connections={trainers}
          value={draft.upstream}
          onChange={(id) => set({ upstream: id ?? "" })}
        />
        {connections.length > 0 && trainers.length === 0 && <NoTrainer tenant={slug} />}
        <BaseModelField {...part} />
        <Field label={t`Learns from`} hint={SOURCE[draft.source].note} errors={errors.source}>
          {(control) => (
            <Select
              {...control}
              value={draft.source}
              onChange={({ target }) => set(withSource(draft, target.value as Draft["source"]))}
            >
              {Object.entries(SOURCE).map(([value, { name }]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft.source === "tasks" && <TaskSetField {...part} />}
        <Field label={t`Begins`} hint={MODE[draft.mode].note} errors={errors.mode}>
          {(control) => (
            <Select
              {...control}
              value={draft.mode}
              onChange={({ target }) => set({ mode: target.value as Draft["mode"] })}
            >
              {Object.entries(MODE).map(([value, { name }]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <details
          open={isOpen}
          onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
          // The browser cannot lead to a field that it does not show.
          onInvalidCapture={() => setIsOpen(true)}
          className="rounded-md border border-line px-3 py-2"
        >
          <summary className="cursor-pointer text-sm font-medium">
            <Trans>More: steps, loss, teacher, price, serving, gate</Trans>
          </summary>
          <MoreFields {...part} connections={connections} />
        </details>
      </fieldset>
      {children({
        isSame: Object.keys(changes).length === 0,
        isBusy: save.isPending,
        undo: () => setDraft(before),
      })}
    </form>
  );
}

function NoTrainer({ tenant }: { tenant: string }) {
  return (
    <Banner tone="warn" title={t`There is no Tinker connection yet`}>
      <Trans>
        Add one under{" "}
        <Link
          to="/t/$tenant/upstreams"
          params={{ tenant }}
          className="underline underline-offset-2"
        >
          Upstreams
        </Link>
        . Without an account, <code className="font-mono text-xs">make trainer</code> starts one on
        this machine.
      </Trans>
    </Banner>
  );
}
