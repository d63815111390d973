import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useRehearseImport } from "../api/importing";
import { FieldProblems } from "./field-problems";
import { ImportDialog } from "./import-dialog";

type Props = { isDisabled: boolean; children: (importButton: ReactNode) => ReactNode };

/**
 * Takes a .zip or .md file from the picker, or dropped anywhere on the page.
 *
 * What would become of it is asked first; the dialog that shows it does the rest.
 */
export function ImportArea({ isDisabled, children }: Props) {
  const { slug, may } = useTenant();
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const rehearsal = useRehearseImport(slug, may("admin"));

  function take(file: File | undefined) {
    if (file && !isDisabled) rehearsal.mutate(file);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  }

  return (
    // Dropping is a second way; the button is the one for keyboards.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      data-testid="drop-area"
      className="relative flex min-h-0 flex-1 flex-col"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(!isDisabled);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={onDrop}
    >
      {rehearsal.isError && (
        <div className="p-3">
          <Banner
            tone="bad"
            title={t`Nothing was imported. ${errorText(rehearsal.error)}`}
            action={
              <Button onClick={() => rehearsal.reset()}>
                <Trans>Dismiss</Trans>
              </Button>
            }
          >
            <FieldProblems error={rehearsal.error} />
          </Banner>
        </div>
      )}
      {children(
        <>
          <Button
            isBusy={rehearsal.isPending}
            disabled={isDisabled}
            title={isDisabled ? t`Reviewers and above may import skills.` : undefined}
            onClick={() => picker.current?.click()}
          >
            <Upload aria-hidden /> {rehearsal.isPending ? t`Reading…` : t`Import`}
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".zip,.md"
            aria-label={t`Skill file`}
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              take(event.target.files?.[0]);
              // The same file, mended, must be accepted again.
              event.target.value = "";
            }}
          />
        </>,
      )}
      {rehearsal.isSuccess && (
        <ImportDialog
          file={rehearsal.variables}
          rehearsal={rehearsal.data}
          onClose={() => rehearsal.reset()}
        />
      )}
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-lg border-2 border-dashed border-info bg-bg/85">
          <p className="text-base font-medium">
            <Trans>Drop a .zip or .md file to import it</Trans>
          </p>
        </div>
      )}
    </div>
  );
}
