import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { ProposalDetail } from "@/client/contract";
import { aCheck, aProposal, aProposalDetail, aSession } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

// The real editor measures text, which this environment cannot.
vi.mock("@/components/lazy-editor", () => ({
  LazyEditor: (props: { initial: string; label: string; onChange: (text: string) => void }) => (
    <textarea
      aria-label={props.label}
      defaultValue={props.initial}
      onChange={(event) => props.onChange(event.target.value)}
    />
  ),
}));

const LIST = "GET /t/main/proposals/";
const ONE = "/t/main/proposals/p1/";
const CHANGED = "This text changed while you were reading. Reload to see the new one.";

function serve(change: Partial<ProposalDetail> = {}) {
  return new FakeServer({
    [LIST]: page([
      aProposal({ id: "p1", slug: "cite-sources" }),
      aProposal({ id: "p2", slug: "date-parsing" }),
    ]),
    [`GET ${ONE}`]: aProposalDetail({ id: "p1", slug: "cite-sources", ...change }),
    [`POST ${ONE}lease/`]: {},
    [`DELETE ${ONE}lease/`]: {},
    "POST /t/main/proposals/p2/lease/": {},
    "DELETE /t/main/proposals/p2/lease/": {},
    [`GET ${ONE}replays/`]: page([]),
    "GET /t/main/proposals/p2/replays/": page([]),
    "GET /t/main/proposals/p2/": aProposalDetail({ id: "p2", slug: "date-parsing" }),
  });
}

const shown = (slug: string) => screen.findByRole("heading", { name: slug, level: 2 });

test("A approves exactly the text that was read, and goes on to the next", async () => {
  const server = serve({ sha256: "read-hash" });
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user, router } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.keyboard("a");

  await shown("date-parsing");
  expect(server.sent(`POST ${ONE}approve/`)[0]?.body).toEqual({ sha256: "read-hash", to: "all" });
  expect(router.state.location.pathname).toBe("/t/main/review/p2");
  expect(await screen.findByText(/cite-sources approved/)).toBeVisible();
});

test("G and then A leads to the agents and approves nothing", async () => {
  const server = serve({ sha256: "read-hash" });
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user, router } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.keyboard("ga");

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/agents"));
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("a text that changed on the server is refused with the banner, and reloading shows it", async () => {
  const server = serve({ sha256: "old" });
  server.answers[`POST ${ONE}approve/`] = problem(409, {
    code: "proposal_changed",
    detail: "Changed.",
  });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");
  await user.click(screen.getByRole("button", { name: /Approve for all/ }));
  expect(await screen.findByText(CHANGED)).toBeVisible();
  expect(screen.getByRole("button", { name: /Approve for all/ })).toBeDisabled();

  server.answers[`GET ${ONE}`] = aProposalDetail({ id: "p1", sha256: "new", text: "brand new\n" });
  await user.click(screen.getByRole("button", { name: "Reload" }));

  expect(await screen.findByText("brand new")).toBeVisible();
  expect(screen.queryByText(CHANGED)).toBeNull();
  expect(screen.getByRole("button", { name: /Approve for all/ })).toBeEnabled();
});

test("a skill that moved on is said in words, and saving an edit settles it", async () => {
  const server = serve({ sha256: "read" });
  const stale = "The skill itself changed since this was proposed.";
  server.answers[`POST ${ONE}approve/`] = problem(409, { code: "proposal_stale", detail: stale });
  server.answers[`PATCH ${ONE}`] = aProposalDetail({ id: "p1", sha256: "edited" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.click(screen.getByRole("button", { name: /Approve for all/ }));
  expect(await screen.findByText(stale)).toBeVisible();
  expect(screen.queryByText(CHANGED)).toBeNull();

  await user.click(screen.getByRole("button", { name: /Edit/ }));
  const editor = await screen.findByLabelText("Text of the skill");
  await user.clear(editor);
  await user.type(editor, "better");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByText(stale)).toBeNull());
});

test("a live change never slips another text under the reader's eyes", async () => {
  const server = serve({ sha256: "old", text: "the text I read\n" });
  const { user } = renderConsole("/t/main/review/p1");
  await screen.findByText("the text I read");

  server.answers[`GET ${ONE}`] = aProposalDetail({ id: "p1", sha256: "new", text: "another\n" });
  FakeSocket.last.announce("evolution.proposal");

  expect(await screen.findByRole("alert")).toHaveTextContent(CHANGED);
  expect(screen.getByText("the text I read")).toBeVisible();
  expect(screen.getByRole("button", { name: /Approve for all/ })).toBeDisabled();
  await user.keyboard("a");
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);

  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  await user.click(screen.getByRole("button", { name: "Reload" }));
  expect(await screen.findByText("another")).toBeVisible();
  await user.keyboard("a");
  await waitFor(() =>
    expect(server.sent(`POST ${ONE}approve/`).map(({ body }) => body)).toEqual([
      { sha256: "new", to: "all" },
    ]),
  );
});

