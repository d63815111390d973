import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aMember, anInvitation, as } from "@/testing/data-people";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/members/";
const INVITED = "GET /t/main/invitations/";
const INVITE = "POST /t/main/invitations/";
const OLGA = aMember({
  id: "m2",
  user_id: "u2",
  name: "Olga",
  email: "olga@example.com",
  role: "viewer",
  last_sign_in: null,
  is_you: false,
});
const READ = { [LIST]: page([aMember(), OLGA]), [INVITED]: page([]) };
const rowOf = async (name: string) => {
  const table = await screen.findByRole("table", { name: "Members" });
  return within(within(table).getByText(name).closest("tr") as HTMLElement);
};

test("shows who belongs here, as what, and when they were here last", async () => {
  new FakeServer(READ);
  renderConsole("/t/main/members");

  const olga = await rowOf("Olga");
  expect(olga.getByText("olga@example.com")).toBeVisible();
  expect(olga.getByLabelText("Role of Olga")).toHaveValue("viewer");
  expect(olga.getByText("never")).toBeVisible();
  expect((await rowOf("Mira")).getByText("you")).toBeVisible();
  expect(await screen.findByText("Nobody is invited at the moment.")).toBeVisible();
  await expectAccessible();
});

test("all pages are read: the table knows how many own the workspace", async () => {
  const server = new FakeServer({
    ...READ,
    [LIST]: ({ query }: { query: URLSearchParams }) =>
      query.get("cursor") === "c2"
        ? page([aMember({ id: "m9", name: "Zoe", email: "zoe@example.com", is_you: false })])
        : page([aMember(), OLGA], "c2"),
  });
  renderConsole("/t/main/members");

  await rowOf("Zoe");
  expect(server.sent(LIST)).toHaveLength(2);
  // Mira is not the last owner.
  expect(screen.getByRole("button", { name: "Leave the workspace" })).toBeEnabled();
});

test("another role holds at once, and the toast takes it back", async () => {
  const server = new FakeServer({ ...READ, "PATCH /t/main/members/m2/": OLGA });
  const { user } = renderConsole("/t/main/members");

  await user.selectOptions((await rowOf("Olga")).getByLabelText("Role of Olga"), "reviewer");
  await user.click(await screen.findByRole("button", { name: "Undo" }));

  await waitFor(() =>
    expect(server.sent("PATCH /t/main/members/m2/").map(({ body }) => body)).toEqual([
      { role: "reviewer" },
      { role: "viewer" },
    ]),
  );
});

test("giving up a role of one's own is asked about first", async () => {
  const second = aMember({ id: "m3", name: "Zoe", email: "zoe@example.com", is_you: false });
  const server = new FakeServer({ ...READ, [LIST]: page([aMember(), second]) });
  server.answers["PATCH /t/main/members/m1/"] = aMember({ role: "admin" });
  const { user } = renderConsole("/t/main/members");

  await user.selectOptions((await rowOf("Mira")).getByLabelText("Role of Mira"), "admin");
  const dialog = within(await screen.findByRole("dialog", { name: "Become admin?" }));
  expect(server.sent("PATCH /t/main/members/m1/")).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Change my role" }));

  await waitFor(() => expect(server.sent("PATCH /t/main/members/m1/")).toHaveLength(1));
  const said = (await screen.findByText("Mira is admin now.")).closest("li") as HTMLElement;
  expect(within(said).queryByRole("button", { name: "Undo" })).toBeNull();
});

