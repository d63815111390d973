import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aSession, aTurn, aTurnDetail } from "@/testing/data";
import { type Call, FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/turns/";
const turns = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    aTurn({ id: `turn-${count + from - i}`, preview: `words ${count + from - i}` }),
  );

function scrollTo(top: number) {
  const scroller = screen.getByTestId("turn-scroller");
  scroller.scrollTop = top;
  fireEvent.scroll(scroller);
}

test("filters live in the address and reach the server", async () => {
  const server = new FakeServer({ [LIST]: page(turns(3)) });
  const { router, user } = renderConsole("/t/main/turns?outcome=failed&session=s1");
  await screen.findByText("words 3");
  expect(server.sent(LIST)[0]?.query.toString()).toContain("outcome=failed&session=s1");

  await user.selectOptions(screen.getByLabelText("Outcome"), "passed");
  await user.type(screen.getByLabelText("Search turns"), "refund");

  await waitFor(() =>
    expect(router.state.location.search).toEqual({ outcome: "passed", session: "s1", q: "refund" }),
  );
  const last = server.sent(LIST).at(-1)?.query;
  expect([last?.get("outcome"), last?.get("q")]).toEqual(["passed", "refund"]);
});

test("a split, a range of scores and days reach the server as it reads them", async () => {
  const server = new FakeServer({ [LIST]: page(turns(3)) });
  const address = "split=support&score_min=0&score_max=9&since=2026-11-01&until=2026-11-02";
  renderConsole(`/t/main/turns?${address}&upstream=OpenAI`);
  await screen.findByText("words 3");

  const sent = server.sent(LIST)[0]?.query;
  expect([sent?.get("split"), sent?.get("score_min"), sent?.get("score_max")]).toEqual([
    "support",
    "0",
    null,
  ]);
  expect(sent?.get("upstream")).toBe("OpenAI");
  // The last day is included.
  const span = Date.parse(sent?.get("until") ?? "") - Date.parse(sent?.get("since") ?? "");
  expect(span).toBe(2 * 86_400_000);
});

test("at the top, new turns come in by themselves", async () => {
  const server = new FakeServer({ [LIST]: page(turns(3)) });
  renderConsole("/t/main/turns");
  await screen.findByText("words 3");

  server.answers[LIST] = page(turns(4));
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("words 4")).toBeVisible();
  expect(screen.queryByRole("button", { name: /new turn/ })).toBeNull();
});

test("further down, new turns wait behind a pill and the rows stay where they are", async () => {
  const server = new FakeServer({ [LIST]: page(turns(40)) });
  const { user } = renderConsole("/t/main/turns");
  await screen.findByText("words 40");
  scrollTo(200);

  server.answers[LIST] = page(turns(42));
  FakeSocket.last.announce("trajectories.turn");

  const pill = await screen.findByRole("button", { name: "2 new turns" });
  expect(screen.queryByText("words 42")).toBeNull();
  await user.click(pill);
  expect(await screen.findByText("words 42")).toBeVisible();
  expect(screen.queryByRole("button", { name: /new turn/ })).toBeNull();
});

test("older turns are fetched on the way down, by the cursor", async () => {
  const server = new FakeServer({
    [LIST]: ({ query }: Call) =>
      query.get("cursor") === "c1" ? page(turns(5)) : page(turns(30, 5), "c1"),
  });
  renderConsole("/t/main/turns");
  await screen.findByText("words 35");

  scrollTo(600);

  await waitFor(() => expect(server.sent(LIST).at(-1)?.query.get("cursor")).toBe("c1"));
  expect(await screen.findByText("35 turns")).toBeVisible();
});

test("J and K move, Enter opens the panel, Escape closes it", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  new FakeServer({
    [LIST]: page(turns(3)),
    "GET /t/main/turns/turn-2/": aTurnDetail({ id: "turn-2" }),
    "GET /t/main/turns/turn-1/": aTurnDetail({ id: "turn-1" }),
  });
  const { user, router } = renderConsole("/t/main/turns");
  await screen.findByText("words 3");

  await user.keyboard("jjjk{Enter}");
  expect(await screen.findByRole("complementary", { name: "Turn" })).toBeVisible();
  expect(router.state.location.search).toEqual({ peek: "turn-2" });
  await user.keyboard("j");
  await waitFor(() => expect(router.state.location.search).toEqual({ peek: "turn-1" }));
  await user.keyboard("{Escape}");

  await waitFor(() => expect(screen.queryByRole("complementary", { name: "Turn" })).toBeNull());
});

test("empty, filtered empty, and broken are three different things", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  const { user, unmount } = renderConsole("/t/main/turns?outcome=failed");
  expect(await screen.findByText("No turn matches these filters")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByText("No turns yet")).toBeVisible();
  unmount();

  server.answers[LIST] = problem(403, { code: "forbidden", detail: "Your role is too low." });
  renderConsole("/t/main/turns");
  expect(await screen.findByText("Your role is too low.")).toBeVisible();
});

