import { Ellipsis } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/menu";

type Item = Omit<ComponentProps<typeof MenuItem>, "children"> & { name: string };

/** What else may be done with a checkpoint. */
export function CheckpointMenu({ label, items }: { label: string; items: readonly Item[] }) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" isIcon aria-label={label}>
          <Ellipsis aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        {items.map(({ name, ...item }) => (
          <MenuItem key={name} {...item}>
            {name}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