test("somebody is removed after a question that says what happens", async () => {
  const server = new FakeServer({
    ...READ,
    "DELETE /t/main/members/m2/": () => new Response(null, { status: 204 }),
  });
  const { user } = renderConsole("/t/main/members");

  await user.click((await rowOf("Olga")).getByRole("button", { name: "Remove Olga" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/Keys they made belong to the workspace/)).toBeVisible();
  server.answers[LIST] = page([aMember()]);
  await user.click(dialog.getByRole("button", { name: "Remove" }));

  expect(await screen.findByText("Olga was removed.")).toBeVisible();
  await waitFor(() => expect(screen.queryByText("olga@example.com")).toBeNull());
});

test("who leaves goes where they still belong", async () => {
  const second = aMember({ id: "m3", name: "Zoe", email: "zoe@example.com", is_you: false });
  const server = new FakeServer({ ...READ, [LIST]: page([aMember(), second]) });
  server.answers["DELETE /t/main/members/m1/"] = () => new Response(null, { status: 204 });
  const { user, router } = renderConsole("/t/main/members");

  await user.click((await rowOf("Mira")).getByRole("button", { name: "Leave the workspace" }));
  await user.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Leave" }),
  );

  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  expect(await screen.findByText("You belong to no workspace yet")).toBeVisible();
});

test("the last owner can neither go nor be less, and reads why", async () => {
  // Somebody whose account was shut does not count.
  const shut = aMember({ id: "m3", name: "Zoe", is_active: false, is_you: false });
  new FakeServer({ ...READ, [LIST]: page([aMember(), shut, OLGA]) });
  renderConsole("/t/main/members");

  const mira = await rowOf("Mira");
  for (const control of [
    mira.getByLabelText("Role of Mira"),
    mira.getByRole("button", { name: "Leave the workspace" }),
  ]) {
    expect(control).toBeDisabled();
    expect(control).toHaveAttribute("title", expect.stringContaining("last owner"));
  }
  expect((await rowOf("Zoe")).getByText("shut")).toBeVisible();
});

test("a refusal of the server is shown", async () => {
  const said = "This is the last owner. Make somebody else an owner first.";
  new FakeServer({
    ...READ,
    "PATCH /t/main/members/m2/": problem(409, { code: "last_owner", detail: said }),
  });
  const { user } = renderConsole("/t/main/members");

  await user.selectOptions((await rowOf("Olga")).getByLabelText("Role of Olga"), "admin");

  expect(await screen.findByText(said)).toBeVisible();
  expect((await rowOf("Olga")).getByLabelText("Role of Olga")).toHaveValue("viewer");
});

test("an admin changes everybody but owners, and makes none", async () => {
  const me = aMember({ role: "admin" });
  const owner = aMember({ id: "m3", name: "Zoe", email: "zoe@example.com", is_you: false });
  new FakeServer({ ...READ, ...as("admin"), [LIST]: page([me, owner, OLGA]) });
  renderConsole("/t/main/members");

  const zoe = await rowOf("Zoe");
  expect(zoe.getByLabelText("Role of Zoe")).toBeDisabled();
  expect(zoe.getByRole("button", { name: "Remove Zoe" })).toBeDisabled();
  const roles = within((await rowOf("Olga")).getByLabelText("Role of Olga"));
  expect(roles.getByRole("option", { name: "owner" })).toBeDisabled();
  expect(roles.getByRole("option", { name: "admin" })).toBeEnabled();
});

test.each(["reviewer", "member", "viewer"] as const)(
  "a %s sees everybody, may leave, and reads why not more",
  async (role) => {
    const owner = aMember({ id: "m3", name: "Zoe", email: "zoe@example.com", is_you: false });
    const server = new FakeServer({
      ...READ,
      ...as(role),
      [LIST]: page([aMember({ role }), owner, OLGA]),
    });
    renderConsole("/t/main/members");

    const olga = await rowOf("Olga");
    const change = olga.getByLabelText("Role of Olga");
    expect(change).toBeDisabled();
    expect(change).toHaveAttribute("title", "Admins and above change roles.");
    expect(olga.getByRole("button", { name: "Remove Olga" })).toBeDisabled();
    expect(
      (await rowOf("Mira")).getByRole("button", { name: "Leave the workspace" }),
    ).toBeEnabled();
    expect(screen.getByRole("button", { name: "Invite somebody" })).toBeDisabled();
    expect(screen.getByText("Admins and above see who was invited.")).toBeVisible();
    expect(server.sent(INVITED)).toEqual([]);
  },
);

