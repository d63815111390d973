import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useCreateWorkspace } from "./api/workspaces";
import { LoadDemoButton } from "./components/load-demo-button";

type Props = {
  isOpen: boolean;
  onClose: () => void;
  onMade: (slug: string) => void;
  onDemo: (slug: string) => void;
};

export function NewWorkspaceDialog({ isOpen, onClose, onMade, onDemo }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t`New workspace`}
      note={t`With skills, turns, keys and members of its own. You will be its owner.`}
    >
      <NewWorkspaceForm onClose={onClose} onMade={onMade} onDemo={onDemo} />
    </Dialog>
  );
}

// Browsers leave it out of their list, and it is what the server starts with.
const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function NewWorkspaceForm({ onClose, onMade, onDemo }: Omit<Props, "isOpen">) {
  const [name, setName] = useState("");
  const [zone, setZone] = useState(ZONES.includes(OWN_ZONE) ? OWN_ZONE : "UTC");
  const create = useCreateWorkspace(({ slug }) => onMade(slug));
  const fields = create.error instanceof ApiError ? create.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name: name.trim(), time_zone: zone });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {create.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(create.error)} />
      )}
      <Field label={t`Name`} errors={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t`Time zone`}
        hint={t`Days and months of budgets begin at midnight here.`}
        errors={fields.time_zone}
      >
        {(control) => (
          <Select {...control} value={zone} onChange={(event) => setZone(event.target.value)}>
            {ZONES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        )}
      </Field>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-mute">
        <Trans>Or look around in one that is full of made-up data:</Trans>
        <LoadDemoButton refusal={null} onMade={onDemo} />
      </p>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={create.isPending}>
          <Trans>Create workspace</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
