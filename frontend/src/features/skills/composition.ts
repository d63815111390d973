import type { SkillComposition } from "@/client/contract";

export type LinkedSkill = SkillComposition["skills"][number];
export type Reference = SkillComposition["references"][number];

/** A place in a layer: a skill, or where a line passes on its way to a layer further down. */
export type Spot = { id: string; skill: LinkedSkill | null };
/** `spots`: where the line of a reference begins, passes and ends. */
export type Line = { reference: Reference; spots: string[] };
export type Drawing = { layers: Spot[][]; lines: Line[] };

type Link = [from: string, to: string];

const PASSES = 4;

/**
 * Skills in layers, what uses others above what is used. A line over several layers has a lane of
 * its own through each, and every layer is ordered so that few lines cross: by the mean place of
 * what a spot is joined to in the layer before, from above and from below in turn.
 */
export function layered({ skills, references }: SkillComposition): Drawing {
  const depth = depthsOf(skills, references);
  const layers: Spot[][] = [];
  const put = (at: number, spot: Spot) => {
    layers[at] = [...(layers[at] ?? []), spot];
  };
  for (const skill of skills) put(depth.get(skill.slug) ?? 0, { id: skill.slug, skill });
  const lines = references.map((reference): Line => {
    const { slug, uses } = reference;
    const lanes: string[] = [];
    for (let at = (depth.get(slug) ?? 0) + 1; at < (depth.get(uses) ?? 0); at++) {
      const id = `${slug} → ${uses}, ${at}`;
      put(at, { id, skill: null });
      lanes.push(id);
    }
    return { reference, spots: [slug, ...lanes, uses] };
  });
  const links = lines.flatMap(({ spots }) =>
    spots.slice(1).map((spot, i): Link => [spots[i] ?? "", spot]),
  );
  return { layers: ordered(layers.filter(Boolean), links), lines };
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

function ordered(layers: Spot[][], links: Link[]): Spot[][] {
  const found = [...layers];
  for (let pass = 0; pass < PASSES; pass++) {
    const isDown = pass % 2 === 0;
    const order = [...found.keys()];
    for (const at of isDown ? order : order.reverse()) {
      const before = found[isDown ? at - 1 : at + 1];
      if (before) found[at] = sortedBy(found[at] ?? [], before, links);
    }
  }
  return found;
}

function sortedBy(layer: Spot[], before: Spot[], links: Link[]): Spot[] {
  const places = new Map(before.map(({ id }, i) => [id, i]));
  const weights = new Map(
    layer.map(({ id }, i) => {
      const joined = links.flatMap(([from, to]) => {
        const place = places.get(from === id ? to : to === id ? from : "");
        return place === undefined ? [] : [place];
      });
      const mean = joined.reduce((sum, place) => sum + place, 0) / joined.length;
      return [id, joined.length > 0 ? mean : i];
    }),
  );
  return layer.toSorted((a, b) => (weights.get(a.id) ?? 0) - (weights.get(b.id) ?? 0));
}
