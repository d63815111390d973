import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Upstream, UpstreamInput, UpstreamUse } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Checkbox, Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { usePresets, useSaveUpstream } from "../api/upstreams";
import { isSameOrigin, shortTitle, USES } from "../presets";

type Props = { upstream: Upstream | null; isOpen: boolean; onClose: () => void };

export function UpstreamDialog({ upstream, isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={upstream ? t`Edit ${upstream.name}` : t`Add an upstream`}
    >
      <UpstreamForm upstream={upstream} onClose={onClose} />
    </Dialog>
  );
}

const EMPTY: UpstreamInput = {
  name: t`OpenAI`,
  kind: "openai",
  base_url: "https://api.openai.com/v1",
  api_key: "",
  model: "",
  uses: ["serve"],
};

function UpstreamForm({ upstream, onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const [input, setInput] = useState<UpstreamInput>(upstream ? inputOf(upstream) : EMPTY);
  const presets = usePresets(slug);
  const preset = presets.data?.find((each) => each.kind === input.kind);
  const save = useSaveUpstream(slug, upstream?.id ?? null);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const isPractice = input.kind === "practice";
  const losesKey =
    upstream?.has_key === true &&
    !input.api_key &&
    !isSameOrigin(upstream.base_url, input.base_url);

  function set(change: Partial<UpstreamInput>) {
    setInput({ ...input, ...change });
  }

  function choose(kind: string) {
    const chosen = presets.data?.find((each) => each.kind === kind);
    if (!chosen) return;
    set({
      kind,
      base_url: chosen.base_url,
      name: shortTitle(chosen.title),
      // A trainer's models are reached by routes; nothing else is to end there.
      uses: chosen.answers_all ? EMPTY.uses : [],
    });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(upstream ? changesOf(upstream, input) : input, {
      onSuccess: (saved) => {
        toast.success(t`${saved.name} saved.`);
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {save.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(save.error)} />
      )}
      {!upstream && (
        <Field label={t`Provider`}>
          {(control) => (
            <Select
              {...control}
              value={input.kind}
              onChange={(event) => choose(event.target.value)}
            >
              {(presets.data ?? []).map(({ kind, title }) => (
                <option key={kind} value={kind}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label={t`Name`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            value={input.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {!isPractice && (
        <>
          <Field
            label={t`Base URL`}
            errors={fields.base_url}
            hint={saidText(preset?.hint ?? "", preset?.hint_said) || urlHint(input.kind)}
          >
            {(control) => (
              <Input
                {...control}
                required
                type="url"
                className="font-mono text-xs"
                value={input.base_url}
                onChange={(event) => set({ base_url: event.target.value })}
              />
            )}
          </Field>
          {losesKey && (
            <Banner tone="warn" title={t`This is another origin: enter the key again`}>
              <Trans>A stored key is only ever sent to the origin it was entered for.</Trans>
            </Banner>
          )}
          <Field label={t`API key`} errors={fields.api_key} hint={keyHint(upstream, losesKey)}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="off"
                required={losesKey}
                className="font-mono text-xs"
                value={input.api_key}
                onChange={(event) => set({ api_key: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
      <Field
        label={t`Model`}
        errors={fields.model}
        hint={t`Used for judging and drafting, and when a request names no model of its own.`}
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono text-xs"
            value={input.model}
            onChange={(event) => set({ model: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 text-sm font-medium">
          <Trans context="what for">Uses</Trans>
        </legend>
        {(Object.keys(USES) as UpstreamUse[]).map((use) => (
          <Checkbox
            key={use}
            label={USES[use].name}
            hint={USES[use].note}
            checked={input.uses.includes(use)}
            onChange={(event) =>
              set({
                uses: event.target.checked
                  ? [...input.uses, use]
                  : input.uses.filter((each) => each !== use),
              })
            }
          />
        ))}
        {fields.uses && <p className="text-xs text-bad">{fields.uses.join(" ")}</p>}
      </fieldset>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={save.isPending}>
          <Trans>Save</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}

function inputOf({ name, kind, base_url, model, uses }: Upstream): UpstreamInput {
  return { name, kind, base_url, model, uses, api_key: "" };
}

/** Only what differs is sent: the practice model's own fields, say, are not the reader's to set. */
function changesOf(upstream: Upstream, input: UpstreamInput): Partial<UpstreamInput> {
  const before = inputOf(upstream);
  const names = Object.keys(input) as (keyof UpstreamInput)[];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(input[name]) !== JSON.stringify(before[name]))
      .map((name) => [name, input[name]]),
  );
}

function urlHint(kind: UpstreamInput["kind"]): string {
  return kind === "anthropic" ? t`Without /v1 at the end.` : t`Usually ends in /v1.`;
}

function keyHint(upstream: Upstream | null, losesKey: boolean): string {
  if (losesKey) return t`The stored key stays with the old origin and is erased on saving.`;
  if (upstream?.has_key) return t`A key ending in ${upstream.key_last4} is stored. Empty keeps it.`;
  return t`Stored encrypted, never shown again.`;
}
