import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { type PointerEvent, useState } from "react";
import { DAY_MINUTES } from "@/lib/local-time";
import { drawn, type Edge, type Hours, type Part, partsOf, pulled } from "../week-hours";
import { WEEKDAYS } from "../weekdays";

const MARKS = [0, 6, 12, 18, 24];

type Props = { hours: Hours[]; isFull: boolean; onChange: (hours: Hours[]) => void };
type Drag =
  | { kind: "new"; weekday: number; from: number; to: number }
  | ({ kind: "edge"; isNextDay: boolean } & Edge);

/**
 * The week as it is typed below, to be drawn with a pointer: along an empty day for new hours, at
 * an end to move it. Everything here can be done in the fields as well.
 */
export function HoursStrip({ hours, isFull, onChange }: Props) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const shown = drag?.kind === "new" ? [...hours, drawn(drag.weekday, drag.from, drag.to)] : hours;
  const parts = partsOf(shown);

  function begin(event: PointerEvent<HTMLElement>, weekday: number) {
    if (isFull || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = minuteAt(event);
    setDrag({ kind: "new", weekday, from: at, to: at });
  }

  function move(event: PointerEvent<HTMLElement>) {
    if (!drag) return;
    const at = minuteAt(event);
    if (drag.kind === "new") return setDrag({ ...drag, to: at });
    const { place, end, isNextDay } = drag;
    onChange(hours.map((row, n) => (n === place ? pulled(row, end, isNextDay, at) : row)));
  }

  function finish() {
    if (drag?.kind === "new") onChange([...hours, drawn(drag.weekday, drag.from, drag.to)]);
    setDrag(null);
  }

  return (
    <div aria-hidden className="mb-2 select-none">
      {WEEKDAYS.map((day, weekday) => (
        <div key={day} className="grid grid-cols-[36px_minmax(0,1fr)] items-center gap-x-2">
          <span className="text-2xs text-mute">{day.slice(0, 3)}</span>
          <div
            data-day={weekday}
            className="relative my-0.5 h-4 touch-none rounded-sm bg-sunk cursor-crosshair"
            onPointerDown={(event) => begin(event, weekday)}
            onPointerMove={move}
            onPointerUp={finish}
            onPointerCancel={() => setDrag(null)}
          >
            {parts
              .filter((part) => part.weekday === weekday)
              .map((part) => (
                <Bar
                  key={`${part.place}-${part.hasStart}`}
                  part={part}
                  isNew={part.place === hours.length}
                  onEdge={(end) =>
                    setDrag({ kind: "edge", place: part.place, end, isNextDay: !part.hasStart })
                  }
                />
              ))}
          </div>
        </div>
      ))}
      <div className="grid grid-cols-[36px_minmax(0,1fr)] gap-x-2">
        <span className="col-start-2 flex justify-between text-2xs text-mute tabular-nums">
          {MARKS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
      </div>
      <p className="mt-1 text-2xs text-mute">
        <Trans>Draw along a day for new hours; pull an end to move it.</Trans>
      </p>
    </div>
  );
}

type BarProps = { part: Part; isNew: boolean; onEdge: (end: Edge["end"]) => void };

function Bar({ part, isNew, onEdge }: BarProps) {
  return (
    <span
      className={clsx(
        "absolute inset-y-0 rounded-sm",
        isNew ? "bg-ok/40" : "bg-ok/70",
        // The row below it hears the pointer while something is pulled.
        "pointer-events-none",
      )}
      style={{ left: share(part.from), width: share(part.to - part.from) }}
    >
      {part.hasStart && !isNew && <Handle side="left" onPull={() => onEdge("starts")} />}
      {part.hasEnd && !isNew && <Handle side="right" onPull={() => onEdge("ends")} />}
    </span>
  );
}

function Handle({ side, onPull }: { side: "left" | "right"; onPull: () => void }) {
  return (
    <span
      data-handle={side}
      className={clsx(
        "pointer-events-auto absolute -inset-y-0.5 w-2.5 cursor-ew-resize touch-none",
        side === "left" ? "-left-1" : "-right-1",
      )}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.closest("[data-day]")?.setPointerCapture(event.pointerId);
        onPull();
      }}
    />
  );
}

/** The minute of the day under the pointer, from the row that has captured it. */
function minuteAt(event: PointerEvent<HTMLElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return box.width === 0 ? 0 : ((event.clientX - box.left) / box.width) * DAY_MINUTES;
}

const share = (minutes: number) => `${(100 * minutes) / DAY_MINUTES}%`;
