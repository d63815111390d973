import { describe, expect, test } from "vitest";
import { alignLines, countChanges, type Side, similarity } from "./align";

const textOf = (side: Side | null) => side?.segments.map(({ text }) => text).join("") ?? null;
const pairs = (before: string, after: string) =>
  alignLines(before, after).map(({ kind, left, right }) => [kind, textOf(left), textOf(right)]);

describe("alignLines", () => {
  test("pairs renumbered steps by their words, not by their place", () => {
    const before = "1. Read the schema.\n2. Write the migration.\n3. Report the row counts.\n";
    const after =
      "1. Read the schema.\n2. Check the size first.\n3. Write the migration as one file.\n4. Report the row counts.\n";

    expect(pairs(before, after)).toEqual([
      ["same", "1. Read the schema.", "1. Read the schema."],
      ["added", null, "2. Check the size first."],
      ["changed", "2. Write the migration.", "3. Write the migration as one file."],
      ["changed", "3. Report the row counts.", "4. Report the row counts."],
    ]);
  });

  test("lines without common words are not called one edited line", () => {
    expect(pairs("alpha beta\n", "gamma delta\n")).toEqual([
      ["removed", "alpha beta", null],
      ["added", null, "gamma delta"],
    ]);
  });

  test("marks only the words that changed", () => {
    const [row] = alignLines("change a schema\n", "change or index a schema\n");

    expect(row?.left?.segments.filter(({ isChanged }) => isChanged)).toEqual([]);
    const added = row?.right?.segments.filter(({ isChanged }) => isChanged);
    expect(added?.map(({ text }) => text.trim()).join(" ")).toBe("or index");
  });

  test("numbers each side by its own lines", () => {
    const rows = alignLines("a\nb\n", "a\nx y\nb\n");

    expect(rows.map(({ left }) => left?.number ?? null)).toEqual([1, null, 2]);
    expect(rows.map(({ right }) => right?.number ?? null)).toEqual([1, 2, 3]);
  });

  test("a missing last newline is no change", () => {
    expect(countChanges(alignLines("a\nb", "a\nb\n"))).toEqual({
      added: 0,
      removed: 0,
      changed: 0,
    });
  });

  test("every line of both texts appears exactly once", () => {
    const before = "one two\nthree\n\nfour five six\nseven";
    const after = "three\none two three\n\nfour six\neight\nseven";
    const rows = alignLines(before, after);

    const side = (name: "left" | "right") =>
      rows.flatMap((row) => (row[name] ? [textOf(row[name])] : [])).join("\n");
    expect(side("left")).toBe(before);
    expect(side("right")).toBe(after);
  });
});

test("similarity counts shared words of any script", () => {
  expect(similarity("Run the migration", "run THE migration!")).toBe(1);
  expect(similarity("größe prüfen", "größe messen")).toBe(0.5);
  expect(similarity("", "word")).toBe(0);
});