test("an invitation's link is shown once, to be sent by hand where nothing sends mail", async () => {
  const server = new FakeServer(READ);
  server.answers[INVITE] = {
    ...anInvitation(),
    link: "http://console/invitations/mci_x",
    mail: "off",
  };
  const { user } = renderConsole("/t/main/members");

  await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Email"), "new@example.com");
  await user.selectOptions(dialog.getByLabelText("Role"), "reviewer");
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Invite" }));

  expect(await screen.findByTestId("secret")).toHaveTextContent("/invitations/mci_x");
  expect(screen.getByText(/Send this link to new@example.com yourself/)).toBeVisible();
  expect(server.sent(INVITE)[0]?.body).toEqual({ email: "new@example.com", role: "reviewer" });
  await user.click(screen.getByRole("button", { name: "Done" }));
  await user.click(screen.getByRole("button", { name: "Invite somebody" }));
  expect(screen.queryByTestId("secret")).toBeNull();
  expect(screen.getByLabelText("Email")).toHaveValue("");
});

test.each([
  ["sent", "An email with this link went to new@example.com."],
  ["failed", "The mail server did not take the email."],
] as const)("it says when the mail was %s", async (mail, words) => {
  const server = new FakeServer({ ...READ, [INVITED]: page([anInvitation()]) });
  server.answers["POST /t/main/invitations/i1/renew/"] = { ...anInvitation(), link: "l", mail };
  const { user } = renderConsole("/t/main/members");

  await user.click(await screen.findByRole("button", { name: "New link for new@example.com" }));

  expect(await screen.findByText(words)).toBeVisible();
  expect(screen.getByTestId("secret")).toHaveTextContent("l");
});

test("a refused address is said at its field, another refusal above the form", async () => {
  const server = new FakeServer(READ);
  server.answers[INVITE] = problem(400, {
    code: "invalid",
    detail: "Some fields are not valid.",
    fields: { email: ["Enter a valid email address."] },
  });
  const { user } = renderConsole("/t/main/members");
  await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
  await user.type(screen.getByLabelText("Email"), "a@b{Enter}");
  await waitFor(() =>
    expect(screen.getByLabelText("Email")).toHaveAccessibleDescription(
      "Enter a valid email address.",
    ),
  );

  server.answers[INVITE] = problem(409, { code: "already_member", detail: "A member already." });
  await user.type(screen.getByLabelText("Email"), "c{Enter}");

  expect(await screen.findByText("A member already.")).toBeVisible();
});

test("invitations that wait are listed, revoked, and an expired one says so", async () => {
  const server = new FakeServer({
    ...READ,
    [INVITED]: page([
      anInvitation(),
      anInvitation({ id: "i2", email: "late@example.com", expires_at: "2020-01-01T00:00:00Z" }),
    ]),
    "POST /t/main/invitations/i1/revoke/": anInvitation({ revoked_at: "2026-11-20T12:00:00Z" }),
  });
  const { user } = renderConsole("/t/main/members");

  const list = within(await screen.findByRole("list", { name: "Invitations" }));
  expect(list.getByText("late@example.com").closest("li")).toHaveTextContent("expired");
  await user.click(list.getByRole("button", { name: "Revoke the invitation of new@example.com" }));

  expect(await screen.findByText("The invitation of new@example.com is revoked.")).toBeVisible();
  expect(server.sent("POST /t/main/invitations/i1/revoke/")).toHaveLength(1);
});

test("an admin touches no invitation of an owner", async () => {
  new FakeServer({
    ...READ,
    ...as("admin"),
    [INVITED]: page([anInvitation({ role: "owner" })]),
  });
  renderConsole("/t/main/members");

  for (const name of [/^New link/, /^Revoke the invitation/])
    expect(await screen.findByRole("button", { name })).toBeDisabled();
});
