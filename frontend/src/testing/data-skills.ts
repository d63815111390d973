import type { SkillComposition } from "@/client/contract";

type LinkedSkill = SkillComposition["skills"][number];

export function aLinkedSkill(change: Partial<LinkedSkill> = {}): LinkedSkill {
  return {
    slug: "units",
    status: "live",
    version: 1,
    reach: "relevant",
    tokens: 80,
    tokens_together: 80,
    ...change,
  };
}

/** report → tables → units, and report → units. */
export function aComposition(change: Partial<SkillComposition> = {}): SkillComposition {
  return {
    skills: [
      aLinkedSkill({ slug: "report", tokens_together: 240 }),
      aLinkedSkill({ slug: "tables", version: 3, tokens_together: 160 }),
      aLinkedSkill({ slug: "units" }),
    ],
    references: [
      { slug: "report", uses: "tables", trouble: "" },
      { slug: "report", uses: "units", trouble: "" },
      { slug: "tables", uses: "units", trouble: "" },
    ],
    alone: 12,
    ...change,
  };
}
