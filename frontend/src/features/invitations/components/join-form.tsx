import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useJoin } from "../api/invited";

type Props = { token: string; email: string; onJoined: (tenant: string) => void };

/** An account for whoever was invited; the address is the one that the invitation went to. */
export function JoinForm({ token, email, onJoined }: Props) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const join = useJoin(token, ({ tenant }) => onJoined(tenant));
  const fields = join.error instanceof ApiError ? join.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    join.mutate({ name: name.trim(), password });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {join.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(join.error)} />
      )}
      <Field label={t`Email`}>
        {(control) => (
          <Input
            {...control}
            type="email"
            name="email"
            autoComplete="username"
            readOnly
            value={email}
          />
        )}
      </Field>
      <Field label={t`Your name`} hint={t`As the others will see it.`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            autoComplete="name"
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t`Password`}
        hint={t`Ten characters or more, and not a common one.`}
        errors={fields.password}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            name="password"
            autoComplete="new-password"
            required
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={join.isPending} className="h-8">
        <Trans>Make an account and join</Trans>
      </Button>
    </form>
  );
}
