import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plug, Plus } from "lucide-react";
import { useState } from "react";
import type { Upstream } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useUpstreams } from "./api/upstreams";
import { RoutesPanel } from "./components/routes-panel";
import { UpstreamCard } from "./components/upstream-card";
import { UpstreamDialog } from "./components/upstream-dialog";

export function UpstreamsPage() {
  const { slug, may } = useTenant();
  const upstreams = useUpstreams(slug);
  const [editing, setEditing] = useState<Upstream | "new" | null>(null);
  const serving = upstreams.data?.find((upstream) => upstream.uses.includes("serve"));
  const addButton = (
    <Button variant="primary" disabled={!may("admin")} onClick={() => setEditing("new")}>
      <Plus aria-hidden />
      <Trans>Add upstream</Trans>
    </Button>
  );

  return (
    <Page title={t`Upstreams`} note={t`The model providers behind the gateway`} actions={addButton}>
      {serving?.is_simulated && (
        <Banner title={t`The practice model is serving this workspace`} className="mb-3">
          <Trans>
            It is a simulated provider that ships with MetaClaw, good for watching the loop without
            any key. Add a real provider and let it serve to leave practice behind.
          </Trans>
        </Banner>
      )}
      {upstreams.isPending && (
        <Panel>
          <LoadingRows rows={3} label={t`Loading upstreams`} />
        </Panel>
      )}
      {upstreams.isError && (
        <ErrorState error={upstreams.error} onRetry={() => void upstreams.refetch()} />
      )}
      {upstreams.isSuccess && upstreams.data.length === 0 && (
        <Panel>
          <EmptyState icon={Plug} title={t`No upstream yet`} action={addButton}>
            <Trans>Until one serves, the gateway has nowhere to send requests.</Trans>
          </EmptyState>
        </Panel>
      )}
      <ul className="flex flex-col gap-3">
        {upstreams.data?.map((upstream) => (
          <UpstreamCard key={upstream.id} upstream={upstream} onEdit={() => setEditing(upstream)} />
        ))}
      </ul>
      {serving && (
        <p className="mt-3 text-xs text-mute">
          <Trans>Where no upstream judges or evolves, the serving one does it too.</Trans>
        </p>
      )}
      {upstreams.isSuccess && upstreams.data.length > 0 && <RoutesPanel />}
      <UpstreamDialog
        key={editing === null || editing === "new" ? "new" : editing.id}
        upstream={editing === "new" ? null : editing}
        isOpen={editing !== null}
        onClose={() => setEditing(null)}
      />
    </Page>
  );
}
