import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Limit, LimitInput } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSaveLimit } from "../api/limits";
import { subjectName } from "../limit-words";
import { SubjectField } from "./subject-field";

type Props = { limit: Limit | null; wanted?: string; isOpen: boolean; onClose: () => void };

/** A limit: of a workspace, a key or an agent; in money, and in how much comes at once. */
export function LimitDialog({ limit, wanted, isOpen, onClose }: Props) {
  const title = limit ? t`Limit of ${subjectName(limit)}` : t`Set a limit`;
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title}>
      <LimitForm limit={limit} wanted={wanted} onClose={onClose} />
    </Dialog>
  );
}

type NumberName = Exclude<keyof LimitInput, "scope" | "subject">;
type Rule = { name: NumberName; label: string; hint?: string; per: number; step: number | "any" };

const MICROS = 1_000_000;
const RULES: Rule[] = [
  { name: "day_micros", label: t`Dollars a day`, per: MICROS, step: "any" },
  { name: "month_micros", label: t`Dollars a month`, per: MICROS, step: "any" },
  { name: "requests_per_minute", label: t`Requests a minute`, per: 1, step: 1 },
  { name: "tokens_per_minute", label: t`Tokens a minute`, per: 1, step: 1 },
  { name: "concurrent_streams", label: t`Answers at a time`, per: 1, step: 1 },
];
const NONE = {
  day_micros: null,
  month_micros: null,
  requests_per_minute: null,
  tokens_per_minute: null,
  concurrent_streams: null,
};

function LimitForm({ limit, wanted = "tenant", onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const [whose, setWhose] = useState(wanted);
  const [numbers, setNumbers] = useState<Omit<LimitInput, "scope" | "subject">>({
    ...NONE,
    ...limit,
  });
  const save = useSaveLimit(slug, limit?.id ?? null);
  const fields = save.error instanceof ApiError ? save.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    const [scope, ...rest] = whose.split(":");
    const input = Object.fromEntries(RULES.map(({ name }) => [name, numbers[name]]));
    save.mutate(
      { ...NONE, ...input, scope: scope as LimitInput["scope"], subject: rest.join(":") },
      {
        onSuccess: () => {
          toast.success(t`The limit is set. Gateways keep to it within a second.`);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {save.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(save.error)} />
      )}
      {!limit && <SubjectField value={whose} onChange={setWhose} errors={fields.subject} />}
      <p className="text-xs text-mute">
        <Trans>What is left empty is not limited.</Trans>
      </p>
      {RULES.map(({ name, label, per, step }) => {
        const value = numbers[name];
        return (
          <Field key={name} isBeside label={label} errors={fields[name]}>
            {(control) => (
              <NumberOrNothing
                {...control}
                min={per === 1 ? 1 : 0}
                step={step}
                className="text-right"
                value={value === null ? null : value / per}
                onChange={(typed) =>
                  setNumbers({
                    ...numbers,
                    [name]: typed === null ? null : Math.round(typed * per),
                  })
                }
              />
            )}
          </Field>
        );
      })}
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
