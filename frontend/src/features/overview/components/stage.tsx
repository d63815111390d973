import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";

type StageProps = {
  name: string;
  value: ReactNode;
  note: string;
  /** Stands behind the note. */
  more?: ReactNode;
  aside?: ReactNode;
  tag?: ReactNode;
  isWaiting?: boolean;
  isLast?: boolean;
};

/** One station of the loop: a number, what it counts, and what there is to do. */
export function Stage({ name, value, note, more, aside, tag, isWaiting, isLast }: StageProps) {
  return (
    <li className="relative flex min-w-0 items-center gap-2 border-line px-3.5 py-3 not-last:border-b lg:not-last:border-r lg:not-last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 text-sm whitespace-nowrap text-mute">
          {isWaiting && (
            <span className="live size-1.5 shrink-0 rounded-full bg-accent" aria-hidden />
          )}
          {name}
          {tag}
        </p>
        <p className="truncate text-[22px] leading-8 font-semibold tracking-tight [&_a:hover]:underline [&_a]:decoration-1 [&_a]:underline-offset-4">
          {value}
        </p>
        <p className="truncate text-xs text-mute [&_a]:hover:underline">
          {note}
          {more && <> · {more}</>}
        </p>
      </div>
      {aside}
      {!isLast && (
        <span
          aria-hidden
          className="absolute top-1/2 -right-2.5 z-10 hidden size-[18px] -translate-y-1/2 place-items-center rounded-full border border-line bg-panel text-mute lg:grid"
        >
          <ArrowRight className="size-2.5" />
        </span>
      )}
    </li>
  );
}
