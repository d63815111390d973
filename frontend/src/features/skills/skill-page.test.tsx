import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aLedgerLine, aProposalDetail, aSkillDetail, aTurn } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
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

const ONE = "/t/main/skills/refund-policy/";
const version = (n: number, text: string) => ({
  version: n,
  text,
  sha256: "",
  created_at: "2026-11-20T12:00:00Z",
  author: "Mira",
  note: "",
});

function serve() {
  return new FakeServer({
    [`GET ${ONE}`]: aSkillDetail(),
    "GET /t/main/turns/": page([aTurn({ preview: "May I return it?" })]),
    [`GET ${ONE}versions/1/`]: version(1, "Say the window.\n"),
    [`GET ${ONE}versions/2/`]: version(2, "Say the return window.\n"),
  });
}

test("shows the text as Markdown, without any HTML of its own", async () => {
  const server = serve();
  server.answers[`GET ${ONE}`] = aSkillDetail({
    text: "# Title\n\n<img src=x onerror=alert(1)>\n\n[link](javascript:alert(1))\n",
  });
  const { container } = renderConsole("/t/main/skills/refund-policy");

  expect(await screen.findByRole("heading", { name: "Title" })).toBeVisible();
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getByText("link").getAttribute("href") ?? "").not.toContain("javascript");
});

test("a version shows what it changed against the one before", async () => {
  serve();
  const { user } = renderConsole("/t/main/skills/refund-policy");
  await user.click(await screen.findByRole("tab", { name: "Versions" }));

  const table = await screen.findByRole("table");
  expect(within(table).getByText("return")).toBeVisible();
  expect(screen.getByText("v1 on the left, v2 on the right")).toBeVisible();
});

test("what every version did is on its own tab", async () => {
  const server = serve();
  server.answers[`GET ${ONE}ledger/`] = page([
    aLedgerLine(),
    aLedgerLine({ version: 1, state: "past", passed: 0, failed: 0, last_used_at: null }),
  ]);
  const { user } = renderConsole("/t/main/skills/refund-policy");
  await user.click(await screen.findByRole("tab", { name: "Value" }));

  const table = await screen.findByRole("table", { name: "Ledger" });
  expect(within(table).getByRole("row", { name: /v2 live 900 340 99% of 304/ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /v1 .* never/ })).toBeVisible();
  await expectAccessible();
});

test("an older version can be made live again", async () => {
  const server = serve();
  server.answers[`POST ${ONE}activate/`] = aSkillDetail({ version: 1 });
  const { user } = renderConsole("/t/main/skills/refund-policy");
  await user.click(await screen.findByRole("tab", { name: "Versions" }));

  await user.click(await screen.findByRole("button", { name: "Activate" }));

  expect(await screen.findByText("refund-policy v1 is live.")).toBeVisible();
  expect(server.sent(`POST ${ONE}activate/`)[0]?.body).toEqual({ version: 1 });
});

test("retiring asks first", async () => {
  const server = serve();
  server.answers[`POST ${ONE}retire/`] = aSkillDetail({ status: "retired" });
  const { user } = renderConsole("/t/main/skills/refund-policy");

  await user.click(await screen.findByRole("button", { name: "Retire" }));
  expect(server.sent(`POST ${ONE}retire/`)).toEqual([]);
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Retire" }));

  await waitFor(() => expect(server.sent(`POST ${ONE}retire/`)).toHaveLength(1));
});

test("saving names the version that was read; a newer one is not overwritten", async () => {
  const server = serve();
  server.answers[`PUT ${ONE}`] = problem(409, {
    code: "skill_changed",
    detail: "Somebody saved another version.",
  });
  const { user } = renderConsole("/t/main/skills/refund-policy");
  await user.click(await screen.findByRole("button", { name: "Edit" }));

  await user.type(await screen.findByLabelText("Text of the skill"), "!");
  await user.click(screen.getByRole("button", { name: "Save new version" }));

  expect(await screen.findByRole("alert")).toHaveTextContent("Somebody saved another version.");
  expect(server.sent(`PUT ${ONE}`)[0]?.body).toMatchObject({ sha256: "b".repeat(64) });
  expect(screen.getByLabelText<HTMLTextAreaElement>("Text of the skill").value).toMatch(/!$/);
});

