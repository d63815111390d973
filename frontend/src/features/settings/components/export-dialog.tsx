import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Export, ExportRequest } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useAskExport } from "../api/exports";

type Filters = NonNullable<ExportRequest["filters"]>;
type Props = { isOpen: boolean; onClose: () => void };

export function ExportDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="New export"
      note="Made in the background; the file is kept for a few days."
    >
      <ExportForm onClose={onClose} />
    </Dialog>
  );
}

const START: ExportRequest = { kind: "turns", encoding: "jsonl", redaction: "secrets" };

function ExportForm({ onClose }: { onClose: () => void }) {
  const { slug, may } = useTenant();
  const [wanted, setWanted] = useState(START);
  const [filters, setFilters] = useState<Filters>({});
  const ask = useAskExport(slug);
  const fields = ask.error instanceof ApiError ? ask.error.fields : {};
  const isTurns = wanted.kind === "turns";

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = isTurns
      ? { ...wanted, filters: given(filters) }
      : { ...wanted, encoding: "jsonl" as const };
    ask.mutate(body, {
      onSuccess: () => {
        toast.success("The export is on its way.");
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {ask.isError && <Banner tone="bad" title={errorText(ask.error)} />}
      <Field label="What">
        {(control) => (
          <Select
            {...control}
            value={wanted.kind}
            onChange={({ target }) =>
              setWanted({ ...wanted, kind: target.value as Export["kind"] })
            }
          >
            <option value="turns">Turns, with what was said of them</option>
            <option value="workspace" disabled={!may("admin")}>
              Everything the workspace owns
            </option>
          </Select>
        )}
      </Field>
      <Field
        label="Take out"
        hint="Found by shape and counted in the manifest; nothing finds everything."
        errors={fields.redaction}
      >
        {(control) => (
          <Select
            {...control}
            value={wanted.redaction}
            onChange={({ target }) =>
              setWanted({ ...wanted, redaction: target.value as Export["redaction"] })
            }
          >
            <option value="secrets">Keys, tokens and passwords</option>
            <option value="personal">Secrets and personal data</option>
            <option value="none">Nothing</option>
          </Select>
        )}
      </Field>
      {isTurns && (
        <>
          <Field label="Format" errors={fields.encoding}>
            {(control) => (
              <Select
                {...control}
                value={wanted.encoding}
                onChange={({ target }) =>
                  setWanted({ ...wanted, encoding: target.value as Export["encoding"] })
                }
              >
                <option value="jsonl">Lines of JSON</option>
                <option value="parquet">Parquet</option>
              </Select>
            )}
          </Field>
          <FilterFields filters={filters} onChange={setFilters} />
        </>
      )}
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isBusy={ask.isPending}>
          Export
        </Button>
      </DialogFooter>
    </form>
  );
}

const TEXTS = [
  ["agent", "Agent"],
  ["model", "Model"],
  ["skill", "Skill"],
] as const;

type FilterProps = { filters: Filters; onChange: (filters: Filters) => void };

function FilterFields({ filters, onChange }: FilterProps) {
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <Field label="Outcome">
        {(control) => (
          <Select
            {...control}
            value={filters.outcome ?? ""}
            onChange={({ target }) =>
              onChange({ ...filters, outcome: target.value as NonNullable<Filters["outcome"]> })
            }
          >
            <option value="">Any</option>
            {["passed", "failed", "neutral", "unscored", "error"].map((outcome) => (
              <option key={outcome}>{outcome}</option>
            ))}
          </Select>
        )}
      </Field>
      {TEXTS.map(([name, label]) => (
        <Field key={name} label={label}>
          {(control) => (
            <Input
              {...control}
              value={filters[name] ?? ""}
              onChange={({ target }) => onChange({ ...filters, [name]: target.value.trim() })}
            />
          )}
        </Field>
      ))}
      {(["since", "until"] as const).map((name) => (
        <Field key={name} label={name === "since" ? "From" : "Before"}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={filters[name]?.slice(0, 10) ?? ""}
              onChange={({ target }) =>
                onChange({ ...filters, [name]: target.value && `${target.value}T00:00:00Z` })
              }
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** Without the fields that were left empty. */
function given(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
}