test("R asks for a reason and sends it with the comment", async () => {
  const server = serve();
  server.answers[`POST ${ONE}reject/`] = aProposalDetail({ id: "p1", status: "rejected" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("r");
  const dialog = within(await screen.findByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("Reason"), "vague");
  await user.type(dialog.getByLabelText("Comment"), "ja, a bit vague");
  await user.click(dialog.getByRole("button", { name: "Reject" }));

  await waitFor(() =>
    expect(server.sent(`POST ${ONE}reject/`)[0]?.body).toEqual({
      reason: "vague",
      comment: "ja, a bit vague",
    }),
  );
  // The letters of the comment were no shortcuts.
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("E edits; what is saved is what is approved afterwards", async () => {
  const server = serve({ sha256: "old", text: "draft\n" });
  const saved = aProposalDetail({ id: "p1", sha256: "mine", text: "better\n" });
  server.answers[`PATCH ${ONE}`] = () => {
    server.answers[`GET ${ONE}`] = saved;
    return saved;
  };
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("e");
  const editor = await screen.findByLabelText("Text of the skill");
  await user.clear(editor);
  await user.type(editor, "better");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("better")).toBeVisible();
  await user.keyboard("a");

  await waitFor(() =>
    expect(server.sent(`POST ${ONE}approve/`)[0]?.body).toEqual({ sha256: "mine", to: "all" }),
  );
  expect(server.sent(`PATCH ${ONE}`)[0]?.body).toEqual({ text: "better", sha256: "old" });
  expect(screen.queryByText(CHANGED)).toBeNull();
});

test("a text that is not valid stays in the editor, with the reason", async () => {
  const server = serve({ text: "draft\n" });
  server.answers[`PATCH ${ONE}`] = problem(422, {
    code: "invalid",
    detail: "Invalid.",
    fields: { text: ["line 2: name must be a slug"] },
  });
  const { user } = renderConsole("/t/main/review/p1");
  await user.click(await screen.findByRole("button", { name: /Edit/ }));

  await user.type(await screen.findByLabelText("Text of the skill"), "x");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("line 2: name must be a slug")).toBeVisible();
  expect(screen.getByLabelText("Text of the skill")).toHaveValue("draft\nx");
});

test("who may not decide is told why, and the keys do nothing", async () => {
  const reason = "Your role (viewer) may read proposals but not decide them.";
  const server = serve({ may_decide: false, blocked_reason: reason });
  const { user } = renderConsole("/t/main/review/p1");
  const approve = await screen.findByRole("button", { name: /Approve for all/ });
  expect(approve).toBeDisabled();
  expect(approve).toHaveAccessibleDescription(reason);

  await user.keyboard("ar");

  expect(screen.queryByRole("dialog")).toBeNull();
  expect(server.calls.filter(({ method }) => method === "POST")).toEqual([]);
});

test("J and K walk the queue", async () => {
  serve();
  const { user } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.keyboard("j");
  await shown("date-parsing");
  await user.keyboard("k");

  await shown("cite-sources");
});

test("hidden characters are counted and written out", async () => {
  serve({ text: "safe\u202etext\n" });
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText(/1 character in this text cannot be seen/)).toBeVisible();
  expect(screen.getByText("U+202E")).toBeVisible();
});

test("much evidence shows its first turns, so that the proof is near, and the rest on demand", async () => {
  const [one] = aProposalDetail().evidence;
  const evidence = Array.from({ length: 5 }, (_, i) => ({ ...one, turn_id: `turn-${i}` }));
  serve({ evidence: evidence as ProposalDetail["evidence"] });
  const { user } = renderConsole("/t/main/review");
  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  const turns = () => pane.getAllByRole("link");
  expect(turns()).toHaveLength(3);

  await user.click(pane.getByRole("button", { name: "Show 2 more" }));

  expect(turns()).toHaveLength(5);
  expect(pane.queryByRole("button", { name: /^Show/ })).toBeNull();
});

test("the evidence names its turn, the judge's words and what the user said next", async () => {
  serve();
  renderConsole("/t/main/review/p1");

  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  expect(pane.getByText("No source was named.")).toBeVisible();
  expect(pane.getByText(/Please cite it/)).toBeVisible();
  expect(pane.getByRole("link")).toHaveAttribute(
    "href",
    "/t/main/turns/019a2b4c-0000-7000-8000-00000000000e",
  );
});

test("the queue can show what was decided", async () => {
  const server = serve();
  const { user, router } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.selectOptions(screen.getByLabelText("Which proposals"), "approved");

  await waitFor(() => expect(router.state.location.search).toEqual({ status: "approved" }));
  await waitFor(() => expect(server.sent(LIST).at(-1)?.query.get("status")).toBe("approved"));
});

test("an empty queue says that nothing waits", async () => {
  new FakeServer({ [LIST]: page([]) });
  renderConsole("/t/main/review");

  expect(await screen.findByText("Nothing waits for you")).toBeVisible();
});

test("has no accessibility violations", async () => {
  serve();
  renderConsole("/t/main/review/p1");

  await shown("cite-sources");
  await expectAccessible();
});

const HELD = { holder: "Ada", is_mine: false, expires_at: "2026-11-20T12:02:00Z" };

test("reading takes a lease, and going on gives it back", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/review");
  await shown("cite-sources");
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  await user.keyboard("j");
  await shown("date-parsing");

  await waitFor(() => expect(server.sent(`DELETE ${ONE}lease/`)).toHaveLength(1));
  expect(server.sent("POST /t/main/proposals/p2/lease/")).toHaveLength(1);
});

