import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import type { ApiKey } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Select } from "@/components/field";
import { Moment } from "@/components/moment";
import { SecretOnce } from "@/components/secret-once";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useRotateKey } from "../api/keys";

const OVERLAPS: [string, number][] = [
  [t`It ends at once`, 0],
  [t`An hour`, 1],
  [t`A day`, 24],
  [t`A week`, 24 * 7],
  [t`30 days`, 24 * 30],
];

type Props = { apiKey: ApiKey; isOpen: boolean; onClose: () => void };

export function RotateDialog({ apiKey, isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t`Rotate ${apiKey.name}`}>
      <RotateForm apiKey={apiKey} onClose={onClose} />
    </Dialog>
  );
}

function RotateForm({ apiKey, onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const [hours, setHours] = useState(24);
  const rotate = useRotateKey(slug);

  if (rotate.isSuccess) {
    const { secret, previous_until, previous_last4 } = rotate.data;
    return (
      <>
        <SecretOnce secret={secret} />
        <p className="mt-3 text-sm text-mute">
          {previous_until ? (
            <Trans>
              The secret ending in {previous_last4} works until <Moment at={previous_until} />.
            </Trans>
          ) : (
            <Trans>The old secret is refused from now on.</Trans>
          )}
        </p>
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
    rotate.mutate({ id: apiKey.id, overlap_hours: hours });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {rotate.isError && <Banner tone="bad" title={errorText(rotate.error)} />}
      <p className="text-sm text-mute">
        <Trans>
          It stays the same key, with its limits and its usage, and gets a new secret. Give that to
          whoever uses it while the old one still works.
        </Trans>
      </p>
      <Field
        label={t`The old secret works on for`}
        hint={apiKey.previous_until ? t`The one from the rotation before ends at once.` : undefined}
      >
        {(control) => (
          <Select
            {...control}
            value={hours}
            onChange={({ target }) => setHours(Number(target.value))}
          >
            {OVERLAPS.map(([text, value]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DialogFooter>
        <Button type="button" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={rotate.isPending}>
          <Trans>Rotate key</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
