/** Round values for an axis that holds all of `low` to `high`, from the lowest to the highest. */
export function niceTicks(low: number, high: number, about = 3): number[] {
  // A flat line stands between its value and zero; one of zeros runs along the bottom.
  const from = low === high ? Math.min(0, low) : low;
  const to = low === 0 && high === 0 ? 1 : low === high ? Math.max(0, high) : high;
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.floor(from / unit + 1e-9);
  const last = Math.ceil(to / unit - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    // 0.1 + 0.2 is to be written as 0.3.
    Number(((first + i) * unit).toPrecision(12)),
  );
}
