/** Splits a SKILL.md into the lines between its `---` marks and the text after them. */
export function splitFrontMatter(source: string): { meta: [string, string][]; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(source);
  if (!match) return { meta: [], body: source };
  const meta: [string, string][] = [];
  for (const line of (match[1] ?? "").split(/\r?\n/)) {
    const item = /^\s*-\s+(.*)$/.exec(line);
    const last = meta.at(-1);
    if (item && last) {
      last[1] = [last[1], unquote((item[1] ?? "").trim())].filter(Boolean).join(", ");
      continue;
    }
    const colon = line.indexOf(":");
    // Other nested lines belong to the key above; the source tab shows them.
    if (colon < 1 || /^\s/.test(line)) continue;
    meta.push([line.slice(0, colon).trim(), unquote(line.slice(colon + 1).trim())]);
  }
  return { meta, body: source.slice(match[0].length) };
}

function unquote(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  return value.replace(/^"(.*)"$/, "$1");
}
