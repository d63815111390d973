import type { ExcerptPart } from "@/client/contract";

/** A piece of a text with what was looked for marked in it. */
export function Excerpt({ parts }: { parts: ExcerptPart[] }) {
  return parts.map(({ text, is_hit }, i) =>
    is_hit ? (
      <mark key={i} className="rounded-xs bg-hit text-ink">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
