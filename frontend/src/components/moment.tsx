import { t } from "@lingui/core/macro";
import { clsx } from "clsx";
import { type FocusEvent, type MouseEvent, type ReactNode, useId, useState } from "react";
import { createPortal } from "react-dom";
import { formatAgo, formatDay, formatHour, formatTime } from "@/lib/format";
import { useTenantZone } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { ownZone, timeIn } from "@/lib/zones";

const LOOKS = { time: formatTime, hour: formatHour, day: formatDay };

type Props = {
  at: string;
  look?: keyof typeof LOOKS | "ago";
  className?: string;
  /** Not a stop for the keyboard: one of very many, in a list of rows. */
  isStop?: boolean;
};

/**
 * A moment as the reader's clock shows it; pointed at or focused also as the workspace's does,
 * where that is another.
 */
export function Moment({ at, look = "time", className, isStop = true }: Props) {
  const zone = useTenantZone();
  const own = ownZone();
  const here = timeIn(at, own) ?? formatTime(at);
  const there = zone ? timeIn(at, zone) : null;
  const text = look === "ago" ? <AgoText at={at} /> : LOOKS[look](at);
  const classes = clsx("whitespace-nowrap", className);

  if (zone === null || there === null || there === here) {
    return (
      <time dateTime={at} title={formatTime(at)} className={classes}>
        {text}
      </time>
    );
  }
  return (
    <Elsewhere
      at={at}
      className={classes}
      isStop={isStop}
      lines={[t`Where you are: ${here} (${own})`, t`In the workspace: ${there} (${zone})`]}
    >
      {text}
    </Elsewhere>
  );
}

function AgoText({ at }: { at: string }) {
  return formatAgo(at, useNow());
}

type ElsewhereProps = {
  at: string;
  lines: string[];
  isStop: boolean;
  className: string;
  children: ReactNode;
};

/** From the tooltip to its moment, and how much room it needs above. */
const GAP = 4;
const ROOM = 60;

function Elsewhere({ at, lines, isStop, className, children }: ElsewhereProps) {
  const id = useId();
  const [place, setPlace] = useState<DOMRect | null>(null);
  // What is part of a link or a button is no stop of its own for the keyboard.
  const [isPart, setIsPart] = useState(true);
  const show = ({ currentTarget }: MouseEvent | FocusEvent) =>
    setPlace(currentTarget.getBoundingClientRect());
  const hide = () => setPlace(null);
  return (
    <>
      <time
        ref={(element) => setIsPart(element?.closest("a, button, summary, [role=option]") != null)}
        dateTime={at}
        aria-describedby={place ? id : undefined}
        tabIndex={isStop && !isPart ? 0 : undefined}
        onMouseEnter={show}
        onFocus={show}
        onMouseLeave={hide}
        onBlur={hide}
        onKeyDown={(event) => event.key === "Escape" && hide()}
        className={className}
      >
        {children}
      </time>
      {place &&
        createPortal(
          <div
            role="tooltip"
            id={id}
            style={
              place.top > ROOM
                ? { left: place.left, bottom: innerHeight - place.top + GAP }
                : { left: place.left, top: place.bottom + GAP }
            }
            className="fixed z-50 rounded-md border border-line2 bg-panel px-2 py-1 text-xs text-ink"
          >
            {lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>,
          document.body,
        )}
    </>
  );
}
