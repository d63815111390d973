/** Whose limit is to be set: `key:<id>`, `agent:<name>` or `tenant`. */
export type BudgetSearch = { limit?: string };

export function parseBudgetSearch({ limit }: Record<string, unknown>): BudgetSearch {
  return typeof limit === "string" && /^(tenant$|key:.|agent:.)/.test(limit) ? { limit } : {};
}
