/**
 * Makes characters visible that a reader cannot see but a model reads: zero-width characters,
 * direction overrides, control characters, and the tag block that can carry whole sentences.
 */

export type VisiblePart = { text: string; isHidden: boolean };

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;

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
