/**
 * Two texts compared by code point: what a diff by words shows as one changed word may be one
 * letter that looks like another, or one that does not look like anything.
 */
import { diffArrays } from "diff";
import { alignLines } from "./align";
import { visibleParts } from "./visible";

export type CharacterChange = { text: string; kind: "same" | "added" | "removed" };
export type CharacterLine = { number: number; changes: CharacterChange[] };
export type UnusualCharacter = {
  character: string;
  code: string;
  count: number;
  isHidden: boolean;
};

/** The lines that differ, each with its code points kept, added and removed; removed lines last. */
export function changedCharacters(before: string, after: string): CharacterLine[] {
  return alignLines(before, after)
    .filter(({ kind }) => kind !== "same")
    .map(({ left, right }) => ({
      number: (right ?? left)?.number ?? 0,
      changes: diffArrays(
        [...textOf(left?.segments ?? [])],
        [...textOf(right?.segments ?? [])],
      ).map(({ value, added, removed }) => ({
        text: value.join(""),
        kind: added ? "added" : removed ? "removed" : "same",
      })),
    }));
}

/** Every character beyond plain ASCII, most frequent first; those that cannot be seen lead. */
export function unusualCharacters(text: string): UnusualCharacter[] {
  const counts = new Map<string, number>();
  for (const character of text) {
    if (/[^\n\t\x20-\x7e]/.test(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([character, count]) => ({
      character,
      count,
      code: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
      isHidden: visibleParts(character).some((part) => part.isHidden),
    }))
    .sort((a, b) => Number(b.isHidden) - Number(a.isHidden) || b.count - a.count);
}

function textOf(segments: { text: string }[]): string {
  return segments.map(({ text }) => text).join("");
}
