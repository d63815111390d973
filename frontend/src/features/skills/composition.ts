import type { SkillComposition } from "@/client/contract";

type LinkedSkill = SkillComposition["skills"][number];
type Reference = SkillComposition["references"][number];

export type PlacedSkill = LinkedSkill & { layer: number; place: number };

const PASSES = 4;

/**
 * Skills in layers, what uses others above what is used, each layer ordered so that few lines
 * cross: by the mean place of what a skill is joined to in the layer before, from above and from
 * below in turn.
 */
export function layered({ skills, references }: SkillComposition): PlacedSkill[][] {
  const depth = depthsOf(skills, references);
  const layers: LinkedSkill[][] = [];
  for (const skill of skills) {
    const at = depth.get(skill.slug) ?? 0;
    layers[at] = [...(layers[at] ?? []), skill];
  }
  const filled = layers.filter(Boolean);
  for (let pass = 0; pass < PASSES; pass++) {
    const isDown = pass % 2 === 0;
    const order = isDown ? filled.keys() : [...filled.keys()].reverse();
    for (const at of order) {
      const before = filled[isDown ? at - 1 : at + 1];
      if (before) filled[at] = sortedBy(filled[at] ?? [], before, references);
    }
  }
  return filled.map((layer, at) => layer.map((skill, place) => ({ ...skill, layer: at, place })));
}

/** How far each is from the top: one more than the farthest of those that use it. */
function depthsOf(skills: LinkedSkill[], references: Reference[]): Map<string, number> {
  const depth = new Map(skills.map(({ slug }) => [slug, 0]));
  // Nothing refers deeper than there are skills: a circle, which is refused, would end here too.
  for (let round = 0; round < skills.length; round++) {
    let isChanged = false;
    for (const { slug, uses } of references) {
      const least = (depth.get(slug) ?? 0) + 1;
      if ((depth.get(uses) ?? 0) < least && least < skills.length) {
        depth.set(uses, least);
        isChanged = true;
      }
    }
    if (!isChanged) break;
  }
  return depth;
}

function sortedBy(layer: LinkedSkill[], before: LinkedSkill[], references: Reference[]) {
  const places = new Map(before.map(({ slug }, i) => [slug, i]));
  const weight = new Map(
    layer.map(({ slug }, i) => {
      const joined = references.flatMap((one) => {
        const other = one.slug === slug ? one.uses : one.uses === slug ? one.slug : "";
        const place = places.get(other);
        return place === undefined ? [] : [place];
      });
      const mean = joined.reduce((sum, place) => sum + place, 0) / joined.length;
      return [slug, joined.length > 0 ? mean : i];
    }),
  );
  return layer.toSorted((a, b) => (weight.get(a.slug) ?? 0) - (weight.get(b.slug) ?? 0));
}
