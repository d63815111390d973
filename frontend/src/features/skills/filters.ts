import { t } from "@lingui/core/macro";
import type { SkillSource } from "@/client/contract";

export const CATEGORIES = [
  "general",
  "coding",
  "research",
  "data_analysis",
  "security",
  "communication",
  "automation",
  "agentic",
  "productivity",
  "common_mistakes",
];

export const SOURCES: Record<SkillSource, string> = {
  bank: t`built in`,
  evolved: t`learned`,
  imported: t`imported`,
  written: t`written`,
};

/** What the Skills page keeps in its address. Without a status only live skills are listed. */
export type SkillFilters = {
  q?: string;
  category?: string;
  status?: "retired" | "all";
  source?: SkillSource;
};

export type SkillView = "list" | "composition";

/** With which of the two views is shown; without it the list. */
export type SkillSearch = SkillFilters & { view?: "composition" };

export function parseSkillSearch(search: Record<string, unknown>): SkillSearch {
  if (search.view === "composition") return { view: search.view };
  return parseSkillFilters(search);
}

export function parseSkillFilters(search: Record<string, unknown>): SkillFilters {
  const filters: SkillFilters = {};
  if (typeof search.q === "string" || typeof search.q === "number") filters.q = String(search.q);
  const category = CATEGORIES.find((known) => known === search.category);
  if (category) filters.category = category;
  if (search.status === "retired" || search.status === "all") filters.status = search.status;
  if (typeof search.source === "string" && search.source in SOURCES) {
    filters.source = search.source as SkillSource;
  }
  return filters;
}
