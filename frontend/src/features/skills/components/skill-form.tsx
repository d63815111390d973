import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { LazyEditor } from "@/components/lazy-editor";
import { errorText } from "@/lib/api";
import { FieldProblems } from "./field-problems";

type Props = {
  initial: string;
  error: Error | null;
  isBusy: boolean;
  action: string;
  note: ReactNode;
  onSave: (text: string) => void;
  onCancel: () => void;
};

/** The editor of a SKILL.md with its problems above and its buttons below. */
export function SkillForm({ initial, error, isBusy, action, note, onSave, onCancel }: Props) {
  // A refetch underneath must not restart the editor.
  const [start] = useState(initial);
  const [text, setText] = useState(initial);
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-panel">
      {error && (
        <div className="border-b border-line p-2.5">
          <Banner tone="bad" title={t`Not saved. ${errorText(error)}`}>
            <FieldProblems error={error} />
          </Banner>
        </div>
      )}
      <div className="min-h-0 flex-1">
        <LazyEditor initial={start} label={t`Text of the skill`} onChange={setText} />
      </div>
      <footer className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-t border-line px-3.5 py-2">
        <Button variant="primary" isBusy={isBusy} onClick={() => onSave(text)}>
          {action}
        </Button>
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <p className="ml-auto text-xs text-mute">{note}</p>
      </footer>
    </div>
  );
}
