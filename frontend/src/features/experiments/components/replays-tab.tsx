import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Scale } from "lucide-react";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useReplays } from "../api/replays";
import type { ReplayFilters } from "../search";
import { ReplayFilterBar } from "./replay-filter-bar";
import { ReplayTable } from "./replay-table";

type Props = { filters: ReplayFilters; onFilters: (filters: ReplayFilters) => void };

/** Every replay there was: of proposals on recorded turns, and of single turns. */
export function ReplaysTab({ filters, onFilters }: Props) {
  const { slug } = useTenant();
  const replays = useReplays(slug, filters);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <ReplayFilterBar filters={filters} onFilters={onFilters} />
      <Panel>
        {replays.isPending && <LoadingRows rows={6} label={t`Loading replays`} />}
        {replays.isError && (
          <ErrorState error={replays.error} onRetry={() => void replays.refetch()} />
        )}
        {replays.data && replays.data.length > 0 && <ReplayTable replays={replays.data} />}
        {replays.data?.length === 0 &&
          (isFiltered ? (
            <EmptyState
              icon={Scale}
              title={t`No replay is like this`}
              action={
                <Button onClick={() => onFilters({})}>
                  <Trans>Show all</Trans>
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Scale} title={t`Nothing has been asked again yet`}>
              <Trans>
                Try a proposal on recorded turns in Review, or open a turn and ask it again with or
                without a skill.
              </Trans>
            </EmptyState>
          ))}
      </Panel>
      {replays.hasNextPage && (
        <div className="mt-3 text-center">
          <Button isBusy={replays.isFetchingNextPage} onClick={() => void replays.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </>
  );
}
