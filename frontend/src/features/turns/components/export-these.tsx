import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
        title={isAllowed ? undefined : t`Members and above may export turns.`}
        onClick={() => setIsOpen(true)}
      >
        <Download aria-hidden />
        <Trans>Export these</Trans>
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title={t`Export these turns`}
        note={t`All that the filters find, not only the rows that are loaded.`}
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
        toast.success(t`The export is on its way. It will be under Settings.`);
        onClose();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {ask.isError && <Banner tone="bad" title={errorText(ask.error)} />}
      <Filters filters={filters} />
      <Field
        label={t`Take out`}
        hint={t`Found by shape and counted in the manifest; nothing finds everything.`}
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
      <Field label={t`Format`} errors={fields.encoding}>
        {(control) => (
          <Select
            {...control}
            value={choice.encoding}
            onChange={({ target }) =>
              setChoice({ ...choice, encoding: target.value as NonNullable<Choice["encoding"]> })
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
      <p className="text-xs text-mute">
        <Trans>
          Made in the background and kept for a few days under{" "}
          <Link to="/t/$tenant/settings" params={{ tenant: slug }} className="underline">
            Settings
          </Link>
          .
        </Trans>
      </p>
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

const NAMES: Partial<Record<keyof TurnFilters, string>> = {
  q: "search",
  score_min: t`score at least`,
  score_max: t`score at most`,
  since: "from",
  until: "to",
};

function Filters({ filters }: Props) {
  const entries = Object.entries(filters) as [keyof TurnFilters, string | number][];
  if (entries.length === 0)
    return (
      <p className="text-sm">
        <Trans>Every turn of the workspace.</Trans>
      </p>
    );
  return (
    <ul aria-label={t`Filters`} className="flex flex-wrap gap-1.5">
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
