import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { TryoutAsked } from "@/client/contract";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { ApiError } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useTryout } from "../api/tryout";
import { PlaygroundForm } from "./playground-form";
import { TryoutResult } from "./tryout-result";

/** Type a message, see what the gateway would put into its prompt, and why. */
export function PlaygroundTab() {
  const { slug } = useTenant();
  const [asked, setAsked] = useState<TryoutAsked | null>(null);
  const tryout = useTryout(slug, asked);
  const fields = tryout.error instanceof ApiError ? tryout.error.fields : {};

  function ask(next: TryoutAsked) {
    setAsked(next);
    // The same again: the library may have moved meanwhile.
    if (asked !== null && JSON.stringify(next) === JSON.stringify(asked)) void tryout.refetch();
  }

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[380px_minmax(0,1fr)]">
      <PlaygroundForm
        onAsk={(next) => ask({ ...next, on_trial: asked?.on_trial ?? false })}
        isBusy={tryout.isFetching}
        errors={fields}
      />
      <div aria-live="polite" className="min-w-0">
        {asked === null && (
          <EmptyState title={t`Nothing asked yet`}>
            <Trans>
              Write a message as a user of your agent would. It is searched as the first message of
              a new session; no model is asked and nothing is recorded.
            </Trans>
          </EmptyState>
        )}
        {asked !== null && tryout.isPending && <LoadingRows rows={5} label={t`Choosing skills`} />}
        {tryout.isError && (
          <ErrorState error={tryout.error} onRetry={() => void tryout.refetch()} />
        )}
        {asked !== null && tryout.data && !tryout.isError && (
          <TryoutResult
            found={tryout.data}
            asked={asked}
            onArm={(on_trial) => ask({ ...asked, on_trial })}
          />
        )}
      </div>
    </div>
  );
}
