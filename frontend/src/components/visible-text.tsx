import { t } from "@lingui/core/macro";
import { visibleParts } from "@/lib/visible";

/** Text in which characters that cannot be seen are written out. */
export function VisibleText({ text }: { text: string }) {
  return visibleParts(text).map((part, i) =>
    part.isHidden ? (
      <span
        key={i}
        title={t`A character that cannot be seen`}
        className="mx-px rounded-sm bg-bad px-0.5 text-[10px] text-panel"
      >
        {part.text}
      </span>
    ) : (
      // Isolated, so that right-to-left letters cannot reorder what stands around them.
      <bdi key={i}>{part.text}</bdi>
    ),
  );
}

export function SourceView({ text }: { text: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <ol className="py-2 font-mono text-xs leading-[1.7]">
      {lines.map((line, i) => (
        <li key={i} className="grid grid-cols-[46px_1fr]">
          <span aria-hidden className="pr-3.5 text-right text-mute select-none">
            {i + 1}
          </span>
          <span className="pr-4 break-words whitespace-pre-wrap">
            <VisibleText text={line} />
          </span>
        </li>
      ))}
    </ol>
  );
}
