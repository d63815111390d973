/** Splits a SKILL.md into the lines between its `---` marks and the text after them. */
export function splitFrontMatter(source: string): { meta: [string, string][]; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(source);
  if (!match) return { meta: [], body: source };
  const meta = (match[1] ?? "").split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    // Nested lines belong to the key above; the source tab shows them.
    if (colon < 1 || /^\s/.test(line)) return [];
    return [[line.slice(0, colon).trim(), unquote(line.slice(colon + 1).trim())]];
  });
  return { meta, body: source.slice(match[0].length) };
}

function unquote(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  return value.replace(/^"(.*)"$/, "$1");
}
