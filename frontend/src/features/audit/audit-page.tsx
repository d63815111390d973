import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { RefreshCw, ScrollText } from "lucide-react";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useAudit, useRefreshAudit } from "./api/audit";
import { AuditFilterBar } from "./components/audit-filter-bar";
import { AuditList } from "./components/audit-list";
import { ChainPanel } from "./components/chain-panel";
import type { AuditFilters } from "./filters";

type Props = { filters: AuditFilters; onFilters: (filters: AuditFilters) => void };

/** Who did what to which thing, newest first, and whether the log is what was written. */
export function AuditPage({ filters, onFilters }: Props) {
  const { slug, may } = useTenant();
  const isAdmin = may("admin");
  const events = useAudit(slug, filters, isAdmin);
  const refresh = useRefreshAudit(slug);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page
      title={t`Audit`}
      note={t`Who did what here; nothing of it can be changed or removed`}
      actions={
        isAdmin && (
          <Button isBusy={events.isRefetching} onClick={() => void refresh()}>
            <RefreshCw aria-hidden />
            <Trans>Refresh</Trans>
          </Button>
        )
      }
    >
      {!isAdmin && (
        <Panel>
          <EmptyState icon={ScrollText} title={t`Admins and above read the audit log`}>
            <Trans>
              It names people, keys and what they did. Ask an admin if you miss something.
            </Trans>
          </EmptyState>
        </Panel>
      )}
      {isAdmin && (
        <>
          <ChainPanel latest={isFiltered ? undefined : events.data?.[0]?.sequence} />
          <AuditFilterBar filters={filters} onFilters={onFilters} />
          <Panel>
            {events.isPending && <LoadingRows rows={10} label={t`Loading the audit log`} />}
            {events.isError && (
              <ErrorState error={events.error} onRetry={() => void events.refetch()} />
            )}
            {events.data?.length === 0 && <NoEvents isFiltered={isFiltered} />}
            {events.data && events.data.length > 0 && <AuditList events={events.data} />}
          </Panel>
          {events.hasNextPage && (
            <div className="mt-3 text-center">
              <Button
                isBusy={events.isFetchingNextPage}
                onClick={() => void events.fetchNextPage()}
              >
                <Trans>Show more</Trans>
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

function NoEvents({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState icon={ScrollText} title={t`Nothing like this was noted`}>
      <Trans>Take a filter away to see more.</Trans>
    </EmptyState>
  ) : (
    <EmptyState icon={ScrollText} title={t`Nothing was noted yet`}>
      <Trans>Keys, members, decisions and settings leave their traces here.</Trans>
    </EmptyState>
  );
}
