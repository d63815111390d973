import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useCallback } from "react";

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--mute)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 16px", minWidth: "40px" },
  ".cm-specialChar": { color: "var(--bad)", backgroundColor: "var(--bad-soft)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--info-soft)" },
});

const colors = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--info)" },
  { tag: tags.monospace, color: "var(--s1)" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.quote], color: "var(--mute)" },
]);

/** A ref for the element that holds a Markdown editor; `initial` is read once. */
export function useEditor(initial: string, label: string, onChange: (text: string) => void) {
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      const view = new EditorView({
        parent: element,
        state: EditorState.create({
          doc: initial,
          extensions: [
            history(),
            lineNumbers(),
            highlightSpecialChars(),
            // Front matter ends in dashes, which would make a heading of the lines above.
            markdown({ extensions: { remove: ["SetextHeading"] } }),
            syntaxHighlighting(colors),
            EditorView.lineWrapping,
            EditorView.contentAttributes.of({ "aria-label": label }),
            keymap.of([...defaultKeymap, ...historyKeymap]),
            EditorView.updateListener.of((update) => {
              if (update.docChanged) onChange(update.state.doc.toString());
            }),
            look,
          ],
        }),
      });
      view.focus();
      return () => view.destroy();
    },
    [initial, label, onChange],
  );
}
