import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useKeys } from "./api/keys";
import { KeyTable } from "./components/key-table";
import { NewKeyDialog } from "./components/new-key-dialog";

export function KeysPage() {
  const { slug, may } = useTenant();
  const keys = useKeys(slug);
  const [isCreating, setIsCreating] = useState(false);
  const createButton = (
    <Button variant="primary" disabled={!may("admin")} onClick={() => setIsCreating(true)}>
      <Plus aria-hidden />
      <Trans>New key</Trans>
    </Button>
  );

  return (
    <Page
      title={t`Keys`}
      note={
        may("admin") ? t`What agents and integrations sign in with` : t`Only admins change keys`
      }
      actions={createButton}
    >
      <Panel>
        {keys.isPending && <LoadingRows rows={4} label={t`Loading keys`} />}
        {keys.isError && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
        {keys.isSuccess &&
          (keys.data.length > 0 ? (
            <KeyTable keys={keys.data} />
          ) : (
            <EmptyState icon={KeyRound} title={t`No keys yet`} action={createButton}>
              <Trans>An agent needs a key with the gateway scope to send requests.</Trans>
            </EmptyState>
          ))}
      </Panel>
      <NewKeyDialog isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </Page>
  );
}
