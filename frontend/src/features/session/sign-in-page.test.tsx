import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aSession } from "@/testing/data";
import { halfway, stubPasskeys } from "@/testing/data-account";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const SIGNED_OUT = { user: null, tenants: [], creation_refusal: null };
const LOGIN = "POST /_allauth/browser/v1/auth/login";

async function signIn(address: string, server: FakeServer) {
  server.answers["GET /session/"] = SIGNED_OUT;
  const view = renderConsole(address);
  await view.user.type(await screen.findByLabelText("Email"), "mira@example.com");
  await view.user.type(screen.getByLabelText("Password"), "secret");
  await view.user.click(screen.getByRole("button", { name: "Sign in" }));
  return view;
}

test("leads back to the page that was asked for", async () => {
  const server = new FakeServer();
  server.answers[LOGIN] = () => {
    server.answers["GET /session/"] = aSession();
    return {};
  };

  const { router } = await signIn("/t/main/keys", server);

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/keys"));
  expect(server.sent(LOGIN)[0]?.body).toEqual({ email: "mira@example.com", password: "secret" });
});

test("a wrong password is said at the field", async () => {
  const server = new FakeServer({
    [LOGIN]: problem(400, { errors: [{ message: "Not correct.", param: "password" }] }),
  });

  await signIn("/sign-in", server);

  const field = screen.getByLabelText("Password");
  await waitFor(() => expect(field).toBeInvalid());
  expect(field).toHaveAccessibleDescription("Not correct.");
});

test("too many tries are told apart from a wrong password", async () => {
  await signIn("/sign-in", new FakeServer({ [LOGIN]: problem(429) }));

  expect(await screen.findByRole("alert")).toHaveTextContent(/too many tries/i);
});

test("an address of another site is not followed", async () => {
  const server = new FakeServer();
  server.answers[LOGIN] = () => {
    server.answers["GET /session/"] = aSession();
    return {};
  };

  const { router } = await signIn("/sign-in?next=//evil.example/", server);

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
});

const CODE = "POST /_allauth/browser/v1/auth/2fa/authenticate";
const CONFIG = "GET /_allauth/browser/v1/config";
const PENDING = "GET /_allauth/browser/v1/auth/session";

function opens(server: FakeServer) {
  return () => {
    server.answers["GET /session/"] = aSession();
    return {};
  };
}

test("a right password of an account with an app leads to the code, and that leads on", async () => {
  const server = new FakeServer({ [LOGIN]: problem(401, halfway("totp", "recovery_codes")) });
  server.answers[CODE] = opens(server);
  const { user, router } = await signIn("/t/main/keys", server);

  const field = await screen.findByLabelText("Code");
  expect(screen.queryByLabelText("Password")).not.toBeInTheDocument();
  expect(field).toHaveFocus();
  expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await expectAccessible();
  await user.click(field);
  await user.paste("123 456");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/keys"));
  expect(server.sent(CODE)[0]?.body).toEqual({ code: "123456" });
});

test("a wrong code is said at its field, and a recovery code does instead", async () => {
  const server = new FakeServer({
    [LOGIN]: problem(401, halfway("totp", "recovery_codes")),
    [CODE]: problem(400, { errors: [{ code: "incorrect_code", param: "code", message: "No." }] }),
  });
  const { user, router } = await signIn("/sign-in", server);
  await user.type(await screen.findByLabelText("Code"), "000000{Enter}");

  const field = screen.getByLabelText("Code");
  await waitFor(() => expect(field).toBeInvalid());
  expect(field).toHaveAccessibleDescription(/take the one shown now/i);
  await user.click(screen.getByRole("button", { name: "Use a recovery code" }));
  server.answers[CODE] = opens(server);
  await user.type(screen.getByLabelText("Recovery code"), "12345678{Enter}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
  expect(server.sent(CODE)[1]?.body).toEqual({ code: "12345678" });
});

test("a password that was given too long ago is asked for again", async () => {
  const server = new FakeServer({
    [LOGIN]: problem(401, halfway("totp")),
    [CODE]: problem(401, { status: 401, data: { flows: [] }, meta: { is_authenticated: false } }),
  });
  const { user } = await signIn("/sign-in", server);
  await user.type(await screen.findByLabelText("Code"), "123456{Enter}");

  expect(await screen.findByText("That took too long. Begin again.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Begin again" }));
  expect(screen.getByLabelText("Password")).toBeVisible();
});

