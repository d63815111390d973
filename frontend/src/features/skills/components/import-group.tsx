import type { ReactNode } from "react";
import { Tag, type Tone } from "@/components/tag";

type Props = { count: number; what: string; tone: Tone; note: string; children: ReactNode };

/** Skills of a file of which the same becomes; nothing where there are none. */
export function ImportGroup({ count, what, tone, note, children }: Props) {
  if (count === 0) return null;
  return (
    <section aria-label={`${count} ${what}`}>
      <p className="mb-1 flex items-center gap-2">
        <Tag tone={tone}>
          {count} {what}
        </Tag>
        <span className="text-xs text-mute">{note}</span>
      </p>
      <ul
        // Many names scroll by themselves; the keyboard needs a way to do that too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
        tabIndex={0}
        className="max-h-40 overflow-y-auto rounded-md border border-line px-3 py-1.5 font-mono text-xs leading-relaxed"
      >
        {children}
      </ul>
    </section>
  );
}
