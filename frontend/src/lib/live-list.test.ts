import { expect, test } from "vitest";
import { aTurn } from "@/testing/data";
import { joinHead } from "./live-list";

const turns = (...ids: string[]) => ids.map((id) => aTurn({ id }));
const ids = ({ rows }: { rows: { id: string }[] }) => rows.map(({ id }) => id);

test("new turns go on top and the list continues where it did", () => {
  const head = joinHead(
    { results: turns("d", "c", "b"), next: "below-b" },
    { rows: turns("b", "a"), next: "below-a" },
  );

  expect(ids(head)).toEqual(["d", "c", "b", "a"]);
  expect(head.next).toBe("below-a");
});

test("a turn that was scored meanwhile is replaced, not doubled", () => {
  const head = joinHead(
    { results: [aTurn({ id: "a", outcome: "failed" })], next: null },
    { rows: [aTurn({ id: "a", outcome: "unscored" })], next: null },
  );

  expect(head.rows.map(({ outcome }) => outcome)).toEqual(["failed"]);
});

test("more new turns than a page holds would leave a hole, so the list starts afresh", () => {
  const head = joinHead(
    { results: turns("z", "y"), next: "below-y" },
    { rows: turns("b", "a"), next: "below-a" },
  );

  expect(ids(head)).toEqual(["z", "y"]);
  expect(head.next).toBe("below-y");
});
