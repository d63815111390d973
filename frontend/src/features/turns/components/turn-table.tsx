import { plural, t } from "@lingui/core/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { useRef } from "react";
import { NewRowsPill } from "@/components/new-rows-pill";
import type { FoundTurn } from "../api/turns";
import { columnsOf, layoutOf, TurnRow } from "./turn-row";

const ROW_HEIGHT = 34;
/** Further from the top than this, the reader has left it. */
const TOP_PX = 8;

type Props = {
  turns: FoundTurn[];
  current: string | null;
  newCount: number;
  isBestFirst: boolean;
  /** Words were looked for: what was found of them is what matters. */
  isFound: boolean;
  hasMore: boolean;
  onLoadMore: () => void;
  onLeaveTop: () => void;
  onReachTop: () => void;
  onPeek: (id: string) => void;
};

export function TurnTable({
  turns,
  current,
  newCount,
  isBestFirst,
  isFound,
  hasMore,
  onPeek,
  ...on
}: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtTop = useRef(true);
  const layout = layoutOf(isFound);
  const virtual = useVirtualizer({
    count: turns.length,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => scroller.current,
    getItemKey: (i) => turns[i]?.id ?? i,
    overscan: 12,
  });

  function onScroll() {
    const top = scroller.current?.scrollTop ?? 0;
    const isNowAtTop = top <= TOP_PX;
    if (isNowAtTop !== isAtTop.current) {
      isAtTop.current = isNowAtTop;
      if (isNowAtTop) on.onReachTop();
      else on.onLeaveTop();
    }
    const rest = virtual.getTotalSize() - top - (scroller.current?.clientHeight ?? 0);
    if (hasMore && rest < 20 * ROW_HEIGHT) on.onLoadMore();
  }

  function showNew() {
    scroller.current?.scrollTo({ top: 0 });
    isAtTop.current = true;
    on.onReachTop();
  }

  return (
    <div className="@container relative flex min-h-0 flex-1 flex-col bg-panel">
      {newCount > 0 && (
        <NewRowsPill onClick={showNew} className="absolute top-10 left-1/2 -translate-x-1/2">
          {plural(newCount, { one: "# new turn", other: "# new turns" })}
        </NewRowsPill>
      )}
      <div
        ref={scroller}
        onScroll={onScroll}
        role="table"
        aria-label={isBestFirst ? t`Turns, best match first` : t`Turns, newest first`}
        aria-rowcount={hasMore ? -1 : turns.length + 1}
        className="min-h-0 flex-1 overflow-y-auto"
        data-testid="turn-scroller"
      >
        <div role="rowgroup" className="sticky top-0 z-5 bg-panel">
          <div
            role="row"
            aria-rowindex={1}
            className={clsx(layout.grid, "h-8 border-b border-line2 text-xs text-mute")}
          >
            {columnsOf(layout).map(({ id, name, className }) => (
              <span key={id} role="columnheader" className={className}>
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const turn = turns[item.index];
            return (
              turn && (
                <TurnRow
                  key={item.key}
                  turn={turn}
                  layout={layout}
                  top={item.start}
                  index={item.index + 2}
                  isCurrent={turn.id === current}
                  onPeek={onPeek}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
