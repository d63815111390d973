import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { SavedFilter } from "@/client/contract";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Input } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSavedFilterActions } from "../api/saved-filters";

type Props = { saved: SavedFilter[]; onClose: () => void };

/** Renames and deletes what the reader saved of one page. */
export function SavedFiltersDialog({ saved, onClose }: Props) {
  return (
    <Dialog isOpen onClose={onClose} title={t`Saved filters`} note={t`Only you see them.`}>
      {saved.length === 0 && (
        <p className="text-sm text-mute">
          <Trans>Nothing is left.</Trans>
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {saved.map((one) => (
          <li key={one.id}>
            <Row saved={one} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Row({ saved }: { saved: SavedFilter }) {
  const { slug } = useTenant();
  const { keep, remove } = useSavedFilterActions(slug);
  const [typed, setTyped] = useState(saved.name);
  const name = typed.trim();
  const onError = (error: unknown) => void toast.error(errorText(error));

  function rename(event: FormEvent) {
    event.preventDefault();
    const { page, search, name: was } = saved;
    if (name && name !== was) keep.mutate({ page, search, name, was }, { onError });
  }

  return (
    <form onSubmit={rename} className="flex items-center gap-2">
      <Input
        aria-label={t`Name of ${saved.name}`}
        maxLength={60}
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Button type="submit" disabled={!name || name === saved.name} isBusy={keep.isPending}>
        <Trans>Rename</Trans>
      </Button>
      <Button
        isIcon
        variant="danger"
        aria-label={t`Delete ${saved.name}`}
        isBusy={remove.isPending}
        onClick={() => remove.mutate(saved.id, { onError })}
      >
        <Trash2 aria-hidden />
      </Button>
    </form>
  );
}
