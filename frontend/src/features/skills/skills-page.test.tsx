import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aLedgerLine, aSkill } from "@/testing/data";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/skills/";

const SKILLS = [
  aSkill({ slug: "beta", uses_total: 7 }),
  aSkill({ slug: "alpha", uses_total: 90 }),
  aSkill({ slug: "gamma", uses_total: 12 }),
];

const order = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getByRole("link").textContent);

test("lists live skills unless asked otherwise, filtered by the address", async () => {
  const server = new FakeServer({ [LIST]: page(SKILLS) });
  const { user, router } = renderConsole("/t/main/skills?source=evolved");
  await screen.findByText("alpha");
  expect(server.sent(LIST)[0]?.query.get("status")).toBe("live");
  expect(server.sent(LIST)[0]?.query.get("source")).toBe("evolved");

  await user.selectOptions(screen.getByLabelText("Status"), "retired");

  await waitFor(() =>
    expect(router.state.location.search).toEqual({ source: "evolved", status: "retired" }),
  );
  await waitFor(() => expect(server.sent(LIST).at(-1)?.query.get("status")).toBe("retired"));
});

test("columns sort by their numbers", async () => {
  new FakeServer({ [LIST]: page(SKILLS) });
  const { user } = renderConsole("/t/main/skills");
  await screen.findByText("alpha");

  await user.click(screen.getByRole("button", { name: "Uses" }));

  expect(order()).toEqual(["alpha", "gamma", "beta"]);
  expect(screen.getByRole("columnheader", { name: "Uses" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
});

test("the ledger's columns come for what is listed, and the live version's line counts", async () => {
  const server = new FakeServer({
    [LIST]: page(SKILLS),
    "GET /t/main/skills/ledger/": page([
      aLedgerLine({ slug: "alpha", version: 3, state: "trial", tokens_added: 5 }),
      aLedgerLine({
        slug: "alpha",
        tokens_added: 40_800,
        factor: 0.7,
        lift: {
          control: "canary",
          source_id: "c1",
          difference: 0.12,
          low: 0.03,
          high: 0.21,
          pairs: 60,
          is_simulated: false,
          at: "2026-11-20T12:00:00Z",
        },
      }),
      aLedgerLine({ slug: "beta", lift: null, daily: [0, 0, 0], last_used_at: null }),
    ]),
  });
  renderConsole("/t/main/skills");

  const row = async (name: string) =>
    (await screen.findByRole("link", { name })).closest("tr") as HTMLElement;
  await waitFor(async () => expect(await row("alpha")).toHaveTextContent("+12 +3 to +21, canary"));
  expect(await row("alpha")).toHaveTextContent("×0.70");
  expect(await row("alpha")).toHaveTextContent("40.8K $0.051");
  expect(await row("beta")).toHaveTextContent("no control");
  expect(await row("beta")).toHaveTextContent("never");
  expect(server.sent("GET /t/main/skills/ledger/")[0]?.query.getAll("slug")).toEqual([
    "beta",
    "alpha",
    "gamma",
  ]);
  await expectAccessible();
});

test("has no accessibility violations", async () => {
  new FakeServer({ [LIST]: page(SKILLS) });
  renderConsole("/t/main/skills");

  await screen.findByText("alpha");
  await expectAccessible();
});