test("has no accessibility violations", async () => {
  new FakeServer({ [LIST]: page(turns(3)) });
  renderConsole("/t/main/turns");

  await screen.findByText("words 3");
  await expectAccessible();
});

test("what the list shows is exported, with its filters as they are", async () => {
  const ask = "POST /t/main/exports/";
  const server = new FakeServer({ [LIST]: page(turns(3)), [ask]: {} });
  const { user } = renderConsole("/t/main/turns?outcome=failed&q=refund&since=2026-11-01");
  await screen.findByText("words 3");

  await user.click(screen.getByRole("button", { name: "Export these" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("search: refund")).toBeVisible();
  await expectAccessible(screen.getByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("Take out"), "personal");
  await user.click(dialog.getByRole("button", { name: "Export" }));

  expect(await screen.findByText(/The export is on its way/)).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(server.sent(ask)[0]?.body).toEqual({
    kind: "turns",
    redaction: "personal",
    encoding: "jsonl",
    filters: {
      outcome: "failed",
      q: "refund",
      since: new Date("2026-11-01T00:00:00").toISOString(),
    },
  });
});

test("an export that is refused says why, and stays open", async () => {
  const refused = problem(422, { code: "export_impossible", detail: "Parquet is not installed." });
  new FakeServer({ [LIST]: page(turns(3)), "POST /t/main/exports/": refused });
  const { user } = renderConsole("/t/main/turns");
  await screen.findByText("words 3");

  await user.click(screen.getByRole("button", { name: "Export these" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("Every turn of the workspace.")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Export" }));

  expect(await dialog.findByRole("alert")).toHaveTextContent("Parquet is not installed.");
});

test("a viewer sees that exporting takes another role", async () => {
  new FakeServer({
    [LIST]: page(turns(3)),
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "viewer",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
  });
  renderConsole("/t/main/turns");
  await screen.findByText("words 3");

  expect(screen.getByRole("button", { name: "Export these" })).toBeDisabled();
});

const SEARCH = "GET /t/main/turns/search/";
const EXCERPT = [
  { text: "…keep the ", is_hit: false },
  { text: "refund", is_hit: true },
  { text: " <b>short</b>", is_hit: false },
];

test("what was looked for is marked in the list, and what is quoted is text", async () => {
  const turn = aTurn({ preview: "words", excerpt: EXCERPT });
  new FakeServer({ [LIST]: page([turn]) });
  renderConsole("/t/main/turns?q=refund");

  expect((await screen.findByText("refund")).tagName).toBe("MARK");
  expect(screen.getByText(/<b>short<\/b>/)).toBeVisible();
  expect(screen.queryByText("words")).toBeNull();
  await expectAccessible();
});

test("the best matches are asked for by words and meaning, and filters hold", async () => {
  const byMeaning = aTurn({ id: "turn-2", preview: "money back" });
  const server = new FakeServer({
    [LIST]: page(turns(2)),
    [SEARCH]: {
      results: [
        { turn: aTurn(), excerpt: EXCERPT, found_by: ["text", "meaning"], closeness: 0.7 },
        {
          turn: byMeaning,
          excerpt: [{ text: "money back", is_hit: false }],
          found_by: ["meaning"],
          closeness: 0.5,
        },
      ],
      searched_by: "both",
      note: "",
    },
  });
  const { router, user } = renderConsole("/t/main/turns?q=refund&outcome=failed");
  await screen.findByText("words 2");

  await user.selectOptions(screen.getByLabelText("Order"), "best");

  expect(await screen.findByText("by meaning")).toBeVisible();
  expect(screen.getByRole("table", { name: "Turns, best match first" })).toBeVisible();
  expect(router.state.location.search).toEqual({ q: "refund", outcome: "failed", order: "best" });
  const sent = server.sent(SEARCH)[0]?.query;
  expect([sent?.get("q"), sent?.get("mode"), sent?.get("outcome")]).toEqual([
    "refund",
    "both",
    "failed",
  ]);

  await user.selectOptions(screen.getByLabelText("Outcome"), "");
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "refund", order: "best" }));
});

test("a search that could only go by words says so; without words nothing has a best", async () => {
  const note = "Searched by words only: no embedder is set up here.";
  const server = new FakeServer({
    [LIST]: page(turns(2)),
    [SEARCH]: { results: [], searched_by: "text", note },
  });
  const { unmount } = renderConsole("/t/main/turns?q=refund&order=best");
  expect(await screen.findByText(new RegExp(note))).toBeVisible();
  expect(screen.getByText("No turn matches these filters")).toBeVisible();
  unmount();

  renderConsole("/t/main/turns?order=best");
  expect(await screen.findByText("words 2")).toBeVisible();
  expect(server.sent(SEARCH)).toHaveLength(1);
});
