import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Account } from "@/client/contract";
import { anAccount, aPasskey, PROVE_IT, stubPasskeys, WITH_APP } from "@/testing/data-account";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const ACCOUNT = "/_allauth/browser/v1/account";
const TOTP = `${ACCOUNT}/authenticators/totp`;
const CODES = `${ACCOUNT}/authenticators/recovery-codes`;
const PASSKEYS = `${ACCOUNT}/authenticators/webauthn`;
const PROOF = "POST /_allauth/browser/v1/auth/reauthenticate";
const BEGIN = "POST /account/authenticator-app/";
const SECRET = { secret: "ABCDEFGHIJKLMNOP", address: "otpauth://x", picture: "<svg/>" };

function serve(account: Account = anAccount()) {
  return new FakeServer({ "GET /account/": account });
}

const heading = (name: string) => screen.findByRole("heading", { name });

test("is reached from the user menu and leads back to the workspace", async () => {
  serve();
  const { user, router } = renderConsole("/t/main/turns");
  await user.click(await screen.findByRole("button", { name: /Mira/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Account" }));

  await heading("Account");
  expect(router.state.location.pathname).toBe("/account");
  await user.click(screen.getByRole("link", { name: /^Back to/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
});

test("an app is set up with proof, picture and code, and the recovery codes are shown once", async () => {
  const server = serve();
  server.answers[BEGIN] = problem(403, { code: "reauthentication_needed", detail: "Show it." });
  server.answers[PROOF] = () => {
    server.answers[BEGIN] = SECRET;
    return {};
  };
  server.answers[`POST ${TOTP}`] = {};
  server.answers[`GET ${CODES}`] = { data: { unused_codes: ["11112222", "33334444"] } };
  const { user } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Set up" }));

  const asked = within(await screen.findByRole("dialog", { name: "Show that it is you" }));
  await user.type(await asked.findByLabelText("Password"), "correct horse{Enter}");
  const dialog = within(await screen.findByRole("dialog", { name: "Set up an authenticator app" }));
  expect(dialog.getByTestId("app-secret")).toHaveTextContent("ABCD EFGH IJKL MNOP");
  expect(dialog.getByRole("img")).toHaveAttribute("src", "data:image/svg+xml,%3Csvg%2F%3E");
  await expectAccessible(screen.getByRole("dialog"));
  server.answers["GET /account/"] = anAccount(WITH_APP);
  await user.type(dialog.getByLabelText("Code that the app shows now"), "123 456{Enter}");

  const codes = await screen.findByTestId("recovery-codes");
  expect(codes).toHaveTextContent("1111222233334444");
  expect(server.sent(`POST ${TOTP}`)[0]?.body).toEqual({ code: "123456" });
  expect(screen.getByRole("link", { name: "Download" })).toHaveAttribute(
    "href",
    "data:text/plain;charset=utf-8,11112222%0A33334444%0A",
  );
  await user.click(screen.getByRole("button", { name: "I have kept them" }));
  await waitFor(() => expect(screen.queryByText("11112222")).not.toBeInTheDocument());
  expect(await screen.findByText(/10 codes left/)).toBeVisible();
});

test("a wrong code keeps the secret and says what to do", async () => {
  const server = serve();
  server.answers[BEGIN] = SECRET;
  const errors = [{ code: "incorrect_code", param: "code", message: "No." }];
  server.answers[`POST ${TOTP}`] = problem(400, { errors });
  const { user } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Set up" }));

  await user.type(await screen.findByLabelText("Code that the app shows now"), "000000{Enter}");

  const field = screen.getByLabelText("Code that the app shows now");
  await waitFor(() => expect(field).toBeInvalid());
  expect(field).toHaveAccessibleDescription(/clocks/);
  expect(screen.getByTestId("app-secret")).toBeVisible();
});

test("whoever does not show that it is them changes nothing, and no error is shown", async () => {
  const server = serve(anAccount(WITH_APP));
  server.answers[`DELETE ${TOTP}`] = problem(401, PROVE_IT);
  const { user, router } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Turn off" }));
  const sure = within(await screen.findByRole("dialog", { name: /Turn off the auth/ }));
  await user.click(sure.getByRole("button", { name: "Turn off" }));

  const asked = within(await screen.findByRole("dialog", { name: "Show that it is you" }));
  await user.click(await asked.findByRole("button", { name: "Cancel" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(server.sent(`DELETE ${TOTP}`)).toHaveLength(1);
  // The server said 401, and did not mean: signed out.
  expect(router.state.location.pathname).toBe("/account");
  expect(screen.queryByText("Show first that it is you.")).not.toBeInTheDocument();
});

test("new recovery codes are asked for twice and shown once", async () => {
  const server = serve(anAccount({ ...WITH_APP, recovery_codes_left: 2 }));
  server.answers[`POST ${CODES}`] = { data: { unused_codes: ["55556666"] } };
  const { user } = renderConsole("/account");
  expect(await screen.findByText("few left")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Make new codes" }));
  expect(server.sent(`POST ${CODES}`)).toEqual([]);

  const sure = within(await screen.findByRole("dialog"));
  await user.click(sure.getByRole("button", { name: "Make new codes" }));

  expect(await screen.findByText("55556666")).toBeVisible();
});

test("a passkey is named, made and listed; the first one brings recovery codes", async () => {
  const credentials = stubPasskeys(async () => ({ id: "key-1" }));
  const server = serve();
  server.answers[`GET ${PASSKEYS}`] = {
    data: { creation_options: { publicKey: { challenge: "c" } } },
  };
  server.answers[`POST ${PASSKEYS}`] = () => {
    server.answers["GET /account/"] = anAccount({ passkeys: [aPasskey()] });
    return { meta: { recovery_codes_generated: true } };
  };
  server.answers[`GET ${CODES}`] = { data: { unused_codes: ["77778888"] } };
  const { user } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Add a passkey" }));

  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Name"), "Laptop{Enter}");

  expect(await screen.findByText("77778888")).toBeVisible();
  expect(credentials.create).toHaveBeenCalledWith({ publicKey: { parsed: { challenge: "c" } } });
  expect(server.sent(`GET ${PASSKEYS}`)[0]?.query.has("passwordless")).toBe(true);
  expect(server.sent(`POST ${PASSKEYS}`)[0]?.body).toEqual({
    name: "Laptop",
    credential: { id: "key-1" },
  });
  await user.click(screen.getByRole("button", { name: "I have kept them" }));
  expect(await screen.findByRole("button", { name: "Remove Laptop" })).toBeVisible();
});

test("a passkey is renamed and removed", async () => {
  const server = serve(anAccount({ passkeys: [aPasskey({ id: 7 })] }));
  server.answers[`PUT ${PASSKEYS}`] = {};
  server.answers[`DELETE ${PASSKEYS}`] = {};
  const { user } = renderConsole("/account");

  await user.click(await screen.findByRole("button", { name: "Rename Laptop" }));
  const name = within(await screen.findByRole("dialog")).getByLabelText("Name");
  await user.clear(name);
  await user.type(name, "Desk{Enter}");
  await waitFor(() =>
    expect(server.sent(`PUT ${PASSKEYS}`)[0]?.body).toEqual({ id: 7, name: "Desk" }),
  );
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.click(screen.getByRole("button", { name: "Remove Laptop" }));
  const sure = within(await screen.findByRole("dialog"));
  await user.click(sure.getByRole("button", { name: "Remove" }));

  await waitFor(() =>
    expect(server.sent(`DELETE ${PASSKEYS}`)[0]?.body).toEqual({ authenticators: [7] }),
  );
});

test("a browser that can use no passkeys here says why", async () => {
  vi.stubGlobal("isSecureContext", false);
  serve();
  renderConsole("/account");

  expect(await screen.findByText(/begins with https/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Add a passkey" })).toBeDisabled();
});

test("the password changes with the present one, whose fault is said at its field", async () => {
  const server = serve();
  const change = `POST ${ACCOUNT}/password/change`;
  const errors = [{ code: "enter_current_password", param: "current_password", message: "Wrong." }];
  server.answers[change] = problem(400, { errors });
  const { user } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Change password" }));
  await user.type(screen.getByLabelText("Present password"), "old one");
  await user.type(screen.getByLabelText("New password"), "a new sentence{Enter}");

  const present = screen.getByLabelText("Present password");
  await waitFor(() => expect(present).toHaveAccessibleDescription("Wrong."));
  server.answers[change] = {};
  await user.click(screen.getByRole("button", { name: "Save password" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(server.sent(change)[1]?.body).toEqual({
    current_password: "old one",
    new_password: "a new sentence",
  });
});

test("a person has another name at once", async () => {
  const server = serve();
  server.answers["PATCH /account/"] = anAccount({}, { name: "Mira K." });
  const { user } = renderConsole("/account");
  const name = await screen.findByLabelText("Name");
  expect(screen.getByRole("button", { name: "Save name" })).toBeDisabled();

  await user.clear(name);
  await user.type(name, "Mira K.{Enter}");

  await waitFor(() => expect(server.sent("PATCH /account/")[0]?.body).toEqual({ name: "Mira K." }));
  await waitFor(() => expect(server.sent("GET /session/").length).toBeGreaterThan(1));
});

test("the company's account is connected there and disconnected here", async () => {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  const server = serve(anAccount({}, { company: "Acme" }));
  server.answers["POST /sign-in/company/"] = { location: "https://login.acme.example/" };
  const { user } = renderConsole("/account?from=main");

  await user.click(await screen.findByRole("button", { name: "Connect" }));

  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://login.acme.example/"));
  expect(server.sent("POST /sign-in/company/")[0]?.body).toEqual({
    process: "connect",
    next: "/account?from=main",
  });
});

test("the only way in cannot be cut", async () => {
  const theirs = {
    provider: "company-1",
    uid: "7",
    email: "mira@example.com",
    connected_at: "2026-11-20T08:00:00Z",
    last_used_at: "2026-11-20T08:00:00Z",
  };
  serve(anAccount({ has_password: false, company_accounts: [theirs] }, { company: "Acme" }));
  renderConsole("/account?error=connected_other");

  expect(await screen.findByRole("button", { name: "Disconnect" })).toBeDisabled();
  expect(screen.getByRole("button", { name: "Set a password" })).toBeVisible();
  expect(screen.getByRole("alert")).toHaveTextContent(/somebody else here/i);
});

test("has no accessibility violations", async () => {
  serve(anAccount({ ...WITH_APP, passkeys: [aPasskey()] }, { company: "Acme" }));
  renderConsole("/account");

  await screen.findByText("Laptop");
  await expectAccessible();
});
