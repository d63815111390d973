import { expect, test } from "vitest";
import { aComposition, aLinkedSkill } from "@/testing/data-skills";
import { type Drawing, layered } from "./composition";

const slugs = ({ layers }: Drawing) =>
  layers.map((layer) => layer.flatMap(({ skill }) => (skill ? [skill.slug] : [])));

test("what is used stands below all that use it", () => {
  expect(slugs(layered(aComposition()))).toEqual([["report"], ["tables"], ["units"]]);
});

test("a line over several layers has a lane of its own, beside the skills", () => {
  const { layers, lines } = layered(aComposition());

  expect(layers[1]).toHaveLength(2);
  const far = lines.find(
    ({ reference }) => reference.slug === "report" && reference.uses === "units",
  );
  expect(far?.spots).toEqual(["report", layers[1]?.find(({ skill }) => !skill)?.id, "units"]);
});

test("those that belong together stand together", () => {
  const names = ["a", "b", "x", "y"];
  const references = [
    { slug: "a", uses: "y", trouble: "" as const },
    { slug: "b", uses: "x", trouble: "" as const },
  ];
  const skills = names.map((slug) => aLinkedSkill({ slug }));

  const [top, bottom] = slugs(layered({ skills, references, alone: 0 }));

  expect(top?.map((slug) => references.find((one) => one.slug === slug)?.uses)).toEqual(bottom);
});

test("a circle that should not be there does not hang the page", () => {
  const references = [
    { slug: "a", uses: "b", trouble: "" as const },
    { slug: "b", uses: "a", trouble: "" as const },
  ];
  const skills = [aLinkedSkill({ slug: "a" }), aLinkedSkill({ slug: "b" })];

  expect(
    slugs(layered({ skills, references, alone: 0 }))
      .flat()
      .sort(),
  ).toEqual(["a", "b"]);
});
