import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { LimitNow } from "@/client/contract";
import { aKey } from "@/testing/data";
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
    subject_name: "",
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
    "GET /t/main/limits/": page([NOW.limit]),
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

const KEY = aKey({ id: "k1", name: "ci" });
const subjects = { "GET /t/main/keys/": page([KEY]), "GET /t/main/agents/": page([]) };

test("a limit is set for a key, in dollars and requests", async () => {
  const server = new FakeServer({
    ...subjects,
    "GET /t/main/limits/": page([]),
    "POST /t/main/limits/": NOW.limit,
  });
  const { user } = renderConsole("/t/main/budgets");

  await user.click(await screen.findByRole("button", { name: "Set a limit" }));
  await screen.findByRole("option", { name: "ci" });
  await user.selectOptions(screen.getByLabelText("For"), "ci");
  await user.type(screen.getByLabelText("Dollars a day"), "2.5");
  await user.type(screen.getByLabelText("Requests a minute"), "60");
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(server.sent("POST /t/main/limits/")[0]?.body).toEqual({
    scope: "key",
    subject: "k1",
    day_micros: 2_500_000,
    month_micros: null,
    requests_per_minute: 60,
    tokens_per_minute: null,
    concurrent_streams: null,
  });
});

test("the address of a key's limit opens the one that is there", async () => {
  const limit = { ...NOW.limit, scope: "key", subject: "k1", subject_name: "ci" };
  const server = new FakeServer({
    ...subjects,
    "GET /t/main/limits/": page([limit]),
    "PATCH /t/main/limits/l1/": limit,
  });
  const { user, router } = renderConsole("/t/main/budgets?limit=key:k1");

  expect(await screen.findByRole("dialog", { name: "Limit of Key ci" })).toBeVisible();
  const field = screen.getByLabelText("Dollars a day");
  expect(field).toHaveValue(10);
  await user.clear(field);
  await user.type(screen.getByLabelText("Tokens a minute"), "1000");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(router.state.location.search).toEqual({}));
  expect(server.sent("PATCH /t/main/limits/l1/")[0]?.body).toMatchObject({
    day_micros: null,
    tokens_per_minute: 1000,
  });
});

test("a lifted limit can be had back at once", async () => {
  const server = new FakeServer({
    ...subjects,
    "GET /t/main/limits/": page([{ ...NOW.limit, requests_per_minute: 5 }]),
    "DELETE /t/main/limits/l1/": null,
    "POST /t/main/limits/": NOW.limit,
  });
  const { user } = renderConsole("/t/main/budgets");
  expect(await screen.findByText("5 requests a minute")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Lift the limit of Workspace" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));

  await waitFor(() => expect(server.sent("POST /t/main/limits/")).toHaveLength(1));
  expect(server.sent("POST /t/main/limits/")[0]?.body).toMatchObject({
    scope: "tenant",
    requests_per_minute: 5,
    day_micros: 10_000_000,
  });
});
