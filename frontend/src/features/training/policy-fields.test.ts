import { expect, test } from "vitest";
import { NEW_POLICY, withSource } from "./policy-fields";

test("answers that are given are imitated, without a teacher", () => {
  const draft = { ...NEW_POLICY, teacher: "up1" };

  const change = withSource(draft, "experts");

  expect(change).toEqual({ source: "experts", loss: "cross_entropy", teacher: null });
});

test("away from them it learns from rewards again", () => {
  const draft = { ...NEW_POLICY, ...withSource(NEW_POLICY, "experts") };

  expect(withSource(draft, "tasks")).toEqual({ source: "tasks", loss: "importance_sampling" });
});

test("a loss that was chosen stays", () => {
  expect(withSource({ ...NEW_POLICY, loss: "ppo" }, "turns")).toEqual({ source: "turns" });
});
