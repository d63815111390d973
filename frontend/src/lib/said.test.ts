import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setLanguage } from "./locale";
import { saidText } from "./said";

beforeEach(() => setLanguage("zh-Hans"));
afterEach(() => setLanguage("en"));

const PAUSED = { code: "job_paused", values: { who: "Ada" } };
const NUMBERS = {
  code: "gate_numbers",
  values: { candidate: 0.44, baseline: -0.5, pairs: 32, difference: 0.94, low: 0.44, high: 1.38 },
};

test("what the server said is told in the reader's language, sentence by sentence", () => {
  const said = saidText("Paused by Ada. Mean reward …", [PAUSED, NUMBERS]);

  expect(i18n.locale).toBe("zh-Hans");
  expect(said).toContain("由 Ada 暂停。32 个提示词");
  expect(said).toContain("−0.50");
});

test("in English it reads as the server wrote it", async () => {
  await setLanguage("en");

  expect(saidText("Paused by Ada.", [PAUSED])).toBe("Paused by Ada.");
});

test("a code that this console does not know leaves all of it in English", () => {
  expect(saidText("Paused by Ada. Why?", [PAUSED, { code: "newer", values: {} }])).toBe(
    "Paused by Ada. Why?",
  );
  expect(saidText("As it was stored before.", [])).toBe("As it was stored before.");
});

test("a window's time is that of the workspace, with its day where that is not today", () => {
  const values = { until: "2031-03-04T01:30:00Z", zone: "Asia/Tokyo", label: "" };

  const said = saidText("", [{ code: "window_next", values }]);

  expect(said).toContain("10:30");
  expect(said).toContain("4");
});
