import { DropdownMenu } from "radix-ui";
import type { ComponentProps } from "react";

export const Menu = DropdownMenu.Root;
export const MenuTrigger = DropdownMenu.Trigger;

export function MenuContent(props: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        sideOffset={4}
        {...props}
        className="z-50 min-w-44 rounded-md border border-line2 bg-panel p-1 shadow-lg"
      />
    </DropdownMenu.Portal>
  );
}

export function MenuItem(props: ComponentProps<typeof DropdownMenu.Item>) {
  return (
    <DropdownMenu.Item
      {...props}
      className="flex min-h-7 items-center gap-2 rounded px-2 py-1 text-sm no-underline outline-none select-none data-disabled:opacity-50 data-highlighted:bg-sunk [&_svg]:size-3.5"
    />
  );
}

export function MenuLabel(props: ComponentProps<typeof DropdownMenu.Label>) {
  return <DropdownMenu.Label {...props} className="px-2 py-1 text-2xs text-mute" />;
}

export function MenuRule() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
