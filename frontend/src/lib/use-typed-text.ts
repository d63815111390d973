import { useRef, useState } from "react";

/**
 * The text of a box whose settled value lives elsewhere, such as in the address.
 *
 * Typing is shown at once and handed on after a pause; a change from outside replaces the text.
 */
export function useTypedText(value: string, onSettled: (text: string) => void, pauseMs = 250) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  if (value !== known) {
    setKnown(value);
    // What comes back after our own hand-over must not undo letters typed since.
    if (value !== sent) setText(value);
  }

  function type(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setSent(next);
      onSettled(next);
    }, pauseMs);
  }

  return [text, type] as const;
}
