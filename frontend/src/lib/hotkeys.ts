import { t } from "@lingui/core/macro";
import { type HotkeyCallback, type Options, useHotkeys } from "react-hotkeys-hook";

/** What the palette's key is called on this machine. */
export const MOD_KEY = /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** The shortcuts that pages have; those that lead to pages follow from the navigation. */
export const SHORTCUTS: { group: string; entries: { keys: string[]; does: string }[] }[] = [
  {
    group: t`Anywhere`,
    entries: [
      { keys: [MOD_KEY, "K"], does: t`Search or jump` },
      { keys: ["/"], does: t`Search on this page` },
      { keys: ["?"], does: t`This list` },
    ],
  },
  {
    group: t`Lists`,
    entries: [
      { keys: ["J"], does: t`Next row` },
      { keys: ["K"], does: t`Previous row` },
      { keys: ["↵"], does: t`Open the row` },
      { keys: ["Esc"], does: t`Close the panel` },
    ],
  },
  {
    group: t`Review`,
    entries: [
      { keys: ["C"], does: t`Approve to canary` },
      { keys: ["A"], does: t`Approve for all` },
      { keys: ["E"], does: t`Edit the text` },
      { keys: ["R"], does: t`Reject, with a reason` },
      { keys: ["Q"], does: t`Quarantine` },
    ],
  },
  {
    group: t`Annotate`,
    entries: [
      { keys: ["1"], does: t`It failed` },
      { keys: ["2"], does: t`Neither` },
      { keys: ["3"], does: t`It passed` },
      { keys: ["C"], does: t`Write why; Esc leaves the box` },
      { keys: [MOD_KEY, "↵"], does: t`Save and next` },
      { keys: ["S"], does: t`Skip, leave it to others` },
    ],
  },
];

/** How long a `g` waits for the letter of a page. */
const SEQUENCE_MS = 1_000;
let pressed = { key: "", at: 0 };
let pressedBefore = pressed;
document.addEventListener(
  "keydown",
  ({ key }) => {
    pressedBefore = pressed;
    pressed = { key, at: Date.now() };
  },
  // Before any shortcut hears of it.
  { capture: true },
);

/** Whether a key is the second of a jump: `g a` leads to a page, and must not approve anything. */
const isOfJump = () => pressedBefore.key === "g" && pressed.at - pressedBefore.at < SEQUENCE_MS;

/** A page shortcut. Silent while a dialog is open: its keys belong to the dialog. */
export function usePageKey(keys: string, run: HotkeyCallback, options: Options = {}) {
  const { enabled = true, ...rest } = options;
  useHotkeys(
    keys,
    run,
    {
      ...rest,
      enabled,
      ignoreEventWhen: (event) =>
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        (!keys.includes(">") && isOfJump()) ||
        document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null,
    },
    [run, enabled],
  );
}
