import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aLedgerLine, aSession, aSkill } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/skills/";
const IMPORT = "POST /t/main/skills/import/";

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

const RESULT = { created: ["x", "y"], revised: ["z"], unchanged: ["alpha"], pack: null };
const form = (server: FakeServer, number: number) => server.sent(IMPORT)[number]?.body as FormData;

async function choose(user: ReturnType<typeof renderConsole>["user"]) {
  await screen.findByText("alpha");
  const file = new File(["PK"], "skills.zip", { type: "application/zip" });
  await user.upload(screen.getByLabelText("Skill file"), file);
  return within(await screen.findByRole("dialog", { name: "Import skills.zip" }));
}

test("a chosen file is shown first, skill by skill, and imported when somebody says so", async () => {
  const server = new FakeServer({ [LIST]: page(SKILLS), [IMPORT]: RESULT });
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  expect(dialog.getByRole("region", { name: "2 new" })).toHaveTextContent("xy");
  expect(dialog.getByRole("region", { name: "1 revised" })).toHaveTextContent("z");
  expect(dialog.getByRole("region", { name: "1 unchanged" })).toHaveTextContent("alpha");
  expect(server.sent(IMPORT)).toHaveLength(1);
  expect(form(server, 0).get("dry_run")).toBe("true");
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Import 3 skills" }));

  expect(await screen.findByText("2 skills added, 1 revised, 1 unchanged")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(form(server, 1).get("dry_run")).toBeNull();
  expect((form(server, 1).get("file") as File).name).toBe("skills.zip");
});

test("who only looked has changed nothing, and may take the same file again", async () => {
  const server = new FakeServer({ [LIST]: page(SKILLS), [IMPORT]: RESULT });
  const { user } = renderConsole("/t/main/skills");

  await user.click((await choose(user)).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await choose(user);

  expect(server.sent(IMPORT).map(({ body }) => (body as FormData).get("dry_run"))).toEqual([
    "true",
    "true",
  ]);
});

test("a file of skills that are all here already cannot be imported, a pack of them can", async () => {
  const known = { created: [], revised: [], unchanged: ["alpha"], pack: null };
  const pack = { name: "house", version: "2", author: "Ada", licence: "MIT", requires: ["base"] };
  const server = new FakeServer({ [LIST]: page(SKILLS), [IMPORT]: known });
  const { user } = renderConsole("/t/main/skills");

  const dialog = await choose(user);
  expect(dialog.getByRole("button", { name: "Nothing to import" })).toBeDisabled();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));

  server.answers[IMPORT] = { ...known, pack };
  const again = await choose(user);
  expect(again.getByText("It asks for the packs base.")).toBeVisible();
  expect(again.getByRole("button", { name: "Install the pack" })).toBeEnabled();
});

test("what is refused in the end says so in the dialog", async () => {
  const server = new FakeServer({ [LIST]: page(SKILLS), [IMPORT]: RESULT });
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  server.answers[IMPORT] = problem(409, { code: "skill_changed", detail: "It moved meanwhile." });
  await user.click(dialog.getByRole("button", { name: "Import 3 skills" }));

  expect(await dialog.findByRole("alert")).toHaveTextContent(
    "Nothing was imported. It moved meanwhile.",
  );
});

test("who may not import cannot drop a file either", async () => {
  const server = new FakeServer({
    [LIST]: page(SKILLS),
    "GET /session/": aSession({
      tenants: [{ slug: "main", name: "Acme", role: "reviewer", is_simulated: false }],
    }),
  });
  renderConsole("/t/main/skills");
  await screen.findByText("alpha");

  fireEvent.drop(screen.getByTestId("drop-area"), {
    dataTransfer: { files: [new File(["x"], "good.md")] },
  });

  expect(screen.getByRole("button", { name: "Import" })).toBeDisabled();
  expect(server.sent(IMPORT)).toEqual([]);
});

test("a dropped file that is refused names the entry and the field", async () => {
  new FakeServer({
    [LIST]: page(SKILLS),
    [IMPORT]: problem(422, {
      code: "skills_invalid",
      detail: "One file is not a skill.",
      fields: { "a/SKILL.md: description": ["Missing."] },
    }),
  });
  renderConsole("/t/main/skills");
  await screen.findByText("alpha");

  fireEvent.drop(screen.getByTestId("drop-area"), {
    dataTransfer: { files: [new File(["x"], "bad.md")] },
  });

  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Nothing was imported. One file is not a skill.");
  expect(alert).toHaveTextContent("a/SKILL.md: description: Missing.");
});

test("has no accessibility violations", async () => {
  new FakeServer({ [LIST]: page(SKILLS) });
  renderConsole("/t/main/skills");

  await screen.findByText("alpha");
  await expectAccessible();
});
