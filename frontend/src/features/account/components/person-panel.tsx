import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Account } from "@/client/contract";
import { Button } from "@/components/button";
import { Field, Input } from "@/components/field";
import { Panel } from "@/components/panel";
import { ApiError } from "@/lib/api";
import { useRename } from "../api/account";
import { sayRefused } from "../refused";

export function PersonPanel({ account }: { account: Account }) {
  const [name, setName] = useState(account.name);
  const rename = useRename();
  const fields = rename.error instanceof ApiError ? rename.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    rename.mutate(name.trim(), {
      onSuccess: () => toast.success(t`Name saved.`),
      onError: sayRefused,
    });
  }

  return (
    <Panel title={t`You`}>
      <form onSubmit={submit} className="flex flex-col gap-3.5 p-3.5">
        <Field label={t`Email`} hint={t`You sign in with it. It cannot be changed here.`}>
          {(control) => <Input {...control} value={account.email} readOnly disabled />}
        </Field>
        <Field label={t`Name`} hint={t`What others see beside what you do.`} errors={fields.name}>
          {(control) => (
            <Input
              {...control}
              maxLength={120}
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button
          type="submit"
          variant="primary"
          className="self-start"
          disabled={name.trim() === account.name}
          isBusy={rename.isPending}
        >
          <Trans>Save name</Trans>
        </Button>
      </form>
    </Panel>
  );
}
