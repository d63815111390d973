import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Route, RouteInput } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSaveRoute } from "../api/routes";
import { RouteTargets } from "./route-targets";

type Props = { route: Route | null; isOpen: boolean; onClose: () => void };

export function RouteDialog({ route, isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      width="md"
      title={route ? t`Edit the route for ${route.model}` : t`Add a route`}
    >
      <RouteForm route={route} onClose={onClose} />
    </Dialog>
  );
}

const EMPTY: RouteInput = {
  model: "",
  agent: "",
  targets: [{ upstream: "", model: "", weight: 0 }],
  first_byte_seconds: null,
  idle_seconds: null,
  is_enabled: true,
};

const PATIENCE = [
  {
    name: "first_byte_seconds",
    label: t`Wait for the first byte`,
    hint: t`Seconds; empty: usual.`,
  },
  { name: "idle_seconds", label: t`Wait inside an answer`, hint: t`Seconds; empty: usual.` },
] as const;

function RouteForm({ route, onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const [input, setInput] = useState<RouteInput>(route ? inputOf(route) : EMPTY);
  const save = useSaveRoute(slug, route?.id ?? null);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const ofTargets = Object.keys(fields).filter((name) => name.startsWith("targets"));

  function set(change: Partial<RouteInput>) {
    setInput({ ...input, ...change });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(input, {
      onSuccess: (saved) => {
        toast.success(t`The route for ${saved.model} is saved.`);
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {save.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(save.error)} />
      )}
      <Field
        label={t`Model`}
        errors={fields.model}
        hint={t`What requests ask for. A * stands for any text: smart-*`}
      >
        {(control) => (
          <Input
            {...control}
            required
            maxLength={200}
            autoComplete="off"
            className="font-mono text-xs"
            value={input.model}
            onChange={(event) => set({ model: event.target.value })}
          />
        )}
      </Field>
      <RouteTargets
        targets={input.targets}
        onChange={(targets) => set({ targets })}
        errors={ofTargets.flatMap((name) => fields[name] ?? [])}
      />
      <Field
        label={t`Agent`}
        errors={fields.agent}
        hint={t`Optional: only for requests of this agent.`}
      >
        {(control) => (
          <Input
            {...control}
            maxLength={120}
            autoComplete="off"
            value={input.agent}
            onChange={(event) => set({ agent: event.target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3.5">
        {PATIENCE.map(({ name, label, hint }) => (
          <Field key={name} label={label} hint={hint} errors={fields[name]}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                max={3600}
                value={input[name] ?? ""}
                onChange={(event) => set({ [name]: event.target.valueAsNumber || null })}
              />
            )}
          </Field>
        ))}
      </div>
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

function inputOf(route: Route): RouteInput {
  const { model, agent, first_byte_seconds, idle_seconds, is_enabled } = route;
  const targets = route.targets.map((target) => ({
    upstream: target.upstream,
    model: target.model,
    weight: target.weight,
  }));
  return { model, agent, targets, first_byte_seconds, idle_seconds, is_enabled };
}
