import { type HotkeyCallback, type Options, useHotkeys } from "react-hotkeys-hook";

/** What the palette's key is called on this machine. */
export const MOD_KEY = /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Every shortcut of the console, as the sheet behind `?` lists them. */
export const SHORTCUTS: { group: string; entries: { keys: string[]; does: string }[] }[] = [
  {
    group: "Anywhere",
    entries: [
      { keys: [MOD_KEY, "K"], does: "Search or jump" },
      { keys: ["?"], does: "This list" },
      { keys: ["G", "O"], does: "Overview" },
      { keys: ["G", "T"], does: "Turns" },
      { keys: ["G", "R"], does: "Review" },
      { keys: ["G", "N"], does: "Annotate" },
      { keys: ["G", "S"], does: "Skills" },
      { keys: ["G", "I"], does: "Training" },
      { keys: ["G", "K"], does: "Keys" },
      { keys: ["G", "U"], does: "Upstreams" },
    ],
  },
  {
    group: "Lists",
    entries: [
      { keys: ["J"], does: "Next row" },
      { keys: ["K"], does: "Previous row" },
      { keys: ["↵"], does: "Open the row" },
      { keys: ["Esc"], does: "Close the panel" },
    ],
  },
  {
    group: "Review",
    entries: [
      { keys: ["A"], does: "Approve this text" },
      { keys: ["E"], does: "Edit the text" },
      { keys: ["R"], does: "Reject, with a reason" },
    ],
  },
  {
    group: "Annotate",
    entries: [
      { keys: ["1"], does: "It failed" },
      { keys: ["2"], does: "Neither" },
      { keys: ["3"], does: "It passed" },
      { keys: ["C"], does: "Write why; Esc leaves the box" },
      { keys: [MOD_KEY, "↵"], does: "Save and next" },
      { keys: ["S"], does: "Skip, leave it to others" },
    ],
  },
];

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
        document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null,
    },
    [run, enabled],
  );
}
