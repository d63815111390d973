type Props = { values: number[]; color: string; className?: string };

/** A line without axes; decoration beside a number that says the same. */
export function Sparkline({ values, color, className = "h-6 w-[72px]" }: Props) {
  if (values.length < 2) return null;
  const most = Math.max(...values);
  const least = Math.min(...values);
  const span = most - least || 1;
  const points = values.map((value, i) => {
    const x = (i / (values.length - 1)) * 72;
    // A flat series runs along the bottom, where zero is.
    return `${x.toFixed(1)},${(21 - ((value - least) / span) * 18).toFixed(1)}`;
  });
  return (
    <svg viewBox="0 0 72 24" className={className} preserveAspectRatio="none" aria-hidden>
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke={`var(--${color})`}
        strokeWidth="1.4"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
