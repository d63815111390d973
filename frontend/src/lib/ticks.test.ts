import { expect, test } from "vitest";
import { niceTicks } from "./ticks";

test.each([
  [0.2, 0.97, [0, 0.5, 1]],
  [-1, 1, [-1, 0, 1]],
  [0, 0.3, [0, 0.1, 0.2, 0.3]],
  [0.0004, 0.0011, [0.00025, 0.0005, 0.00075, 0.001, 0.00125]],
  [5, 5, [0, 2, 4, 6]],
  [0, 0, [0, 0.5, 1]],
  [-3, -3, [-3, -2, -1, 0]],
])("%s to %s", (low, high, ticks) => {
  expect(niceTicks(low, high)).toEqual(ticks);
});