test("a new skill starts from a template and opens when it is made", async () => {
  const server = serve();
  server.answers["POST /t/main/skills/"] = aSkillDetail();
  const { user, router } = renderConsole("/t/main/skills/new");

  const editor = await screen.findByLabelText<HTMLTextAreaElement>("Text of the skill");
  expect(editor.value).toMatch(/^---\nname: /);
  await user.click(screen.getByRole("button", { name: "Create skill" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/skills/refund-policy"));
});

test("shows whom a skill is for, and changes it", async () => {
  const server = serve();
  server.answers[`GET ${ONE}`] = aSkillDetail({ agents: ["coder"], tags: { team: "blue" } });
  server.answers[`PATCH ${ONE}scope/`] = aSkillDetail();
  const { user } = renderConsole("/t/main/skills/refund-policy");

  expect(await screen.findByText("coder")).toBeVisible();
  expect(screen.getByText("team=blue")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Change whom this skill is for" }));
  await user.type(screen.getByLabelText("Agents"), "\n code reviewer \ncoder");
  await user.type(screen.getByLabelText("Tags"), "\nautorc-stage = 5");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("refund-policy is for coder, code reviewer.")).toBeVisible();
  expect(server.sent(`PATCH ${ONE}scope/`)[0]?.body).toEqual({
    agents: ["coder", "code reviewer"],
    tags: { team: "blue", "autorc-stage": "5" },
  });
});

test("a scope that is no scope is not sent, or said to be wrong at its field", async () => {
  const server = serve();
  server.answers[`PATCH ${ONE}scope/`] = problem(422, {
    code: "skill_invalid",
    detail: "No agent can be called that.",
    fields: { agents: ["No agent can be called 'é'."] },
  });
  const { user } = renderConsole("/t/main/skills/refund-policy");

  expect(await screen.findByText("All agents")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Change whom this skill is for" }));
  await user.type(screen.getByLabelText("Tags"), "blue");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("Write each tag as name=value.")).toBeVisible();
  expect(server.sent(`PATCH ${ONE}scope/`)).toEqual([]);

  await user.clear(screen.getByLabelText("Tags"));
  await user.type(screen.getByLabelText("Agents"), "é");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("No agent can be called 'é'.")).toBeVisible();
});

test("has no accessibility violations", async () => {
  serve();
  renderConsole("/t/main/skills/refund-policy");

  expect(await screen.findByText("May I return it?")).toBeVisible();
  await expectAccessible();
});

test("the kill switch says what the skill was in, and wants a reason", async () => {
  const server = serve();
  const reach = {
    turns: 41,
    sessions: 9,
    first_at: null,
    last_at: null,
    agents: ["coder"],
    versions: [1, 2],
  };
  server.answers[`GET ${ONE}reach/`] = reach;
  server.answers[`POST ${ONE}kill/`] = reach;
  const { user } = renderConsole("/t/main/skills/refund-policy");

  await user.click(await screen.findByRole("button", { name: "Kill" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText(/went into 41 turns of 9 sessions/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Kill" })).toBeDisabled();
  await user.type(dialog.getByLabelText("Why"), "It names a customer.");
  await user.click(dialog.getByRole("button", { name: "Kill" }));

  expect(await screen.findByText("refund-policy is out. It was in 41 turns.")).toBeVisible();
  expect(server.sent(`POST ${ONE}kill/`)[0]?.body).toEqual({ reason: "It names a customer." });
});

test("a version on trial is shown with its share", async () => {
  const server = serve();
  server.answers[`GET ${ONE}`] = aSkillDetail({ trial: { id: "c1", version: 3, share: 0.5 } });
  renderConsole("/t/main/skills/refund-policy");

  expect(await screen.findByText("v3 on trial, 50 %")).toBeVisible();
});

test("a learned version leads back to its proposal and the turns behind it", async () => {
  const id = "01a2017d-e5b2-74ae-8281-0e08ba4e22d6";
  const server = serve();
  const [first, live] = aSkillDetail().versions;
  if (!first || !live) throw new Error("two versions");
  const note = `learned from failing turns, proposal ${id}`;
  server.answers[`GET ${ONE}`] = aSkillDetail({ versions: [first, { ...live, note }] });
  server.answers[`GET /t/main/proposals/${id}/`] = aProposalDetail({ id });
  renderConsole("/t/main/skills/refund-policy");

  const line = within(
    await screen.findByRole("navigation", { name: "Where the live version comes from" }),
  );
  expect(line.getByRole("link", { name: /^proposal/ })).toHaveAttribute(
    "href",
    `/t/main/review/${id}`,
  );
  const turns = aProposalDetail().evidence.map(({ turn_id }) => `/t/main/turns/${turn_id}`);
  const links = line.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toEqual([...turns.slice(0, 3), "/t/main/learning", `/t/main/review/${id}`]);
});
