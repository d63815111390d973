import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button";

type Props = { secret: string; note?: ReactNode; label?: string };

/** A new key or link, in the only moment in which it can be read. */
export function SecretOnce({ secret, note, label = t`Copy key` }: Props) {
  return (
    <div className="rounded-md border border-accent/40 bg-accent-soft p-3">
      <p className="mb-2 wrap-anywhere text-sm font-medium text-accent">
        {note ?? <Trans>Copy this key now. It is shown only once.</Trans>}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <code
          data-testid="secret"
          className="min-w-0 flex-1 rounded border border-line2 bg-panel px-2 py-1 font-mono text-xs break-all"
        >
          {secret}
        </code>
        <CopyButton text={secret} label={label} />
      </div>
    </div>
  );
}
