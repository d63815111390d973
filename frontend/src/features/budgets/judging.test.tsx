import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";
import { everyDay } from "./api/judging";

const SPENDING = "GET /t/main/judge-spending/";
const aDay = (day: string, change = {}) => ({
  day,
  scores: 3,
  unpriced: 0,
  input_tokens: 2400,
  output_tokens: 90,
  cost_micros: 12_000,
  ...change,
});
const spending = (days: ReturnType<typeof aDay>[], total = {}) => ({
  since: "2026-10-24",
  until: "2026-11-02",
  days,
  total: { ...aDay(""), scores: 5, cost_micros: 20_000, ...total },
});
const serve = (answer: unknown) =>
  new FakeServer({
    "GET /t/main/usage/now/": page([]),
    "GET /t/main/usage/": { since: "", until: "", by: "day", rows: [], total: aDay("") },
    [SPENDING]: answer,
  });
const panel = async () =>
  within(
    (await screen.findByRole("heading", { name: "Judging" })).closest("section") as HTMLElement,
  );

test("every day of the span has a place, over the change of the clocks too", () => {
  const days = everyDay(spending([aDay("2026-10-25"), aDay("2026-11-02")]));

  expect(days.map(({ day }) => day)).toEqual([
    ...["24", "25", "26", "27", "28", "29", "30", "31"].map((day) => `2026-10-${day}`),
    ...["2026-11-01", "2026-11-02"],
  ]);
  expect(days.map(({ scores }) => scores)).toEqual([0, 3, 0, 0, 0, 0, 0, 0, 0, 3]);
});

test("what judging cost is drawn by the day, and stands in a table", async () => {
  serve(spending([aDay("2026-10-25"), aDay("2026-11-02", { scores: 2, cost_micros: 8_000 })]));
  const { user } = renderConsole("/t/main/budgets");
  const judging = await panel();

  expect(await judging.findByText("$0.02 for 5 scores")).toBeVisible();
  const chart = judging.getByRole("img", { name: /Cost of judging by the day/ });
  const bars = [...chart.querySelectorAll<HTMLElement>("[style]")].map((bar) => bar.style.height);
  expect(chart.children).toHaveLength(10);
  expect(bars).toEqual(["100%", expect.stringMatching(/^66\.6/)]);
  await user.click(judging.getByText("Show as a table"));
  const rows = judging.getAllByRole("row").slice(1);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toHaveTextContent("32,400900$0.012");
  await expectAccessible();
});

test("a judge without a price shows how often it was asked, and says so", async () => {
  serve(
    spending([aDay("2026-11-02", { cost_micros: 0, unpriced: 3 })], {
      cost_micros: 0,
      unpriced: 3,
    }),
  );
  renderConsole("/t/main/budgets");
  const judging = await panel();

  expect(await judging.findByText("3 unpriced")).toBeVisible();
  expect(judging.getByRole("img", { name: /Scores by the judge by the day/ })).toBeVisible();
});

test("nothing judged, and not to be had, are two things", async () => {
  const server = serve(spending([], { scores: 0, cost_micros: 0 }));
  const { unmount } = renderConsole("/t/main/budgets");
  expect(await screen.findByText(/No turn was judged/)).toBeVisible();
  unmount();

  server.answers[SPENDING] = problem(500, { code: "error", detail: "Not now." });
  renderConsole("/t/main/budgets");
  expect(await (await panel()).findByText("Not now.")).toBeVisible();
});
