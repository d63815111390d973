import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Export, ExportRequest } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { OUTCOME_TEXT } from "@/components/outcome-tag";
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
      title={t`New export`}
      note={t`Made in the background; the file is kept for a few days.`}
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
        toast.success(t`The export is on its way.`);
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {ask.isError && <Banner tone="bad" title={errorText(ask.error)} />}
      <Field label={t`What`}>
        {(control) => (
          <Select
            {...control}
            value={wanted.kind}
            onChange={({ target }) =>
              setWanted({ ...wanted, kind: target.value as Export["kind"] })
            }
          >
            <option value="turns">
              <Trans>Turns, with what was said of them</Trans>
            </option>
            <option value="workspace" disabled={!may("admin")}>
              <Trans>Everything the workspace owns</Trans>
            </option>
          </Select>
        )}
      </Field>
      <Field
        label={t`Take out`}
        hint={t`Found by shape and counted in the manifest; nothing finds everything.`}
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
            <option value="secrets">
              <Trans>Keys, tokens and passwords</Trans>
            </option>
            <option value="personal">
              <Trans>Secrets and personal data</Trans>
            </option>
            <option value="none">
              <Trans>Nothing</Trans>
            </option>
          </Select>
        )}
      </Field>
      {isTurns && (
        <>
          <Field label={t`Format`} errors={fields.encoding}>
            {(control) => (
              <Select
                {...control}
                value={wanted.encoding}
                onChange={({ target }) =>
                  setWanted({ ...wanted, encoding: target.value as Export["encoding"] })
                }
              >
                <option value="jsonl">
                  <Trans>Lines of JSON</Trans>
                </option>
                <option value="parquet">
                  <Trans>Parquet</Trans>
                </option>
              </Select>
            )}
          </Field>
          <FilterFields filters={filters} onChange={setFilters} />
        </>
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={ask.isPending}>
          <Trans>Export</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}

const TEXTS = [
  ["agent", t`Agent`],
  ["model", t`Model`],
  ["skill", t`Skill`],
] as const;

type FilterProps = { filters: Filters; onChange: (filters: Filters) => void };

function FilterFields({ filters, onChange }: FilterProps) {
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <Field label={t`Outcome`}>
        {(control) => (
          <Select
            {...control}
            value={filters.outcome ?? ""}
            onChange={({ target }) =>
              onChange({ ...filters, outcome: target.value as NonNullable<Filters["outcome"]> })
            }
          >
            <option value="">
              <Trans>Any</Trans>
            </option>
            {Object.entries(OUTCOME_TEXT).map(([outcome, name]) => (
              <option key={outcome} value={outcome}>
                {name}
              </option>
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
        <Field key={name} label={name === "since" ? t`From` : t`Before`}>
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