test("closing the tab gives the lease back; a page that comes back takes it again", async () => {
  const server = serve();
  const { unmount } = renderConsole("/t/main/review/p1");
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  window.dispatchEvent(new Event("pagehide"));

  const [given] = server.sent(`DELETE ${ONE}lease/`);
  expect(given?.outlivesPage).toBe(true);
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(2));
  unmount();
  window.dispatchEvent(new Event("pagehide"));
  // By leaving, and not once more by the tab's end.
  expect(server.sent(`DELETE ${ONE}lease/`)).toHaveLength(2);
});

test("who waits behind somebody takes the lease when it becomes free", async () => {
  const server = serve({ lease: HELD });
  renderConsole("/t/main/review/p1");
  await screen.findByText(/Ada reads this proposal/);
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  server.answers[`GET ${ONE}`] = aProposalDetail({ id: "p1", slug: "cite-sources", lease: null });
  FakeSocket.last.accept();
  FakeSocket.last.announce("evolution.proposal");

  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(2));
  expect(screen.queryByText(/Ada reads this proposal/)).toBeNull();
});

test("who only reads along takes no lease", async () => {
  const server = serve({ may_decide: false, blocked_reason: "No." });
  renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  expect(server.sent(`POST ${ONE}lease/`)).toEqual([]);
});

test("what somebody else reads is named and not decided, unless an admin takes it over", async () => {
  const server = serve({ lease: HELD, sha256: "read" });
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user } = renderConsole("/t/main/review/p1");
  expect(await screen.findByText("Ada reads this proposal right now.")).toBeVisible();
  expect(screen.getByRole("button", { name: /Approve for all/ })).toBeDisabled();
  await user.keyboard("ar");
  expect(screen.queryByRole("dialog")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Take over" }));
  await user.click(screen.getByRole("button", { name: /Approve for all/ }));

  await waitFor(() =>
    expect(server.sent(`POST ${ONE}approve/`).map(({ body }) => body)).toEqual([
      { sha256: "read", to: "all", take_over: true },
    ]),
  );
});

test("a reviewer is not offered to take over", async () => {
  const server = serve({ lease: HELD });
  server.answers["GET /session/"] = aSession({
    tenants: [
      {
        slug: "main",
        name: "Acme",
        role: "reviewer",
        is_simulated: false,
        is_demo: false,
        time_zone: "UTC",
      },
    ],
  });
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText("Ada reads this proposal right now.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Take over" })).toBeNull();
});

