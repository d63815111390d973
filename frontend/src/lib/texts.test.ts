import { expect, test } from "vitest";
import { splitFences } from "./fences";
import { splitFrontMatter } from "./front-matter";

test("fenced code is set apart and the text around it is untouched", () => {
  expect(splitFences("Look:\n```sql\nSELECT 1;\n```\nDone  twice")).toEqual([
    { kind: "plain", text: "Look:" },
    { kind: "code", text: "SELECT 1;", language: "sql" },
    { kind: "plain", text: "Done  twice" },
  ]);
});

test("a fence that was never closed runs to the end", () => {
  expect(splitFences("```\nhalf\nanswer")).toEqual([
    { kind: "code", text: "half\nanswer", language: "" },
  ]);
});

test("front matter is read, its quotes dropped, and the rest is the body", () => {
  const source = "---\nname: x\ndescription: \"Use when: asked\"\nnote: 'it''s: so'\n---\n\n# X\n";

  expect(splitFrontMatter(source)).toEqual({
    meta: [
      ["name", "x"],
      ["description", "Use when: asked"],
      ["note", "it's: so"],
    ],
    body: "\n# X\n",
  });
});

test("a text without front matter is all body, even with rules in it", () => {
  expect(splitFrontMatter("a\n---\nb\n---\n")).toEqual({ meta: [], body: "a\n---\nb\n---\n" });
});

test("the items of a list stand behind their key", () => {
  const { meta } = splitFrontMatter("---\nname: x\nuses:\n- units\n  - 'dates'\ntags:\n---\n");

  expect(meta).toEqual([
    ["name", "x"],
    ["uses", "units, dates"],
    ["tags", ""],
  ]);
});
