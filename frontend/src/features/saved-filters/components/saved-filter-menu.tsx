import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Bookmark, Check } from "lucide-react";
import { useState } from "react";
import type { SavedFilter } from "@/client/contract";
import { Button } from "@/components/button";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuRule, MenuTrigger } from "@/components/menu";
import { useTenant } from "@/lib/tenant";
import { useSavedFilters } from "../api/saved-filters";
import { isSame } from "../same";
import { KeepDialog } from "./keep-dialog";
import { SavedFiltersDialog } from "./saved-filters-dialog";

type Props = {
  page: SavedFilter["page"];
  /** As they stand in the address now. */
  filters: SavedFilter["search"];
  onApply: (filters: SavedFilter["search"]) => void;
};

/** The filters that the reader keeps under names, and keeping those of now. */
export function SavedFilterMenu({ page, filters, onApply }: Props) {
  const { slug } = useTenant();
  const all = useSavedFilters(slug);
  const [opened, setOpened] = useState<"keep" | "change" | null>(null);
  const mine = all.data?.filter((one) => one.page === page) ?? [];
  const current = mine.find(({ search }) => isSame(search, filters));
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" aria-label={t`Saved filters`}>
            <Bookmark aria-hidden className={current && "fill-current"} />
            <span className="max-w-40 truncate">{current?.name ?? t`Saved`}</span>
          </Button>
        </MenuTrigger>
        <MenuContent align="start">
          {mine.length === 0 && (
            <MenuLabel>
              <Trans>Nothing saved yet. Only you will see what you save.</Trans>
            </MenuLabel>
          )}
          {mine.map((one) => (
            <MenuItem key={one.id} onSelect={() => onApply(one.search)}>
              <Check aria-hidden className={one === current ? "" : "invisible"} />
              <span className="max-w-64 truncate">{one.name}</span>
            </MenuItem>
          ))}
          <MenuRule />
          <MenuItem disabled={!isFiltered} onSelect={() => setOpened("keep")}>
            <Trans>Save these filters…</Trans>
          </MenuItem>
          {mine.length > 0 && (
            <MenuItem onSelect={() => setOpened("change")}>
              <Trans>Rename or delete…</Trans>
            </MenuItem>
          )}
        </MenuContent>
      </Menu>
      {opened === "keep" && (
        <KeepDialog page={page} filters={filters} saved={mine} onClose={() => setOpened(null)} />
      )}
      {opened === "change" && <SavedFiltersDialog saved={mine} onClose={() => setOpened(null)} />}
    </>
  );
}
