import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Sparkles } from "lucide-react";

/** Text that MetaClaw added to the request, where the model read it. */
export function Injected({ text }: { text: string }) {
  return (
    <div className="rounded-md border border-dashed border-info/50 bg-info-soft/60 px-3 py-2">
      <p className="mb-1 flex items-center gap-1.5 text-xs font-medium text-info">
        <Sparkles className="size-3" aria-hidden />
        <Trans>Added by MetaClaw</Trans>
      </p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
        tabIndex={0}
        aria-label={t`Added text`}
        className="max-h-96 overflow-y-auto text-sm break-words whitespace-pre-wrap"
      >
        {text}
      </section>
    </div>
  );
}
