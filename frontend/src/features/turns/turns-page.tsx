import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useMemo, useState } from "react";
import type { ListedTurn } from "@/client/contract";
import { PaneHeader } from "@/components/page";
import { ErrorState, LoadingRows } from "@/components/states";
import { usePageKey } from "@/lib/hotkeys";
import { useHeldTop } from "@/lib/live-list";
import { useTenant } from "@/lib/tenant";
import { useTurnList, useTurnSearch } from "./api/turns";
import { ExportThese } from "./components/export-these";
import { NoTurns } from "./components/no-turns";
import { TurnFilterBar } from "./components/turn-filter-bar";
import { TurnPeek } from "./components/turn-peek";
import { TurnTable } from "./components/turn-table";
import { filtersOf, type TurnFilters, type TurnSearch } from "./filters";

type Props = {
  search: TurnSearch;
  /** What the reader keeps of these filters. */
  saved: ReactNode;
  onSearch: (search: TurnSearch) => void;
  onOpen: (id: string) => void;
};

const NONE: ListedTurn[] = [];

export function TurnsPage({ search, saved, onSearch, onOpen }: Props) {
  const { slug } = useTenant();
  const filters = useMemo(() => filtersOf(search), [search]);
  // Only what is looked for with words has a best.
  const isBestFirst = search.order === "best" && filters.q !== undefined;
  const newest = useTurnList(slug, filters, !isBestFirst);
  const best = useTurnSearch(slug, filters, isBestFirst);
  const list = isBestFirst ? { ...best, head: best.turns, older: NONE, hasMore: false } : newest;
  // While the reader is down the list it keeps its top; newer turns wait behind the pill.
  const { newCount, hold, release } = useHeldTop(list.head);
  const [cursor, setCursor] = useState<string | null>(null);

  const turns = useMemo(
    () => [...list.head.slice(newCount), ...list.older],
    [list.head, list.older, newCount],
  );
  const current = search.peek ?? cursor;

  function move(step: 1 | -1) {
    const at = turns.findIndex((turn) => turn.id === current);
    const next = turns[at < 0 ? 0 : at + step];
    if (!next) return;
    setCursor(next.id);
    if (search.peek) onSearch({ ...search, peek: next.id });
  }

  function peek(id: string) {
    // There is no room for a side panel on a small screen.
    if (!window.matchMedia("(min-width: 1024px)").matches || search.peek === id) onOpen(id);
    else onSearch({ ...search, peek: id });
  }

  function closePeek() {
    setCursor(search.peek ?? null);
    set(filters);
  }

  function set(next: TurnFilters) {
    onSearch(next.q && search.order ? { ...next, order: search.order } : next);
  }

  usePageKey("j", () => move(1));
  usePageKey("k", () => move(-1));
  usePageKey("enter", () => current && peek(current), {
    enabled: (event) => !(event.target instanceof HTMLAnchorElement),
  });
  usePageKey("escape", closePeek, { enabled: search.peek !== undefined });

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <PaneHeader>
          <h1 className="text-base font-semibold">
            <Trans>Turns</Trans>
          </h1>
          {!list.isPending && (
            <p className="text-sm text-mute">
              {list.hasMore
                ? plural(turns.length, { one: "# turn loaded", other: "# turns loaded" })
                : plural(turns.length, { one: "# turn", other: "# turns" })}{" "}
              {isBestFirst && `· ${best.note || t`best match first`}`}
            </p>
          )}
          <ExportThese filters={filters} />
        </PaneHeader>
        <TurnFilterBar
          filters={filters}
          saved={saved}
          onChange={set}
          order={search.order}
          onOrder={(order) => onSearch(order ? { ...filters, order } : filters)}
        />
        {list.isPending && <LoadingRows rows={14} label={t`Loading turns`} />}
        {list.error && <ErrorState error={list.error} onRetry={list.retry} />}
        {!list.isPending && !list.error && turns.length === 0 && (
          <NoTurns filters={filters} onClear={() => onSearch({})} />
        )}
        {turns.length > 0 && (
          <TurnTable
            turns={turns}
            current={current}
            newCount={newCount}
            isBestFirst={isBestFirst}
            isFound={filters.q !== undefined}
            hasMore={list.hasMore}
            onLoadMore={newest.loadMore}
            onLeaveTop={hold}
            onReachTop={release}
            onPeek={peek}
          />
        )}
      </div>
      {search.peek && <TurnPeek key={search.peek} id={search.peek} onClose={closePeek} />}
    </div>
  );
}
