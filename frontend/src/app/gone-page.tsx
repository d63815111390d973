import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { DoorClosed } from "lucide-react";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/states";
import { sessionQuery } from "@/features/session/api/session";

/** In the place of a workspace that was open a moment ago and is not any more. */
export function GonePage({ name }: { name: string }) {
  const router = useRouter();
  const { queryClient } = router.options.context;

  async function leave() {
    await queryClient.fetchQuery({ ...sessionQuery(), staleTime: 0 });
    await router.navigate({ to: "/" });
  }
  return (
    <main className="grid min-h-[60dvh] flex-1 place-items-center">
      <title>{t`Closed · MetaClaw`}</title>
      <EmptyState
        icon={DoorClosed}
        title={t`${name} is closed to you`}
        action={
          <Button variant="primary" onClick={() => void leave()}>
            <Trans>Go on without it</Trans>
          </Button>
        }
      >
        <Trans>You do not belong to this workspace any more, or it was deleted.</Trans>
      </EmptyState>
    </main>
  );
}
