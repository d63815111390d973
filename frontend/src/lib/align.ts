/**
 * Lines of two texts side by side.
 *
 * A changed passage is a block of removed lines followed by a block of added ones. Pairing them
 * by position misleads as soon as one line is inserted, so they are paired by how many words they
 * share: the alignment with the largest total similarity, in order.
 */
import { diffLines, diffWordsWithSpace } from "diff";

export type Segment = { text: string; isChanged: boolean };
export type Side = { number: number; segments: Segment[] };
export type Row = {
  kind: "same" | "changed" | "added" | "removed";
  left: Side | null;
  right: Side | null;
};

/** Below this share of common words two lines are different lines, not one line edited. */
const LEAST_SIMILARITY = 0.35;
/** The table of the alignment grows with the product of the blocks; beyond, pair by position. */
const MOST_CELLS = 250_000;

export function alignLines(before: string, after: string): Row[] {
  const rows: Row[] = [];
  const at = { left: 1, right: 1 };
  const changes = diffLines(ended(before), ended(after));

  for (let i = 0; i < changes.length; i++) {
    const change = changes[i];
    if (!change) continue;
    const lines = splitLines(change.value);
    const next = changes[i + 1];
    if (change.removed && next?.added) {
      rows.push(...alignBlock(lines, splitLines(next.value), at));
      i++;
    } else if (change.removed) {
      rows.push(...lines.map((line) => removedRow(line, at)));
    } else if (change.added) {
      rows.push(...lines.map((line) => addedRow(line, at)));
    } else {
      rows.push(...lines.map((line) => sameRow(line, at)));
    }
  }
  return rows;
}

export function countChanges(rows: Row[]) {
  const of = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind).length;
  return { added: of("added"), removed: of("removed"), changed: of("changed") };
}

/** Share of words two lines have in common, from 0 to 1 (Dice). */
export function similarity(a: string, b: string): number {
  const left = wordsOf(a);
  const right = wordsOf(b);
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of right) {
    const rest = counts.get(word) ?? 0;
    if (rest > 0) shared++;
    counts.set(word, rest - 1);
  }
  return (2 * shared) / (left.length + right.length);
}

type Counters = { left: number; right: number };

function alignBlock(removed: string[], added: string[], at: Counters): Row[] {
  const rows: Row[] = [];
  let r = 0;
  let a = 0;
  for (const [i, j] of bestPairs(removed, added)) {
    while (r < i) rows.push(removedRow(removed[r++] ?? "", at));
    while (a < j) rows.push(addedRow(added[a++] ?? "", at));
    rows.push(changedRow(removed[r++] ?? "", added[a++] ?? "", at));
  }
  while (r < removed.length) rows.push(removedRow(removed[r++] ?? "", at));
  while (a < added.length) rows.push(addedRow(added[a++] ?? "", at));
  return rows;
}

function bestPairs(removed: string[], added: string[]): [number, number][] {
  const rows = removed.length;
  const columns = added.length;
  if (rows * columns > MOST_CELLS) {
    return Array.from({ length: Math.min(rows, columns) }, (_, i) => [i, i]);
  }
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const score = (i: number, j: number) => best[i * width + j] ?? 0;
  const gain = (i: number, j: number) => {
    const value = similarity(removed[i] ?? "", added[j] ?? "");
    return value >= LEAST_SIMILARITY ? value : -1;
  };
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const skip = Math.max(score(i + 1, j), score(i, j + 1));
      best[i * width + j] = Math.max(skip, gain(i, j) + score(i + 1, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < rows && j < columns) {
    if (score(i, j) === score(i + 1, j)) i++;
    else if (score(i, j) === score(i, j + 1)) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}

function sameRow(line: string, at: Counters): Row {
  return { kind: "same", left: whole(line, at.left++), right: whole(line, at.right++) };
}

function removedRow(line: string, at: Counters): Row {
  return { kind: "removed", left: whole(line, at.left++), right: null };
}

function addedRow(line: string, at: Counters): Row {
  return { kind: "added", left: null, right: whole(line, at.right++) };
}

function changedRow(before: string, after: string, at: Counters): Row {
  const changes = diffWordsWithSpace(before, after);
  const segments = (dropped: "added" | "removed") =>
    changes
      .filter((change) => !change[dropped])
      .map(({ value, added, removed }) => ({ text: value, isChanged: added || removed }));
  return {
    kind: "changed",
    left: { number: at.left++, segments: segments("added") },
    right: { number: at.right++, segments: segments("removed") },
  };
}

function whole(line: string, number: number): Side {
  return { number, segments: [{ text: line, isChanged: false }] };
}

function wordsOf(line: string): string[] {
  return line.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** A missing last newline is not a change worth showing. */
function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
