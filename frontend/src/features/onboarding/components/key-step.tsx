import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@/components/button";
import { SecretOnce } from "@/components/secret-once";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useCreateGatewayKey, useGatewayKeys } from "../api/onboarding";

type Props = { secret: string | null; onSecret: (secret: string) => void };

export function KeyStep({ secret, onSecret }: Props) {
  const { slug, may } = useTenant();
  const keys = useGatewayKeys(slug);
  const create = useCreateGatewayKey(slug);

  if (secret) {
    return (
      <div className="p-3.5">
        <SecretOnce secret={secret} />
      </div>
    );
  }
  const count = keys.data?.length ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 p-3.5">
      <p className="min-w-0 flex-1 basis-64 text-mute">
        {count > 0
          ? t`This workspace has ${plural(count, { one: "# gateway key", other: "# gateway keys" })} already. Use one you have, or make another: a key is shown only once.`
          : t`Agents sign in with a key of this workspace. It is shown only once.`}
      </p>
      <Button
        variant="primary"
        isBusy={create.isPending}
        disabled={!may("admin")}
        onClick={() =>
          create.mutate(t`My first agent`, { onSuccess: (key) => onSecret(key.secret) })
        }
      >
        <Trans>Create a key</Trans>
      </Button>
      {!may("admin") && (
        <p className="w-full text-xs text-mute">
          <Trans>Ask an admin for a key.</Trans>
        </p>
      )}
      {create.isError && (
        <p role="alert" className="w-full text-bad">
          {errorText(create.error)}
        </p>
      )}
    </div>
  );
}
