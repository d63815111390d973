import { formatDay } from "@/lib/format";

type Day = { day: string; value: number; text: string };
type Props = { days: Day[]; label: string };

/** One bar a day; the numbers stand in a table beside it, and on the bar under the pointer. */
export function DayBars({ days, label }: Props) {
  const most = Math.max(...days.map(({ value }) => value), 0);
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure className="px-3.5 pt-3 pb-2">
      <div role="img" aria-label={label} className="flex h-24 items-end gap-[3px]">
        {days.map(({ day, value, text }) => (
          <div
            key={day}
            title={`${named(day)}: ${text}`}
            className="flex h-full min-w-0 flex-1 items-end border-b border-line2 hover:bg-sunk"
          >
            {value > 0 && (
              // A day with a little is not a day with nothing.
              <div
                className="min-h-[2px] w-full rounded-t-xs bg-(--s1)"
                style={{ height: `${(100 * value) / most}%` }}
              />
            )}
          </div>
        ))}
      </div>
      {first && last && (
        <figcaption className="mt-1 flex justify-between text-xs text-mute">
          <span>{named(first.day)}</span>
          <span>{named(last.day)}</span>
        </figcaption>
      )}
    </figure>
  );
}

/** The day as it is written, in whatever zone it is read. */
const named = (day: string) => formatDay(`${day}T12:00:00`);
