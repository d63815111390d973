/**
 * Makes characters visible that a reader cannot see but a model reads: zero-width characters,
 * direction overrides, control characters, and the tag block that can carry whole sentences.
 */

export type VisiblePart = { text: string; isHidden: boolean };

/** Controls, formats, odd spaces, and whatever a font draws as nothing; not the breaks of lines. */
const HIDDEN =
  /(?![\n\t ]|\r(?:\n|$))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/gu;

export function visibleParts(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), isHidden: false });
    parts.push({ text: escapeOf(match[0]), isHidden: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isHidden: false });
  return parts;
}

export function countHidden(text: string): number {
  return text.match(HIDDEN)?.length ?? 0;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
