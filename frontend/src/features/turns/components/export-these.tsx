import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Select } from "@/components/field";
import { Tag } from "@/components/tag";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { type Choice, useExportTurns } from "../api/exports";
import type { TurnFilters } from "../filters";

type Props = { filters: TurnFilters };

/** Has the turns of this list exported, with the filters it has now. */
export function ExportThese({ filters }: Props) {
  const { may } = useTenant();
  const [isOpen, setIsOpen] = useState(false);
  const isAllowed = may("member");
  return (
    <>
      <Button
        className="ml-auto"
        disabled={!isAllowed}
        title={isAllowed ? undefined : "Members and above may export turns."}
        onClick={() => setIsOpen(true)}
      >
        <Download aria-hidden /> Export these
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title="Export these turns"
        note="All that the filters find, not only the rows that are loaded."
      >
        <ExportForm filters={filters} onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

const START: Choice = { redaction: "secrets", encoding: "jsonl" };

function ExportForm({ filters, onClose }: Props & { onClose: () => void }) {
  const { slug } = useTenant();
  const [choice, setChoice] = useState(START);
  const ask = useExportTurns(slug, filters);
  const fields = ask.error instanceof ApiError ? ask.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    ask.mutate(choice, {
      onSuccess: () => {
        toast.success("The export is on its way. It will be under Settings.");
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {ask.isError && <Banner tone="bad" title={errorText(ask.error)} />}
      <Filters filters={filters} />
      <Field
        label="Take out"
        hint="Found by shape and counted in the manifest; nothing finds everything."
        errors={fields.redaction}
      >
        {(control) => (
          <Select
            {...control}
            value={choice.redaction}
            onChange={({ target }) =>
              setChoice({ ...choice, redaction: target.value as Choice["redaction"] })
            }
          >
            <option value="secrets">Keys, tokens and passwords</option>
            <option value="personal">Secrets and personal data</option>
            <option value="none">Nothing</option>
          </Select>
        )}
      </Field>
      <Field label="Format" errors={fields.encoding}>
        {(control) => (
          <Select
            {...control}
            value={choice.encoding}
            onChange={({ target }) =>
              setChoice({ ...choice, encoding: target.value as NonNullable<Choice["encoding"]> })
            }
          >
            <option value="jsonl">Lines of JSON</option>
            <option value="parquet">Parquet</option>
          </Select>
        )}
      </Field>
      <p className="text-xs text-mute">
        Made in the background and kept for a few days under{" "}
        <Link to="/t/$tenant/settings" params={{ tenant: slug }} className="underline">
          Settings
        </Link>
        .
      </p>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isBusy={ask.isPending}>
          Export
        </Button>
      </DialogFooter>
    </form>
  );
}

const NAMES: Partial<Record<keyof TurnFilters, string>> = {
  q: "search",
  score_min: "score at least",
  score_max: "score at most",
  since: "from",
  until: "to",
};

function Filters({ filters }: Props) {
  const entries = Object.entries(filters) as [keyof TurnFilters, string | number][];
  if (entries.length === 0) return <p className="text-sm">Every turn of the workspace.</p>;
  return (
    <ul aria-label="Filters" className="flex flex-wrap gap-1.5">
      {entries.map(([name, value]) => (
        <li key={name} className="max-w-full overflow-hidden">
          <Tag>
            {NAMES[name] ?? name}: {value}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
