import { expect, test } from "vitest";
import { joinedSlots } from "./windows";

const slot = (opens: string, closes: string) => ({
  key: opens,
  source: "hours",
  opens_at: `2026-11-22T${opens}:00Z`,
  closes_at: `2026-11-22T${closes}:00Z`,
});
const timesOf = (slots: ReturnType<typeof slot>[]) =>
  joinedSlots(slots).map(({ opens_at, closes_at }) => [
    opens_at.slice(11, 16),
    closes_at.slice(11, 16),
  ]);

test("windows that overlap or touch are one, whatever their order", () => {
  expect(timesOf([slot("22:00", "23:00"), slot("08:00", "22:30"), slot("23:00", "23:30")])).toEqual(
    [["08:00", "23:30"]],
  );
});

test("one inside another adds nothing, and one apart stays", () => {
  expect(timesOf([slot("01:00", "06:00"), slot("02:00", "03:00"), slot("07:00", "08:00")])).toEqual(
    [
      ["01:00", "06:00"],
      ["07:00", "08:00"],
    ],
  );
});