test("a passkey signs in without a password", async () => {
  const credentials = stubPasskeys(async () => ({ id: "key-1" }));
  const step = "/_allauth/browser/v1/auth/webauthn/login";
  const asked = { data: { request_options: { publicKey: { challenge: "c" } } } };
  const server = new FakeServer({ "GET /session/": SIGNED_OUT, [`GET ${step}`]: asked });
  server.answers[`POST ${step}`] = opens(server);
  const { user, router } = renderConsole("/sign-in?next=/t/main/keys");

  await user.click(await screen.findByRole("button", { name: "Use a passkey" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/keys"));
  expect(credentials.get).toHaveBeenCalledWith({ publicKey: { parsed: { challenge: "c" } } });
  expect(server.sent(`POST ${step}`)[0]?.body).toEqual({ credential: { id: "key-1" } });
});

test("a passkey that was not used leaves the password form, and says so", async () => {
  stubPasskeys(() => Promise.reject(new DOMException("", "NotAllowedError")));
  const step = "/_allauth/browser/v1/auth/webauthn/login";
  new FakeServer({
    "GET /session/": SIGNED_OUT,
    [`GET ${step}`]: { data: { request_options: { publicKey: {} } } },
  });
  const { user } = renderConsole("/sign-in");

  await user.click(await screen.findByRole("button", { name: "Use a passkey" }));

  expect(await screen.findByRole("alert")).toHaveTextContent(/no passkey was used/i);
  expect(screen.getByLabelText("Password")).toBeVisible();
});

test("the company's sign-in is offered where there is one, and the browser sent there", async () => {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  const server = new FakeServer({
    "GET /session/": SIGNED_OUT,
    [CONFIG]: { data: { socialaccount: { providers: [{ name: "Acme" }] } } },
    "POST /sign-in/company/": { location: "https://login.acme.example/authorize" },
  });
  const { user } = renderConsole("/sign-in?next=/t/main/keys");

  await user.click(await screen.findByRole("button", { name: "Sign in with Acme" }));

  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://login.acme.example/authorize"));
  expect(server.sent("POST /sign-in/company/")[0]?.body).toEqual({
    process: "login",
    next: "/sign-in?step=company&next=%2Ft%2Fmain%2Fkeys",
  });
});

test("a provider that does not answer is said, and the password still does", async () => {
  new FakeServer({
    "GET /session/": SIGNED_OUT,
    [CONFIG]: { data: { socialaccount: { providers: [{ name: "Acme" }] } } },
    "POST /sign-in/company/": problem(502, { code: "upstream_failed", detail: "Acme is away." }),
  });
  const { user } = renderConsole("/sign-in");

  await user.click(await screen.findByRole("button", { name: "Sign in with Acme" }));

  expect(await screen.findByRole("alert")).toHaveTextContent("Acme is away.");
});

test("what the company's sign-in came to is said in words", async () => {
  new FakeServer({ "GET /session/": SIGNED_OUT });
  renderConsole("/sign-in?step=company&error=signup_closed&error_process=login");

  expect(await screen.findByRole("alert")).toHaveTextContent(/ask an owner of a workspace/i);
});

test("who comes back from the company and has an app gives a code", async () => {
  const server = new FakeServer({
    "GET /session/": SIGNED_OUT,
    [PENDING]: problem(401, halfway("totp")),
  });
  server.answers[CODE] = opens(server);
  const { user, router } = renderConsole("/sign-in?step=company&next=/t/main/keys");

  await user.type(await screen.findByLabelText("Code"), "123456{Enter}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/keys"));
});

test("has no accessibility violations", async () => {
  new FakeServer({ "GET /session/": SIGNED_OUT });
  renderConsole("/sign-in");

  await screen.findByRole("heading", { name: "Sign in" });
  await expectAccessible();
});
