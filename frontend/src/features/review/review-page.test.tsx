import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aProposalDetail } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";
import { LIST, ONE, serveReview, shown } from "@/testing/review";

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

const CHANGED = "This text changed while you were reading. Reload to see the new one.";

test("A approves exactly the text that was read, and goes on to the next", async () => {
  const server = serveReview({ sha256: "read-hash" });
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
  const server = serveReview({ sha256: "read-hash" });
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user, router } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.keyboard("ga");

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/agents"));
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("a text that changed on the server is refused with the banner, and reloading shows it", async () => {
  const server = serveReview({ sha256: "old" });
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
  const server = serveReview({ sha256: "read" });
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
  const server = serveReview({ sha256: "old", text: "the text I read\n" });
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
  const server = serveReview();
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
  const server = serveReview({ sha256: "old", text: "draft\n" });
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
  const server = serveReview({ text: "draft\n" });
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
  const server = serveReview({ may_decide: false, blocked_reason: reason });
  const { user } = renderConsole("/t/main/review/p1");
  const approve = await screen.findByRole("button", { name: /Approve for all/ });
  expect(approve).toBeDisabled();
  expect(approve).toHaveAccessibleDescription(reason);

  await user.keyboard("ar");

  expect(screen.queryByRole("dialog")).toBeNull();
  expect(server.calls.filter(({ method }) => method === "POST")).toEqual([]);
});

test("J and K walk the queue", async () => {
  serveReview();
  const { user } = renderConsole("/t/main/review");
  await shown("cite-sources");

  await user.keyboard("j");
  await shown("date-parsing");
  await user.keyboard("k");

  await shown("cite-sources");
});

test("the queue can show what was decided", async () => {
  const server = serveReview();
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
  serveReview();
  renderConsole("/t/main/review/p1");

  await shown("cite-sources");
  await expectAccessible();
});

test("Q puts a proposal in quarantine with a reason", async () => {
  const server = serveReview();
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
  const server = serveReview({ status: "quarantined", may_decide: false });
  server.answers[`POST ${ONE}release/`] = aProposalDetail({ id: "p1" });
  const { user } = renderConsole("/t/main/review/p1?status=quarantined");
  await shown("cite-sources");

  await user.click(screen.getByRole("button", { name: "Bring back to the queue" }));

  await waitFor(() => expect(server.sent(`POST ${ONE}release/`)).toHaveLength(1));
});
