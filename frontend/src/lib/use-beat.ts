import { useEffect, useRef } from "react";

type Beat = {
  isOn: boolean;
  everyMs: number;
  /** When this becomes true, the next interval is not waited for. */
  isDue?: boolean;
  beat: () => void;
  end: () => void;
};

/** Says at once and then at intervals that something is still so, and at its end that it is not. */
export function useBeat({ isOn, everyMs, isDue = false, beat, end }: Beat) {
  const latest = useRef({ beat, end });
  latest.current = { beat, end };
  useEffect(() => {
    if (!isOn) return;
    latest.current.beat();
    const timer = setInterval(() => latest.current.beat(), everyMs);
    // A tab that is closed unmounts nothing. One that comes back from the browser's memory
    // goes on where it was.
    const onHide = () => latest.current.end();
    const onShow = (event: PageTransitionEvent) => event.persisted && latest.current.beat();
    window.addEventListener("pagehide", onHide);
    window.addEventListener("pageshow", onShow);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", onHide);
      window.removeEventListener("pageshow", onShow);
      latest.current.end();
    };
  }, [isOn, everyMs]);

  const wasDue = useRef(isDue);
  useEffect(() => {
    if (isOn && isDue && !wasDue.current) latest.current.beat();
    wasDue.current = isDue;
  }, [isOn, isDue]);
}
