import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { LimitNow } from "@/client/contract";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const NUMBERS = {
  requests: 12,
  aborted: 1,
  estimated: 0,
  unpriced: 2,
  input_tokens: 1500,
  output_tokens: 300,
  cache_read_tokens: 700,
  cache_write_tokens: 0,
  cost_micros: 2_500_000,
};
const report = (by: string, rows: object[]) => ({
  since: "2026-11-01",
  until: "2026-11-20",
  by,
  rows,
  total: NUMBERS,
});
const NOW: LimitNow = {
  limit: {
    id: "l1",
    scope: "tenant" as LimitNow["limit"]["scope"],
    subject: "",
    requests_per_minute: null,
    tokens_per_minute: null,
    concurrent_streams: null,
    day_micros: 10_000_000,
    month_micros: null,
    created_at: "2026-11-20T12:00:00Z",
  },
  day_micros: 2_500_000,
  month_micros: 2_500_000,
  day_ends_at: "2026-11-21T00:00:00Z",
  month_ends_at: "2026-12-01T00:00:00Z",
};

test("shows what is spent of a budget, and only of one that is set", async () => {
  new FakeServer({
    "GET /t/main/usage/now/": page([NOW]),
    "GET /t/main/usage/": report("day", []),
  });
  renderConsole("/t/main/budgets");
  const bar = await screen.findByRole("progressbar", { name: "Workspace, today" });
  expect(bar).toHaveAttribute("aria-valuenow", "25");
  expect(screen.getByText(/\$2\.50 of \$10\.00/)).toBeVisible();
  expect(screen.queryByRole("progressbar", { name: /month/ })).toBeNull();
  await expectAccessible();
});

test("usage is grouped as asked, with its total and what has no price", async () => {
  const server = new FakeServer({
    "GET /t/main/usage/now/": page([]),
    "GET /t/main/usage/": ({ query }: { query: URLSearchParams }) =>
      report(query.get("by") ?? "day", [{ ...NUMBERS, group: "g", name: `a ${query.get("by")}` }]),
  });
  const { user } = renderConsole("/t/main/budgets");
  expect(await screen.findByText("a day")).toBeVisible();
  await user.selectOptions(screen.getByLabelText("Usage by"), "model");
  const row = (await screen.findByText("a model")).closest("tr") as HTMLElement;
  expect(within(row).getByText("2 unpriced")).toBeVisible();
  expect(row).toHaveTextContent("1,500");
  expect(screen.getByText("Total").closest("tr")).toHaveTextContent("$2.50");
  expect(server.sent("GET /t/main/usage/")).toHaveLength(2);
  await expectAccessible();
});
