import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { toast } from "sonner";
import type { SkillImport } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { ApiError, errorText } from "@/lib/api";
import { plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useImportSkills } from "../api/skills";

type Props = { isDisabled: boolean; children: (importButton: ReactNode) => ReactNode };

/** Takes a .zip or .md file from the picker, or dropped anywhere on the page. */
export function ImportArea({ isDisabled, children }: Props) {
  const { slug } = useTenant();
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const upload = useImportSkills(slug);

  function take(file: File | undefined) {
    if (!file || isDisabled) return;
    upload.mutate(file, { onSuccess: (result) => toast.success(summary(result)) });
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
      {upload.isError && (
        <div className="p-3">
          <Banner
            tone="bad"
            title={`Nothing was imported. ${errorText(upload.error)}`}
            action={<Button onClick={() => upload.reset()}>Dismiss</Button>}
          >
            <ImportProblems error={upload.error} />
          </Banner>
        </div>
      )}
      {children(
        <>
          <Button
            isBusy={upload.isPending}
            disabled={isDisabled}
            onClick={() => picker.current?.click()}
          >
            <Upload aria-hidden /> {upload.isPending ? "Importing…" : "Import"}
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".zip,.md"
            aria-label="Skill file"
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
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-lg border-2 border-dashed border-info bg-bg/85">
          <p className="text-base font-medium">Drop a .zip or .md file to import it</p>
        </div>
      )}
    </div>
  );
}

function ImportProblems({ error }: { error: Error }) {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  return (
    <ul>
      {fields.map(([name, problems]) => (
        <li key={name}>
          <span className="font-mono text-xs">{name}</span>: {problems.join(" ")}
        </li>
      ))}
    </ul>
  );
}

function summary({ created, revised, unchanged }: SkillImport): string {
  const parts = [`${plural(created.length, "skill")} added`, `${revised.length} revised`];
  if (unchanged.length > 0) parts.push(`${unchanged.length} unchanged`);
  return parts.join(", ");
}
