import { describe, expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatCompact,
  formatMs,
  formatPercent,
  formatScore,
  shortId,
} from "./format";

test.each([
  [null, "–"],
  [0, "0 ms"],
  [0.3, "<1 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_949, "59.9 s"],
  [59_999, "1 m 0 s"],
  [125_000, "2 m 5 s"],
])("formatMs(%s) is %s", (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [812, "812 B"],
  [1000, "1.0 kB"],
  [999_600, "1.0 MB"],
  [1_440_000, "1.4 MB"],
  [250_000_000, "250 MB"],
])("formatBytes(%s) is %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, 0, "–"],
  [0, 10, "0%"],
  [1, 100_000, "<0.1%"],
  [21, 1000, "2.1%"],
  [1, 3, "33%"],
  [2999, 3000, "99.9%"],
  [10, 10, "100%"],
])("formatPercent(%s, %s) is %s", (part, whole, text) => {
  expect(formatPercent(part, whole)).toBe(text);
});

describe("formatAgo", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  const secondsAgo = (seconds: number) => new Date(now - seconds * 1000).toISOString();

  test.each([
    [0, "now"],
    [-30, "now"],
    [60, "1 min"],
    [3540, "59 min"],
    [3600, "1 h"],
    [86_399, "24 h"],
    [2 * 86_400, "2 d"],
  ])("%s seconds ago is %s", (seconds, text) => {
    expect(formatAgo(secondsAgo(seconds), now)).toBe(text);
  });

  test("after two weeks the date is said", () => {
    expect(formatAgo(secondsAgo(30 * 86_400), now)).toBe("21 Oct 2026");
  });
});

test("scores carry a real minus sign", () => {
  expect([1, 0, -1, null].map(formatScore)).toEqual(["+1", "0", "−1", "–"]);
});

test("a short id keeps both ends: ids of one minute begin alike", () => {
  expect(shortId("019a2b4c-0000-7000-8000-000000000001")).toBe("019a2b4c…0001");
  expect(shortId("short")).toBe("short");
});

test("counts", () => {
  expect(formatCompact(9999)).toBe("9,999");
  expect(formatCompact(12_345)).toBe("12.3K");
});
