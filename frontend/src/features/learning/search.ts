const NAMES = ["run", "pattern"] as const;

/** What the Learning page keeps in its address: which run or pattern is looked at more closely. */
export type LearningSearch = { [name in (typeof NAMES)[number]]?: string };

export function parseLearningSearch(search: Record<string, unknown>): LearningSearch {
  const name = NAMES.find((known) => typeof search[known] === "string");
  return name ? { [name]: search[name] } : {};
}
