import { useNavigate } from "@tanstack/react-router";
import { useHotkeys } from "react-hotkeys-hook";
import { usePageKey } from "@/lib/hotkeys";
import { PAGES } from "./navigation";

const JUMPS = PAGES.flatMap(({ jump }) => (jump ? [`g>${jump}`] : []));

type Keys = { tenant: string; onPalette: () => void; onSheet: () => void };

export function useShellKeys({ tenant, onPalette, onSheet }: Keys) {
  const navigate = useNavigate();

  useHotkeys("mod+k", onPalette, { preventDefault: true, enableOnFormTags: true });
  // By the character, not by the key: where it sits depends on the keyboard.
  usePageKey("shift+?", onSheet, { useKey: true });
  usePageKey("/", focusSearch, { useKey: true, preventDefault: true });
  usePageKey(JUMPS.join(","), (_event, { keys }) => {
    const page = PAGES.find(({ jump }) => jump !== null && jump === keys?.at(-1));
    if (page) void navigate({ to: page.to, params: { tenant } });
  });
}

/** The page's own search, with what stands in it ready to be written over. */
function focusSearch() {
  const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
  search?.focus();
  search?.select();
}
