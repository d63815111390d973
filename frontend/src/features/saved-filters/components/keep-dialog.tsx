import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { SavedFilter } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSavedFilterActions } from "../api/saved-filters";

type Props = {
  page: SavedFilter["page"];
  filters: SavedFilter["search"];
  saved: SavedFilter[];
  onClose: () => void;
};

/** Gives the filters of now a name. */
export function KeepDialog({ page, filters, saved, onClose }: Props) {
  const { slug } = useTenant();
  const { keep } = useSavedFilterActions(slug);
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  const isTaken = saved.some((one) => one.name === name);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!name) return;
    keep.mutate(
      { page, name, search: filters },
      {
        onSuccess: () => {
          toast.success(t`Saved. It is here and in the search, wherever you sign in.`);
          onClose();
        },
      },
    );
  }

  return (
    <Dialog isOpen onClose={onClose} title={t`Save these filters`} note={t`Only you see them.`}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {keep.isError && <Banner tone="bad" title={errorText(keep.error)} />}
        <Field
          label={t`Name`}
          hint={isTaken && t`Takes the place of what you saved under this name.`}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={60}
              autoComplete="off"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
        <DialogFooter>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" variant="primary" disabled={!name} isBusy={keep.isPending}>
            <Trans>Save</Trans>
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
