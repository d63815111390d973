import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSession } from "@/testing/data";
import { anOpenInvitation } from "@/testing/data-people";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LOOK = "POST /invitations/look/";
const ACCEPT = "POST /invitations/accept/";
const JOIN = "POST /invitations/join/";
const HERE = "/invitations/mci_x";
const VISITOR = { "GET /session/": aSession({ user: null, tenants: [] }) };

test("somebody without an account makes one and is in the workspace", async () => {
  const server = new FakeServer({ ...VISITOR, [LOOK]: anOpenInvitation() });
  server.answers[JOIN] = { tenant: "main" };
  const { user, router } = renderConsole(HERE);

  expect(await screen.findByRole("heading", { name: "Join Acme" })).toBeVisible();
  expect(screen.getByText(/Mira invites/)).toHaveTextContent("new@example.com");
  expect(screen.getByText(/Mira invites/)).toHaveTextContent("as reviewer");
  expect(screen.getByLabelText("Email")).toHaveValue("new@example.com");
  await expectAccessible();
  await user.type(screen.getByLabelText("Your name"), "Nora");
  await user.type(screen.getByLabelText("Password"), "a long enough one");
  server.answers["GET /session/"] = aSession();
  await user.click(screen.getByRole("button", { name: "Make an account and join" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
  expect(server.sent(LOOK)[0]?.body).toEqual({ token: "mci_x" });
  expect(server.sent(JOIN)[0]?.body).toEqual({
    token: "mci_x",
    name: "Nora",
    password: "a long enough one",
  });
});

test("a weak password is said at its field", async () => {
  new FakeServer({
    ...VISITOR,
    [LOOK]: anOpenInvitation(),
    [JOIN]: problem(422, {
      code: "password_weak",
      detail: "Choose another password.",
      fields: { password: ["This password is too common."] },
    }),
  });
  const { user } = renderConsole(HERE);

  await user.type(await screen.findByLabelText("Your name"), "Nora");
  await user.type(screen.getByLabelText("Password"), "password123{Enter}");

  await waitFor(() =>
    expect(screen.getByLabelText("Password")).toHaveAccessibleDescription(
      "This password is too common.",
    ),
  );
});

test("who has an account signs in and comes back to the link", async () => {
  new FakeServer({ ...VISITOR, [LOOK]: anOpenInvitation({ has_account: true }) });
  const { user, router } = renderConsole(HERE);

  await user.click(await screen.findByRole("button", { name: "Sign in to accept" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
  expect(router.state.location.search).toEqual({ next: HERE });
  expect(screen.queryByLabelText("Your name")).toBeNull();
});

test("who is signed in accepts with one click", async () => {
  const server = new FakeServer({
    [LOOK]: anOpenInvitation({ has_account: true }),
    [ACCEPT]: { tenant: "main" },
  });
  const { user, router } = renderConsole(HERE);

  await user.click(await screen.findByRole("button", { name: "Accept the invitation" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
  expect(server.sent(ACCEPT)[0]?.body).toEqual({ token: "mci_x" });
});

test("who accepted it before is led to the workspace", async () => {
  new FakeServer({ [LOOK]: anOpenInvitation({ has_account: true, tenant: "main" }) });
  const { user, router } = renderConsole(HERE);

  await user.click(await screen.findByRole("button", { name: "Open the workspace" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
});

test("somebody else signs out and opens it as nobody", async () => {
  const server = new FakeServer({
    [LOOK]: problem(409, { code: "invitation_for_another", detail: "For another." }),
    "DELETE /_allauth/browser/v1/auth/session": problem(401),
  });
  const { user } = renderConsole(HERE);
  expect(await screen.findByText(/You are signed in as mira@example.com/)).toBeVisible();
  expect(screen.queryByText(/new@example.com/)).toBeNull();

  server.answers[LOOK] = anOpenInvitation();
  await user.click(screen.getByRole("button", { name: "Sign out and open it again" }));

  expect(await screen.findByRole("heading", { name: "Join Acme" })).toBeVisible();
});

test.each([
  [404, "not_found", "There is no such invitation"],
  [409, "invitation_used", "This invitation was used already"],
  [409, "invitation_expired", "This invitation has expired"],
  [409, "invitation_revoked", "This invitation was taken back"],
  [429, "throttled", "Too many tries"],
  [503, "unavailable", "The invitation could not be opened"],
])("%s %s has words of its own", async (status, code, title) => {
  new FakeServer({ ...VISITOR, [LOOK]: problem(status, { code, detail: "The server's words." }) });
  renderConsole(HERE);

  expect(await screen.findByRole("heading", { name: title })).toBeVisible();
  expect(screen.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/");
  await expectAccessible();
});
