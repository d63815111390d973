import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import type { Scope } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Checkbox, Field, Input, Select } from "@/components/field";
import { SecretOnce } from "@/components/secret-once";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useCreateKey } from "../api/keys";
import { KeyOptions, NO_OPTIONS } from "./key-options";

const SCOPES: Record<Scope, string> = {
  gateway: t`Send requests through the gateway. This is what agents need.`,
  read: t`Read turns, skills and proposals over REST.`,
  review: t`Approve, edit and reject proposals.`,
  admin: t`Change keys, upstreams and settings.`,
};

const LIFETIMES: [string, number | null][] = [
  [t`Never`, null],
  [t`In 7 days`, 7],
  [t`In 30 days`, 30],
  [t`In 90 days`, 90],
  [t`In a year`, 365],
];

type Props = { isOpen: boolean; onClose: () => void };

export function NewKeyDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t`New key`}>
      <NewKeyForm onClose={onClose} />
    </Dialog>
  );
}

function NewKeyForm({ onClose }: { onClose: () => void }) {
  const { slug } = useTenant();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["gateway"]);
  const [days, setDays] = useState<number | null>(null);
  const [options, setOptions] = useState(NO_OPTIONS);
  const create = useCreateKey(slug);
  const sends = scopes.includes("gateway");
  // Addresses end up in logs: nothing but requests may come of what is found there.
  const onlySends = sends && scopes.length === 1;
  const fields = create.error instanceof ApiError ? create.error.fields : {};

  if (create.isSuccess) {
    return (
      <>
        <SecretOnce secret={create.data.secret} />
        <DialogFooter>
          <Button variant="primary" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </DialogFooter>
      </>
    );
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({
      name: name.trim(),
      scopes,
      expires_at: expiry(days),
      ...(sends ? options : NO_OPTIONS),
      path_allowed: onlySends && options.path_allowed,
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {create.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(create.error)} />
      )}
      <Field label={t`Name`} hint={t`Who or what uses it.`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">
          <Trans>Scopes</Trans>
        </legend>
        {(Object.keys(SCOPES) as Scope[]).map((scope) => (
          <Checkbox
            key={scope}
            label={scope}
            hint={SCOPES[scope]}
            checked={scopes.includes(scope)}
            onChange={() => setScopes(toggle(scopes, scope))}
          />
        ))}
        {fields.scopes && <p className="text-xs text-bad">{fields.scopes.join(" ")}</p>}
      </fieldset>
      <Field label={t`Expires`} errors={fields.expires_at}>
        {(control) => (
          <Select
            {...control}
            value={days ?? ""}
            onChange={(event) => setDays(event.target.value ? Number(event.target.value) : null)}
          >
            {LIFETIMES.map(([text, value]) => (
              <option key={text} value={value ?? ""}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {sends && (
        <KeyOptions
          options={options}
          onChange={setOptions}
          mayBeInPath={onlySends}
          errors={fields}
        />
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          type="submit"
          variant="primary"
          isBusy={create.isPending}
          disabled={scopes.length === 0}
        >
          <Trans>Create key</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}

function toggle(scopes: Scope[], scope: Scope): Scope[] {
  return scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope];
}

function expiry(days: number | null): string | null {
  return days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString();
}
