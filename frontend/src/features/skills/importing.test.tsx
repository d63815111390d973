import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSession, aSkill } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/skills/";
const IMPORT = "POST /t/main/skills/import/";
const PROPOSE = "POST /t/main/proposals/import/";
const SKILLS = [aSkill({ slug: "alpha" })];

const RESULT = { created: ["x", "y"], revised: ["z"], unchanged: ["alpha"], pack: null };
const aText = (slug: string, outcome: string, proposal_id: string | null = null) => ({
  file: `${slug}/SKILL.md`,
  slug,
  outcome,
  proposal_id,
});
const TEXTS = {
  texts: [
    aText("x", "proposed"),
    aText("y", "proposed"),
    aText("z", "waiting", "proposal-1"),
    aText("alpha", "unchanged"),
  ],
};
const as = (role: string) => ({
  "GET /session/": aSession({
    tenants: [{ slug: "main", name: "Acme", role, is_simulated: false }] as never,
  }),
});
const aServer = (answers = {}) =>
  new FakeServer({ [LIST]: page(SKILLS), [IMPORT]: RESULT, [PROPOSE]: TEXTS, ...answers });
const form = (server: FakeServer, route: string, number: number) =>
  server.sent(route)[number]?.body as FormData;

async function choose(user: ReturnType<typeof renderConsole>["user"]) {
  await screen.findByText("alpha");
  const file = new File(["PK"], "skills.zip", { type: "application/zip" });
  await user.upload(screen.getByLabelText("Skill file"), file);
  return within(await screen.findByRole("dialog", { name: "Import skills.zip" }));
}

test("a chosen file is shown first, skill by skill, and imported when somebody says so", async () => {
  const server = aServer();
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  expect(dialog.getByRole("radio", { name: /Live at once/ })).toBeChecked();
  expect(dialog.getByRole("region", { name: "2 new" })).toHaveTextContent("xy");
  expect(dialog.getByRole("region", { name: "1 revised" })).toHaveTextContent("z");
  expect(dialog.getByRole("region", { name: "1 unchanged" })).toHaveTextContent("alpha");
  for (const route of [IMPORT, PROPOSE]) {
    expect(server.sent(route)).toHaveLength(1);
    expect(form(server, route, 0).get("dry_run")).toBe("true");
  }
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Import 3 skills" }));

  expect(await screen.findByText("2 skills added, 1 revised, 1 unchanged")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(form(server, IMPORT, 1).get("dry_run")).toBeNull();
  expect((form(server, IMPORT, 1).get("file") as File).name).toBe("skills.zip");
  expect(server.sent(PROPOSE)).toHaveLength(1);
});

test("the same file may be proposed instead, and then nothing goes live", async () => {
  const server = aServer();
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  await user.click(dialog.getByRole("radio", { name: /As proposals/ }));
  expect(dialog.getByRole("region", { name: "2 to review" })).toHaveTextContent("xy");
  expect(dialog.getByRole("region", { name: "1 unchanged" })).toHaveTextContent("alpha");
  const left = within(dialog.getByRole("region", { name: "1 left out" }));
  expect(left.getByRole("link", { name: "z" })).toHaveAttribute(
    "href",
    "/t/main/review/proposal-1",
  );
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Propose 2 skills" }));

  expect(await screen.findByText("2 skills wait for review")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(form(server, PROPOSE, 1).get("dry_run")).toBeNull();
  expect(form(server, PROPOSE, 1).get("name")).toBe("skills.zip");
  expect(server.sent(IMPORT)).toHaveLength(1);
});

test("a reviewer proposes; that live is for admins is said where it would be", async () => {
  const server = aServer(as("reviewer"));
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  const live = dialog.getByRole("radio", { name: /Admins and above may import/ });
  expect(live).toBeDisabled();
  expect(dialog.getByRole("radio", { name: /As proposals/ })).toBeChecked();
  expect(dialog.getByRole("button", { name: "Propose 2 skills" })).toBeEnabled();
  expect(server.sent(IMPORT)).toEqual([]);
});

test("a file of another tool that cannot go live as it is can be proposed", async () => {
  const fields = { "a/SKILL.md: category": ["Is none of ours."] };
  const refused = problem(422, { code: "skills_invalid", detail: "One is not a skill.", fields });
  aServer({ [IMPORT]: refused });
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  expect(dialog.getByRole("radio", { name: /Is none of ours/ })).toBeDisabled();
  expect(dialog.getByRole("button", { name: "Propose 2 skills" })).toBeEnabled();
});

test("who only looked has changed nothing, and may take the same file again", async () => {
  const server = aServer();
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
  const server = aServer({ [IMPORT]: known, [PROPOSE]: { texts: [aText("alpha", "unchanged")] } });
  const { user } = renderConsole("/t/main/skills");

  const dialog = await choose(user);
  expect(dialog.getByRole("button", { name: "Nothing to import" })).toBeDisabled();
  await user.click(dialog.getByRole("radio", { name: /As proposals/ }));
  expect(dialog.getByRole("button", { name: "Nothing to propose" })).toBeDisabled();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));

  server.answers[IMPORT] = { ...known, pack };
  const again = await choose(user);
  expect(again.getByText("It asks for the packs base.")).toBeVisible();
  expect(again.getByRole("button", { name: "Install the pack" })).toBeEnabled();
});

test("what is refused in the end says so in the dialog", async () => {
  const server = aServer();
  const { user } = renderConsole("/t/main/skills");
  const dialog = await choose(user);

  server.answers[IMPORT] = problem(409, { code: "skill_changed", detail: "It moved meanwhile." });
  await user.click(dialog.getByRole("button", { name: "Import 3 skills" }));

  expect(await dialog.findByRole("alert")).toHaveTextContent(
    "Nothing was imported. It moved meanwhile.",
  );
});

test("who may not import cannot drop a file either", async () => {
  const server = aServer(as("member"));
  renderConsole("/t/main/skills");
  await screen.findByText("alpha");

  fireEvent.drop(screen.getByTestId("drop-area"), {
    dataTransfer: { files: [new File(["x"], "good.md")] },
  });

  expect(screen.getByRole("button", { name: "Import" })).toBeDisabled();
  expect([...server.sent(IMPORT), ...server.sent(PROPOSE)]).toEqual([]);
});

test("a dropped file that is of no use in any way names the entry and the field", async () => {
  const refused = problem(422, {
    code: "skills_invalid",
    detail: "One file is not a skill.",
    fields: { "a/SKILL.md: description": ["Missing."] },
  });
  aServer({ [IMPORT]: refused, [PROPOSE]: refused });
  renderConsole("/t/main/skills");
  await screen.findByText("alpha");

  fireEvent.drop(screen.getByTestId("drop-area"), {
    dataTransfer: { files: [new File(["x"], "bad.md")] },
  });

  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Nothing was imported. One file is not a skill.");
  expect(alert).toHaveTextContent("a/SKILL.md: description: Missing.");
});
