import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useSession, useSignOut } from "@/features/session/api/session";
import { LoadDemoButton } from "@/features/workspaces/components/load-demo-button";
import { NewWorkspace } from "../new-workspace";

export function NoWorkspaceRoute() {
  const router = useRouter();
  const { user, creation_refusal } = useSession();
  const [isMaking, setIsMaking] = useState(false);
  const signOut = useSignOut(() => router.navigate({ to: "/sign-in" }));
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>{t`MetaClaw`}</title>
      <EmptyState
        icon={Building2}
        title={t`You belong to no workspace yet`}
        action={
          <>
            {creation_refusal === null && (
              <>
                <Button variant="primary" onClick={() => setIsMaking(true)}>
                  <Trans>Make one</Trans>
                </Button>
                <LoadDemoButton
                  refusal={null}
                  onMade={(tenant) =>
                    void router.navigate({ to: "/t/$tenant/overview", params: { tenant } })
                  }
                />
              </>
            )}
            <Button onClick={() => signOut.mutate()}>
              <Trans>Sign out</Trans>
            </Button>
          </>
        }
      >
        <Trans>Ask an owner to invite {user?.email}.</Trans>
      </EmptyState>
      <NewWorkspace isOpen={isMaking} onClose={() => setIsMaking(false)} />
    </main>
  );
}
