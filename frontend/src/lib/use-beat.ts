import { useEffect, useRef } from "react";

type Beat = { isOn: boolean; everyMs: number; beat: () => void; end: () => void };

/** Says at once and then at intervals that something is still so, and at its end that it is not. */
export function useBeat({ isOn, everyMs, beat, end }: Beat) {
  const latest = useRef({ beat, end });
  latest.current = { beat, end };
  useEffect(() => {
    if (!isOn) return;
    latest.current.beat();
    const timer = setInterval(() => latest.current.beat(), everyMs);
    return () => {
      clearInterval(timer);
      latest.current.end();
    };
  }, [isOn, everyMs]);
}
