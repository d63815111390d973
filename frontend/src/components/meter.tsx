import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { ReactNode } from "react";

type Props = {
  name: string;
  /** What is measured, where the name alone does not say it. */
  label?: string;
  text: string;
  part: number;
  aside?: ReactNode;
};

/** How much of something is used up, `part` from 0 to 1; the colour warns towards the end. */
export function Meter({ name, label = name, text, part, aside }: Props) {
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap justify-between gap-x-3 text-xs tabular-nums">
        <span>
          <Trans>
            {name}: {text}
          </Trans>
        </span>
        {aside && <span className="text-mute">{aside}</span>}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * part)}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded bg-sunk"
      >
        <div
          className={clsx("h-full", part >= 1 ? "bg-bad" : part >= 0.8 ? "bg-warn" : "bg-ink")}
          style={{ width: `${100 * part}%` }}
        />
      </div>
    </div>
  );
}
