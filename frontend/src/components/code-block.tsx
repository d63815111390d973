import { t } from "@lingui/core/macro";
import { CopyButton } from "./copy-button";

type Props = { code: string; label?: string; isCopyable?: boolean };

export function CodeBlock({ code, label = "code", isCopyable = true }: Props) {
  return (
    <div className="relative rounded-md border border-line bg-sunk">
      <section
        // A long line scrolls sideways; the keyboard needs a way to do that too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
        tabIndex={0}
        aria-label={label}
        className="overflow-x-auto"
      >
        <pre className="p-3 pr-10 font-mono text-xs leading-relaxed">{code}</pre>
      </section>
      {isCopyable && (
        <span className="absolute top-1 right-1 rounded-md bg-sunk">
          <CopyButton text={code} label={t`Copy ${label}`} isIcon variant="ghost" />
        </span>
      )}
    </div>
  );
}
