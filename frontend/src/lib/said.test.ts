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

test.each([
  [
    "a file in an import",
    [
      { code: "in_file", values: { name: "a/SKILL.md" } },
      { code: "front_matter_refused", values: {} },
      { code: "yaml_deep", values: { limit: 8 } },
    ],
    "a/SKILL.md：文件头被拒绝：嵌套超过 8 层。",
  ],
  [
    "a calendar",
    [{ code: "calendar_refuses", values: { status: 401 } }],
    "日历服务器拒绝访问（401）：请检查用户名和密码，或重新复制地址。",
  ],
  [
    "an answer of the evolver",
    [{ code: "evolver_rewrites", values: { slug: "iso-dates", share: 0.25, least: 0.5 } }],
    "对 iso-dates 的修订只保留了 25 % 的原有行；至少须保留 50 %。",
  ],
  [
    "a role",
    [{ code: "role_needed", values: { needed: "admin", role: "viewer" } }],
    "此操作需要管理员角色；您在此处的角色是查看者。",
  ],
  [
    "an object in a tasks file",
    [
      { code: "in_line", values: { number: 3 } },
      { code: "task_no_object", values: {} },
    ],
    "第 3 行：题目是一个 JSON 对象：{…}。",
  ],
  [
    "a step that says nothing",
    [{ code: "step_all_the_same", values: { noun: "tasks", step: 2, count: 4 } }],
    "第 2 步的题目的所有回答价值相同，共 4 组：没有可学习的内容。",
  ],
])("a refusal of %s", (_, sentences, told) => {
  expect(saidText("In English.", sentences)).toBe(told);
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
