import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useUploadTasks } from "../api/task-sets";

type Props = { isOpen: boolean; onClose: () => void };

export function TaskSetDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t`Add a task set`}
      note={t`One JSON object a line, with a task_id and an instruction; a checker says what is right, else the judge does.`}
    >
      <UploadForm onClose={onClose} />
    </Dialog>
  );
}

function UploadForm({ onClose }: { onClose: () => void }) {
  const { slug } = useTenant();
  const [name, setName] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const upload = useUploadTasks(slug);
  const fields = upload.error instanceof ApiError ? upload.error.fields : {};
  // Every line that is wrong, as the server names them.
  const lines = Object.entries(fields).flatMap(([field, said]) => (field === "name" ? [] : said));
  const title =
    lines.length > 1
      ? t`${lines.length} lines are wrong; nothing was stored`
      : errorText(upload.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!file) return;
    upload.mutate(
      { name, file },
      {
        onSuccess: (set) => {
          toast.success(`${set.name}: ${plural(set.count, { one: "# task", other: "# tasks" })}.`);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {upload.isError && (
        <Banner tone="bad" title={title}>
          {lines.length > 1 && (
            <ul className="max-h-40 overflow-y-auto text-xs">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </Banner>
      )}
      <Field label={t`File`} hint={t`Up to 10,000 tasks and 10 MB.`}>
        {(control) => (
          <input
            {...control}
            type="file"
            required
            accept=".jsonl,.ndjson,.json,application/x-ndjson"
            className="text-sm file:mr-3 file:h-7 file:rounded-md file:border file:border-line2 file:bg-panel file:px-2.5 file:text-sm file:font-medium file:text-ink"
            onChange={({ target }) => {
              const chosen = target.files?.[0] ?? null;
              setFile(chosen);
              if (chosen && !name) setName(chosen.name.replace(/\.[a-z]+$/i, "").slice(0, 80));
            }}
          />
        )}
      </Field>
      <Field label={t`Name`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={upload.isPending}>
          <Trans>Add</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
