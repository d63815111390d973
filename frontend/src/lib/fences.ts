/** Splits a text at its fenced code blocks; everything else is left exactly as written. */

export type TextPart =
  | { kind: "plain"; text: string }
  | { kind: "code"; text: string; language: string };

const FENCE = /^(`{3,}|~{3,})([^\n`]*)\n([\s\S]*?)(?:\n\1[ \t]*$|$(?![\s\S]))/gm;

export function splitFences(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(FENCE)) {
    if (match.index > at) {
      parts.push({ kind: "plain", text: text.slice(at, match.index).replace(/\n$/, "") });
    }
    parts.push({ kind: "code", text: match[3] ?? "", language: (match[2] ?? "").trim() });
    at = match.index + match[0].length;
    if (text[at] === "\n") at++;
  }
  if (at < text.length) parts.push({ kind: "plain", text: text.slice(at) });
  return parts.filter((part) => part.kind === "code" || part.text.trim() !== "");
}
