import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useSessions } from "./api/sessions";
import { SessionFilterBar } from "./components/session-filter-bar";
import { SessionTable } from "./components/session-table";
import type { SessionFilters } from "./filters";

type Props = {
  filters: SessionFilters;
  /** What the reader keeps of these filters. */
  saved: ReactNode;
  onFilter: (filters: SessionFilters) => void;
};

export function SessionsPage({ filters, saved, onFilter }: Props) {
  const { slug } = useTenant();
  const list = useSessions(slug, filters);
  const sessions = list.data?.pages.flatMap((page) => page.results) ?? [];
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page title={t`Sessions`} note={t`One conversation of one agent each, the latest first`}>
      <Panel>
        <SessionFilterBar filters={filters} saved={saved} onChange={onFilter} />
        {list.isPending && <LoadingRows rows={8} label={t`Loading sessions`} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && sessions.length === 0 && (
          <EmptyState
            icon={MessagesSquare}
            title={isFiltered ? t`No session matches` : t`No sessions yet`}
            action={
              isFiltered && (
                <Button onClick={() => onFilter({})}>
                  <Trans>Clear filters</Trans>
                </Button>
              )
            }
          >
            {isFiltered
              ? t`Another word, or a longer span of time, may find it.`
              : t`A session begins with the first request that an agent sends.`}
          </EmptyState>
        )}
        {sessions.length > 0 && <SessionTable sessions={sessions} />}
        {list.hasNextPage && (
          <div className="flex justify-center border-t border-line p-3">
            <Button isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              <Trans>Show earlier sessions</Trans>
            </Button>
          </div>
        )}
      </Panel>
    </Page>
  );
}
