/** Whom a skill is for, as lines of text that people edit. */

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export const agentsIn = (text: string) => [...new Set(linesOf(text))];

export const tagLines = (tags: Record<string, string>) =>
  Object.entries(tags).map(([name, value]) => `${name}=${value}`);

/** The tags in a text of ``name=value`` lines; null if a line is none. */
export function tagsIn(text: string): Record<string, string> | null {
  const tags: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const [, name, value] = line.match(/^([^=\s]+)\s*=\s*(.+)$/) ?? [];
    if (!name || !value) return null;
    tags[name] = value;
  }
  return tags;
}
