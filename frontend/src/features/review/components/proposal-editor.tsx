import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { LazyEditor } from "@/components/lazy-editor";
import { ApiError, errorText } from "@/lib/api";

type Props = {
  text: string;
  error: Error | null;
  isBusy: boolean;
  onSave: (text: string) => void;
  onCancel: () => void;
};

export function ProposalEditor({ text, error, isBusy, onSave, onCancel }: Props) {
  // The text that editing began with: a reload underneath must not restart the editor.
  const [initial] = useState(text);
  const [draft, setDraft] = useState(text);
  const problems = error instanceof ApiError ? (error.fields.text ?? []) : [];
  const isConflict = error instanceof ApiError && error.status === 409;
  return (
    <>
      {error && !isConflict && (
        <div className="border-b border-line p-2.5">
          <Banner tone="bad" title={t`Not saved`}>
            {problems.length > 0 ? problems.join(" ") : errorText(error)}
          </Banner>
        </div>
      )}
      <div className="min-h-0 flex-1">
        <LazyEditor initial={initial} label={t`Text of the skill`} onChange={setDraft} />
      </div>
      <footer className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-panel px-3.5 py-2">
        <Button
          variant="primary"
          disabled={draft === text}
          isBusy={isBusy}
          onClick={() => onSave(draft)}
        >
          <Trans>Save</Trans>
        </Button>
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <p className="ml-auto text-xs text-mute">
          <Trans>Saving does not approve.</Trans>
        </p>
      </footer>
    </>
  );
}
