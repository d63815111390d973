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
    return () => {
      clearInterval(timer);
      latest.current.end();
    };
  }, [isOn, everyMs]);

  const wasDue = useRef(isDue);
  useEffect(() => {
    if (isOn && isDue && !wasDue.current) latest.current.beat();
    wasDue.current = isDue;
  }, [isOn, isDue]);
}