test("who wrote the text is told why they cannot approve it, and may still turn it down", async () => {
  const reason = "You wrote this text: somebody else has to approve it.";
  const server = serve({
    may_approve: false,
    approve_blocked_code: "self_approval_refused",
    approve_blocked_reason: reason,
  });
  const { user } = renderConsole("/t/main/review/p1");
  const approve = await screen.findByRole("button", { name: /Approve for all/ });

  expect(approve).toBeDisabled();
  expect(approve).toHaveAccessibleDescription(reason);
  expect(screen.getByRole("button", { name: /Reject/ })).toBeEnabled();
  await user.keyboard("a");
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("of two approvals the first one stays on the page and says what is missing", async () => {
  const server = serve({ approvals: { needed: 2, missing: 2, by: [] } });
  const after = aProposalDetail({
    id: "p1",
    slug: "cite-sources",
    approvals: { needed: 2, missing: 1, by: ["Mira"] },
  });
  server.answers[`POST ${ONE}approve/`] = () => {
    server.answers[`GET ${ONE}`] = after;
    return after;
  };
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");
  expect(screen.getByText(/0 of 2 approvals/)).toBeVisible();

  await user.keyboard("a");

  expect(await screen.findByText("Your approval counts. 1 more to go.")).toBeVisible();
  expect(await screen.findByText(/1 of 2 approvals \(Mira\)/)).toBeVisible();
  expect(screen.getByRole("heading", { name: "cite-sources", level: 2 })).toBeVisible();
});

test("Q puts a proposal in quarantine with a reason", async () => {
  const server = serve();
  server.answers[`POST ${ONE}quarantine/`] = aProposalDetail({ id: "p1", status: "quarantined" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("q");
  const dialog = within(await screen.findByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("Reason"), "unsafe");
  await user.click(dialog.getByRole("button", { name: "Quarantine" }));

  await waitFor(() =>
    expect(server.sent(`POST ${ONE}quarantine/`)[0]?.body).toEqual({
      reason: "unsafe",
      comment: "",
    }),
  );
});

test("an admin brings a proposal back from quarantine", async () => {
  const server = serve({ status: "quarantined", may_decide: false });
  server.answers[`POST ${ONE}release/`] = aProposalDetail({ id: "p1" });
  const { user } = renderConsole("/t/main/review/p1?status=quarantined");
  await shown("cite-sources");

  await user.click(screen.getByRole("button", { name: "Bring back to the queue" }));

  await waitFor(() => expect(server.sent(`POST ${ONE}release/`)).toHaveLength(1));
});

test("checks name the turns, and skills that are near are listed", async () => {
  serve({
    checks: [
      aCheck({
        code: "taint",
        level: "warn",
        message: "Turn carried results of web_fetch.",
        turn_ids: ["019a2b4c-0000-7000-8000-0000000000aa"],
      }),
      aCheck({
        code: "near_duplicate",
        similar: [{ slug: "name-sources", version: 3, closeness: 0.41, by: "words" }],
      }),
    ],
  });
  renderConsole("/t/main/review/p1");

  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  expect(pane.getByText("Turn carried results of web_fetch.")).toBeVisible();
  expect(pane.getByRole("link", { name: "name-sources" })).toHaveAttribute(
    "href",
    "/t/main/skills/name-sources",
  );
  expect(pane.getByText("0.41 by words")).toBeVisible();
  const links = pane.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toContain("/t/main/turns/019a2b4c-0000-7000-8000-0000000000aa");
});

test("a letter that only looks the same shows in the diff by character", async () => {
  serve({ base_text: "Name the source.\n", text: "N\u0430me the\u200b source.\n" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.click(screen.getByRole("tab", { name: "Characters" }));

  const lines = within(await screen.findByRole("list", { name: "Changed lines" }));
  expect(lines.getByText("removed:").parentElement).toHaveTextContent("removed: a");
  expect(screen.getByText("U+0430")).toBeVisible();
  expect(screen.getByText("cannot be seen,", { exact: false })).toBeVisible();
});

test("approved to canary, the text is tried on a share of the sessions first", async () => {
  const server = serve();
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user } = renderConsole("/t/main/review/p1");
  await screen.findByRole("button", { name: /Approve to canary/ });

  await user.keyboard("c");

  expect(await screen.findByText(/Half of the sessions get it/)).toBeVisible();
  expect(server.sent(`POST ${ONE}approve/`)[0]?.body).toMatchObject({ to: "canary" });
});
