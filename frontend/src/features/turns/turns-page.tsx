import { useMemo, useState } from "react";
import { PaneHeader } from "@/components/page";
import { ErrorState, LoadingRows } from "@/components/states";
import { plural } from "@/lib/format";
import { usePageKey } from "@/lib/hotkeys";
import { useTenant } from "@/lib/tenant";
import { useTurnList } from "./api/turns";
import { ExportThese } from "./components/export-these";
import { NoTurns } from "./components/no-turns";
import { TurnFilterBar } from "./components/turn-filter-bar";
import { TurnPeek } from "./components/turn-peek";
import { TurnTable } from "./components/turn-table";
import { filtersOf, type TurnSearch } from "./filters";

type Props = {
  search: TurnSearch;
  onSearch: (search: TurnSearch) => void;
  onOpen: (id: string) => void;
};

export function TurnsPage({ search, onSearch, onOpen }: Props) {
  const { slug } = useTenant();
  const filters = useMemo(() => filtersOf(search), [search]);
  const list = useTurnList(slug, filters);
  // While the reader is down the list it keeps its top; newer turns wait behind the pill.
  const [heldTop, setHeldTop] = useState<string | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);

  const heldAt = list.head.findIndex((turn) => turn.id === heldTop);
  const newCount = Math.max(0, heldAt);
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
    onSearch(filters);
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
          <h1 className="text-base font-semibold">Turns</h1>
          {!list.isPending && (
            <p className="text-sm text-mute">
              {plural(turns.length, "turn")} {list.hasMore && "loaded"}
            </p>
          )}
          <ExportThese filters={filters} />
        </PaneHeader>
        <TurnFilterBar filters={filters} onChange={(next) => onSearch(next)} />
        {list.isPending && <LoadingRows rows={14} label="Loading turns" />}
        {list.error && <ErrorState error={list.error} onRetry={list.retry} />}
        {!list.isPending && !list.error && turns.length === 0 && (
          <NoTurns filters={filters} onClear={() => onSearch({})} />
        )}
        {turns.length > 0 && (
          <TurnTable
            turns={turns}
            current={current}
            newCount={newCount}
            hasMore={list.hasMore}
            onLoadMore={list.loadMore}
            onLeaveTop={() => setHeldTop(turns[0]?.id ?? null)}
            onReachTop={() => setHeldTop(null)}
            onPeek={peek}
          />
        )}
      </div>
      {search.peek && <TurnPeek key={search.peek} id={search.peek} onClose={closePeek} />}
    </div>
  );
}
