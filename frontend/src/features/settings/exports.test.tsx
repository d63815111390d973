import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aReviewPolicy, aSession } from "@/testing/data";
import { aDeletion, anExport, theSettings } from "@/testing/data-settings";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const EXPORTS = "GET /t/main/exports/";
const ASK = "POST /t/main/exports/";
const DELETION = "/t/main/deletion/";
const READ = {
  "GET /t/main/settings/": theSettings(),
  "GET /t/main/review-policy/": aReviewPolicy(),
};

function as(role: "owner" | "admin" | "member" | "viewer") {
  return {
    "GET /session/": aSession({
      tenants: [
        { slug: "main", name: "Acme", role, is_simulated: false, is_demo: false, time_zone: "UTC" },
      ],
    }),
  };
}

test("asks for an export with what was chosen and nothing that was left empty", async () => {
  const server = new FakeServer({ ...READ, [ASK]: anExport({ status: "running" }) });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("button", { name: "New export" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("Take out"), "personal");
  await user.selectOptions(dialog.getByLabelText("Outcome"), "failed");
  await user.type(dialog.getByLabelText("Skill"), "iso-dates@2");
  await user.type(dialog.getByLabelText("From"), "2026-11-01");
  await user.click(dialog.getByRole("button", { name: "Export" }));

  expect(await screen.findByText("The export is on its way.")).toBeVisible();
  expect(server.sent(ASK)[0]?.body).toEqual({
    kind: "turns",
    encoding: "jsonl",
    redaction: "personal",
    filters: { outcome: "failed", skill: "iso-dates@2", since: "2026-11-01T00:00:00Z" },
  });
});

test("a whole workspace has no filters, and is for admins", async () => {
  const server = new FakeServer({ ...READ, [ASK]: anExport({ kind: "workspace" }) });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("button", { name: "New export" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("What"), "workspace");
  expect(dialog.queryByLabelText("Outcome")).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Export" }));

  await waitFor(() =>
    expect(server.sent(ASK)[0]?.body).toEqual({
      kind: "workspace",
      encoding: "jsonl",
      redaction: "secrets",
    }),
  );
});

test("shows what is in an export, what was taken out, and where it is", async () => {
  new FakeServer({
    ...READ,
    [EXPORTS]: page([anExport()]),
    "GET /t/main/exports/keys/": page([{ key_id: "k", pem: "PEM+1\n" }]),
  });
  renderConsole("/t/main/settings");

  const table = within(await screen.findByRole("table", { name: "Exports" }));
  expect(table.getByText("outcome: failed")).toBeVisible();
  expect(table.getByText("3 github token, 1 jwt")).toBeVisible();
  expect(table.getByText("1.4 MB")).toBeVisible();
  expect(table.getByRole("link", { name: "Download turns" })).toHaveAttribute(
    "href",
    `/api/v1/t/main/exports/${anExport().id}/download/`,
  );
  expect(await screen.findByRole("link", { name: "Public keys" })).toHaveAttribute(
    "href",
    "data:application/x-pem-file,PEM%2B1%0A",
  );
  await expectAccessible();
});

test("one that runs can be stopped", async () => {
  const one = anExport({ status: "running", bytes: 0, manifest: null });
  const server = new FakeServer({
    ...READ,
    [EXPORTS]: page([one]),
    [`DELETE /t/main/exports/${one.id}/`]: one,
  });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("button", { name: "Stop exporting turns" }));

  expect(server.sent(`DELETE /t/main/exports/${one.id}/`)).toHaveLength(1);
  expect(screen.queryByRole("link", { name: "Download turns" })).toBeNull();
});

test("a member has no buttons for what only admins may take", async () => {
  new FakeServer({ ...READ, ...as("member"), [EXPORTS]: page([anExport({ kind: "workspace" })]) });
  renderConsole("/t/main/settings");

  const table = within(await screen.findByRole("table", { name: "Exports" }));
  expect(table.queryByRole("link")).toBeNull();
  expect(table.queryByRole("button")).toBeNull();
});

test("a viewer is not shown exports at all", async () => {
  const server = new FakeServer({ ...READ, ...as("viewer") });
  renderConsole("/t/main/settings");

  await screen.findByText("Danger zone");
  expect(screen.queryByText("Exports")).toBeNull();
  expect(server.sent(EXPORTS)).toEqual([]);
});

test("a workspace is deleted only after its name was typed", async () => {
  const server = new FakeServer({
    ...READ,
    [`POST ${DELETION}`]: aDeletion({
      delete_after: "2026-11-27T12:00:00Z",
      asked_by: "Mira",
      certificate_id: "c-1",
    }),
  });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("button", { name: "Delete workspace" }));
  const dialog = within(await screen.findByRole("dialog"));
  const button = dialog.getByRole("button", { name: "Delete workspace" });
  await user.type(dialog.getByRole("textbox"), "Acm");
  expect(button).toBeDisabled();
  await user.type(dialog.getByRole("textbox"), "e");
  await user.click(button);

  expect(await screen.findByText(/This workspace will be deleted after/)).toBeVisible();
  expect(screen.getByText("/api/v1/deletion-certificates/c-1/")).toBeVisible();
  expect(server.sent(`POST ${DELETION}`)[0]?.body).toEqual({ name: "Acme" });
});

test("an owner can keep it after all", async () => {
  const server = new FakeServer({
    ...READ,
    [`GET ${DELETION}`]: aDeletion({ delete_after: "2026-11-27T12:00:00Z", asked_by: "Olga" }),
    [`DELETE ${DELETION}`]: aDeletion(),
  });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("button", { name: "Keep the workspace" }));

  expect(await screen.findByRole("button", { name: "Delete workspace" })).toBeEnabled();
  expect(server.sent(`DELETE ${DELETION}`)).toHaveLength(1);
});

test.each(["admin", "member", "viewer"] as const)("%s cannot delete it", async (role) => {
  new FakeServer({ ...READ, ...as(role) });
  renderConsole("/t/main/settings");

  expect(await screen.findByRole("button", { name: "Delete workspace" })).toBeDisabled();
  expect(screen.getByText(/Only an owner can do this/)).toBeVisible();
});

test("turns may be kept for some days only", async () => {
  const server = new FakeServer({ ...READ, "PATCH /t/main/settings/": theSettings() });
  const { user } = renderConsole("/t/main/settings");

  await user.type(await screen.findByLabelText("Turns are kept for, in days"), "30");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() =>
    expect(server.sent("PATCH /t/main/settings/")[0]?.body).toMatchObject({ retention_days: 30 }),
  );
});
