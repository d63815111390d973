import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ScrollText } from "lucide-react";
import { type UIEvent, useRef } from "react";
import { Button } from "@/components/button";
import { NewRowsPill } from "@/components/new-rows-pill";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useHeldTop } from "@/lib/live-list";
import { useTenant } from "@/lib/tenant";
import { useAudit } from "../api/audit";
import type { AuditFilters } from "../filters";
import { AuditFilterBar } from "./audit-filter-bar";
import { AuditList } from "./audit-list";
import { ChainPanel } from "./chain-panel";

/** Further from the top than this, the reader has left it. */
const TOP_PX = 8;

type Props = {
  title: string;
  note: string;
  filters: AuditFilters;
  onFilters: (filters: AuditFilters) => void;
};

/** Who did what to which thing, newest first, and whether the log is what was written. */
export function AuditLog({ title, note, filters, onFilters }: Props) {
  const { slug } = useTenant();
  const log = useAudit(slug, filters, true);
  const { newCount, hold, release, catchUp } = useHeldTop(log.head);
  const scroller = useRef<HTMLElement | null>(null);
  // What is being read stays where it is: further down, and an event that is open.
  const reading = useRef({ isDown: false, isOpen: false });
  const events = [...log.head.slice(newCount), ...log.older];
  const isFiltered = Object.keys(filters).length > 0;

  function reads(change: Partial<typeof reading.current>) {
    const before = isReading(reading.current);
    Object.assign(reading.current, change);
    const now = isReading(reading.current);
    if (now && !before) hold();
    if (!now && before) release();
  }

  function onScroll({ currentTarget }: UIEvent<HTMLElement>) {
    scroller.current = currentTarget;
    reads({ isDown: currentTarget.scrollTop > TOP_PX });
  }

  function showNew() {
    catchUp();
    scroller.current?.scrollTo({ top: 0 });
  }

  return (
    <Page title={title} note={note} onScroll={onScroll}>
      <ChainPanel latest={isFiltered ? undefined : log.head[0]?.sequence} />
      <AuditFilterBar
        filters={filters}
        onFilters={(next) => {
          reading.current.isOpen = false;
          onFilters(next);
        }}
      />
      {newCount > 0 && (
        // Without a height of its own: nothing moves when it comes.
        <div className="sticky top-2 z-10 flex h-0 justify-center">
          <NewRowsPill onClick={showNew}>
            {plural(newCount, { one: "# new event", other: "# new events" })}
          </NewRowsPill>
        </div>
      )}
      <Panel>
        {log.isPending && <LoadingRows rows={10} label={t`Loading the audit log`} />}
        {log.error && <ErrorState error={log.error} onRetry={log.retry} />}
        {!log.isPending && !log.error && events.length === 0 && (
          <NoEvents isFiltered={isFiltered} />
        )}
        {events.length > 0 && <AuditList events={events} onOpen={(isOpen) => reads({ isOpen })} />}
      </Panel>
      {log.hasMore && (
        <div className="mt-3 text-center">
          <Button isBusy={log.isLoadingMore} onClick={log.loadMore}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </Page>
  );
}

const isReading = ({ isDown, isOpen }: { isDown: boolean; isOpen: boolean }) => isDown || isOpen;

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
