import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Agent, AgentInput } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSaveAgent } from "../api/agents";

const MODES: AgentInput["mode"][] = ["", "observe", "skills", "rl", "auto"];

type Props = { agent: Agent | null; isOpen: boolean; onClose: () => void };

export function AgentDialog({ agent, isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={agent ? t`Edit ${agent.name}` : t`New agent`}>
      <AgentForm agent={agent} onClose={onClose} />
    </Dialog>
  );
}

function AgentForm({ agent, onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const [input, setInput] = useState<AgentInput>({
    name: agent?.name ?? "",
    description: agent?.description ?? "",
    mode: (agent?.mode ?? "") as AgentInput["mode"],
    max_skills: agent?.max_skills ?? null,
    skill_token_budget: agent?.skill_token_budget ?? null,
  });
  const save = useSaveAgent(slug, agent?.id ?? null);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const set = (change: Partial<AgentInput>) => setInput({ ...input, ...change });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(
      { ...input, name: input.name.trim() },
      {
        onSuccess: (saved) => {
          toast.success(t`${saved.name} saved.`);
          onClose();
        },
      },
    );
  }

  const number = (label: string, name: "max_skills" | "skill_token_budget", max: number) => (
    <Field label={label} hint={t`Empty: as the workspace.`} errors={fields[name]}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={0}
          max={max}
          value={input[name] ?? ""}
          onChange={({ target }) => set({ [name]: target.value ? Number(target.value) : null })}
        />
      )}
    </Field>
  );

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {save.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(save.error)} />
      )}
      <Field label={t`Name`} hint={t`As its requests or its key name it.`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            autoComplete="off"
            value={input.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Field label={t`Description`} errors={fields.description}>
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            value={input.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      <Field label={t`Mode`} errors={fields.mode}>
        {(control) => (
          <Select
            {...control}
            value={input.mode}
            onChange={({ target }) => set({ mode: target.value as AgentInput["mode"] })}
          >
            {MODES.map((mode) => (
              <option key={mode} value={mode}>
                {mode || t`As the workspace`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {number(t`Most skills per request`, "max_skills", 10)}
      {number(t`Token budget for skills`, "skill_token_budget", 20_000)}
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
