import { clsx } from "clsx";

type Props = {
  label: string;
  /** What the bar stands for, in words. */
  text: string;
  part: number;
  whole: number;
  /** A bar of what is used up warns near its end; one of progress does not. */
  isLimit?: boolean;
  className?: string;
};

export function Bar({ label, text, part, whole, isLimit, className }: Props) {
  // A limit of nothing is used up from the start.
  const percent = whole === 0 ? 100 : Math.min(100, (100 * part) / whole);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={text}
      className={clsx("h-1.5 overflow-hidden rounded bg-sunk", className)}
    >
      <div className={clsx("h-full", lookOf(percent, isLimit))} style={{ width: `${percent}%` }} />
    </div>
  );
}

function lookOf(percent: number, isLimit?: boolean): string {
  if (!isLimit || percent < 80) return "bg-ink";
  return percent >= 100 ? "bg-bad" : "bg-warn";
}
