import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { Fragment, type ReactNode } from "react";

/** What one chip looks like; a chip is a link, wherever there is a page to go to. */
export const chipClass = clsx(
  "inline-flex h-6 max-w-full min-w-0 items-center truncate rounded-full border border-line2 bg-panel px-2.5 text-xs no-underline",
  "[a&]:hover:bg-sunk",
);

/** One step of where something comes from or went to; without chips it is left out. */
export type LineageStep = { name: string; chips: ReactNode[] };

/** A row of chips from what came first to what came of it. */
export function Lineage({ label, steps }: { label: string; steps: LineageStep[] }) {
  const shown = steps.filter(({ chips }) => chips.length > 0);
  if (shown.length === 0) return null;
  return (
    <nav aria-label={label}>
      <ol className="flex flex-wrap items-center gap-x-1 gap-y-1.5">
        {shown.map(({ name, chips }, i) => (
          <Fragment key={name}>
            {i > 0 && (
              <li aria-hidden className="text-mute">
                <ChevronRight className="size-3" />
              </li>
            )}
            <li className="flex max-w-full min-w-0 flex-wrap items-center gap-1">
              <span className="text-2xs text-mute">{name}</span>
              {chips}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

/** The rest of many, as a number: whoever wants them follows the link beside. */
export function Rest({ count }: { count: number }) {
  return <span className="text-2xs text-mute">+{count}</span>;
}
