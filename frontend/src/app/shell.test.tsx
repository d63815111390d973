import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aKey, aSession, aSkill, aTurn } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";
import { PAGES } from "./navigation";

const AT = "2026-11-20T12:00:00Z";
const KEYS = { "GET /t/main/keys/": page([aKey()]) };

test("the root leads to the first workspace", async () => {
  new FakeServer();
  const { router } = renderConsole("/");

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
});

test.each([
  ["gt", "/t/main/turns"],
  ["gr", "/t/main/review"],
  ["gs", "/t/main/skills"],
  ["gk", "/t/main/keys"],
  ["gu", "/t/main/upstreams"],
])("the keys %s jump to %s", async (keys, path) => {
  new FakeServer();
  const { user, router } = renderConsole("/t/main/overview");
  await screen.findByText("Success rate");

  await user.keyboard(keys);

  await waitFor(() => expect(router.state.location.pathname).toBe(path));
});

test("letters typed into a field are no shortcuts", async () => {
  new FakeServer({ "GET /t/main/skills/": page([aSkill()]) });
  const { user, router } = renderConsole("/t/main/skills");

  await user.type(await screen.findByLabelText("Search skills"), "gt?");

  await waitFor(() => expect(router.state.location.search).toEqual({ q: "gt?" }));
  expect(router.state.location.pathname).toBe("/t/main/skills");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("? lists the shortcuts", async () => {
  new FakeServer(KEYS);
  const { user } = renderConsole("/t/main/keys");
  await screen.findByText("support");

  await user.keyboard("{Shift>}?{/Shift}");

  const sheet = within(await screen.findByRole("dialog", { name: "Keyboard shortcuts" }));
  for (const { name, jump } of PAGES) {
    if (!jump) continue;
    expect(sheet.getByText(name, { selector: "dt" }).closest("div")).toHaveTextContent(
      `${name}G${jump.toUpperCase()}`,
    );
  }
});

test("/ leads to the search of the page, and is a letter inside of it", async () => {
  new FakeServer({ "GET /t/main/turns/": page([]) });
  const { user } = renderConsole("/t/main/turns?q=old");
  const search = await screen.findByLabelText("Search turns");

  await user.keyboard("/");
  expect(search).toHaveFocus();
  await user.keyboard("a/b");

  expect(search).toHaveValue("a/b");
});

test("the palette finds pages, skills and turns, and opens what is chosen", async () => {
  const server = new FakeServer({
    ...KEYS,
    "GET /t/main/skills/": page([aSkill({ slug: "refund-policy" })]),
    "GET /t/main/turns/": page([aTurn({ preview: "May I return it?" })]),
    "GET /t/main/proposals/": page([]),
  });
  const { user, router } = renderConsole("/t/main/keys");
  await screen.findByText("support");

  await user.keyboard("{Control>}k{/Control}");
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("May I return it?")).toBeVisible();
  await user.keyboard("refund");
  await waitFor(() =>
    expect(server.sent("GET /t/main/skills/").at(-1)?.query.get("q")).toBe("refund"),
  );
  await user.click(await dialog.findByText("refund-policy"));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/skills/refund-policy"));
});

test("the palette finds experiments, training jobs, runs and patterns, also by their id", async () => {
  new FakeServer({
    ...KEYS,
    "GET /t/main/skills/": page([]),
    "GET /t/main/turns/": page([]),
    "GET /t/main/proposals/": page([]),
    "GET /t/main/canaries/": page([{ id: "ca11", slug: "refund-policy", created_at: AT }]),
    "GET /t/main/replays/": page([{ id: "4e91", slug: "refund-policy", created_at: AT }]),
    "GET /t/main/training/jobs/": page([
      { id: "10b5", policy: "p1", policy_name: "letters", created_at: AT },
    ]),
    "GET /t/main/evolution-runs/": page([
      { id: "e70", slug: null, author_model: "gpt-5", created_at: AT },
    ]),
    "GET /t/main/failure-clusters/": page([
      { id: "fc3", slug: null, samples: [{ rationale: "No ISO date." }], created_at: AT },
    ]),
  });
  const { user, router } = renderConsole("/t/main/keys");
  await screen.findByText("support");
  const look = async (words: string) => {
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), words);
    return within(await screen.findByRole("dialog"));
  };

  const found = await look("refund");
  expect(await found.findByText(/canary ca11/)).toBeVisible();
  await user.click(found.getByText(/replay 4e91/));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ tab: "replays", replay: "4e91" }),
  );
  await user.keyboard("{Escape}");
  await user.click(await (await look("10b")).findByText("letters"));
  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/training/p1"));
  expect(router.state.location.search).toEqual({ job: "10b5" });
  await user.click(await (await look("iso date")).findByText(/pattern of failures fc3/));
  await waitFor(() => expect(router.state.location.search).toEqual({ pattern: "fc3" }));
  await user.keyboard("{Escape}");
  await user.click(await (await look("e70")).findByText("gpt-5"));
  await waitFor(() => expect(router.state.location.search).toEqual({ run: "e70" }));
});

test("the dot tells whether the page is live", async () => {
  new FakeServer(KEYS);
  renderConsole("/t/main/keys");
  expect(await screen.findByText("Connecting…")).toBeVisible();

  FakeSocket.last.accept();
  expect(screen.getByText("Live")).toBeVisible();
  FakeSocket.last.drop();

  expect(screen.getByText("Reconnecting…")).toBeVisible();
});

test("a workspace that is not ours is a page that does not exist", async () => {
  new FakeServer();
  renderConsole("/t/other/overview");

  expect(await screen.findByText("Nothing lives here")).toBeVisible();
});

test("who was removed is told so, and goes on where they belong", async () => {
  const server = new FakeServer(KEYS);
  const { user } = renderConsole("/t/main/keys");
  await screen.findByText("support");
  FakeSocket.last.accept();

  FakeSocket.last.drop(4404);
  expect(await screen.findByText("Acme is closed to you")).toBeVisible();
  await expectAccessible();
  server.answers["GET /session/"] = aSession({ tenants: [] });
  await user.click(screen.getByRole("button", { name: "Go on without it" }));

  expect(await screen.findByText("You belong to no workspace yet")).toBeVisible();
});

test("a role that changes while somebody works holds at once", async () => {
  const server = new FakeServer(KEYS);
  renderConsole("/t/main/keys");
  expect(await screen.findByRole("button", { name: "New key" })).toBeEnabled();

  server.answers["GET /session/"] = aSession({
    tenants: [
      {
        slug: "main",
        name: "Acme",
        role: "viewer",
        is_simulated: false,
        is_demo: false,
        time_zone: "UTC",
      },
    ],
  });
  FakeSocket.last.accept();
  FakeSocket.last.announce("tenants.member");

  await waitFor(() => expect(screen.getByRole("button", { name: "New key" })).toBeDisabled());
});

const MAKE = "POST /workspaces/";

test("a new workspace opens on the page that connects an agent, with its key shown once", async () => {
  const server = new FakeServer(KEYS);
  server.answers[MAKE] = { slug: "blue", name: "Blue", secret: "mck_live_first" };
  const { user, router } = renderConsole("/t/main/keys");
  await user.click(await screen.findByRole("button", { name: /Acme/ }));
  await user.click(await screen.findByRole("menuitem", { name: "New workspace…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New workspace" }));
  await expectAccessible(screen.getByRole("dialog"));
  const blue = {
    slug: "blue",
    name: "Blue",
    role: "owner",
    is_simulated: true,
    is_demo: false,
    time_zone: "UTC",
  } as const;
  server.answers["GET /session/"] = aSession({ tenants: [...aSession().tenants, blue] });

  await user.type(dialog.getByLabelText("Name"), "Blue");
  await user.selectOptions(dialog.getByLabelText("Time zone"), "Europe/Berlin");
  await user.click(dialog.getByRole("button", { name: "Create workspace" }));

  expect(await screen.findByTestId("secret")).toHaveTextContent("mck_live_first");
  expect(router.state.location.pathname).toBe("/t/blue/connect");
  expect(server.sent(MAKE)[0]?.body).toEqual({ name: "Blue", time_zone: "Europe/Berlin" });
});

test("who may not make a workspace reads why; a refusal of the server is shown", async () => {
  const refusal = "Only people who own a workspace make others here.";
  const server = new FakeServer({
    ...KEYS,
    "GET /session/": aSession({ creation_refusal: refusal }),
  });
  server.answers[MAKE] = problem(403, { code: "forbidden", detail: "Not any more." });
  const { user } = renderConsole("/t/main/keys");
  await user.click(await screen.findByRole("button", { name: /Acme/ }));
  const item = await screen.findByRole("menuitem", { name: "New workspace…" });
  expect(item).toHaveAttribute("aria-disabled", "true");
  expect(screen.getByText(refusal)).toBeVisible();
  await user.keyboard("{Escape}");

  FakeSocket.last.accept();
  await waitFor(() => expect(server.sent("GET /session/")).toHaveLength(2));
  server.answers["GET /session/"] = aSession();
  FakeSocket.last.announce("tenants.member");
  await waitFor(() => expect(server.sent("GET /session/")).toHaveLength(3));
  await user.click(await screen.findByRole("button", { name: /Acme/ }));
  await user.click(await screen.findByRole("menuitem", { name: "New workspace…" }));
  await user.type(await screen.findByLabelText("Name"), "Blue{Enter}");

  expect(await screen.findByText("Not any more.")).toBeVisible();
});

test("who belongs nowhere may make a workspace where anybody may", async () => {
  new FakeServer({ "GET /session/": aSession({ tenants: [] }) });
  const { user } = renderConsole("/");

  await user.click(await screen.findByRole("button", { name: "Make one" }));

  expect(await screen.findByRole("dialog", { name: "New workspace" })).toBeVisible();
});

test("an unknown address is a page that does not exist", async () => {
  new FakeServer();
  renderConsole("/nowhere/at/all");

  expect(await screen.findByText("Nothing lives here")).toBeVisible();
});

test("a session that ends while working leads to the sign-in page", async () => {
  const server = new FakeServer(KEYS);
  const { router } = renderConsole("/t/main/keys");
  await screen.findByText("support");

  server.answers["GET /t/main/keys/"] = problem(401, { code: "not_authenticated", detail: "" });
  // An opened socket reads everything on the page again.
  FakeSocket.last.accept();

  await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
  expect(router.state.location.search).toEqual({ next: "/t/main/keys" });
});

test("a workspace that asks for a second factor leads to where one is set up", async () => {
  const other = {
    slug: "lab",
    name: "Lab",
    role: "owner",
    is_simulated: true,
    is_demo: false,
    time_zone: "UTC",
  } as const;
  const { tenants } = aSession();
  const server = new FakeServer({
    "GET /session/": aSession({ tenants: [...tenants, other], shut: ["main"] }),
  });
  const { user, router } = renderConsole("/t/main/keys");

  expect(await screen.findByText("Acme asks for a second factor")).toBeVisible();
  expect(server.sent("GET /t/main/overview/")).toEqual([]);
  await expectAccessible();
  expect(screen.getByRole("link", { name: "To Lab" })).toHaveAttribute("href", "/t/lab/overview");
  await user.click(screen.getByRole("link", { name: "Set one up" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/account"));
});

test("signing out forgets everything of the session", async () => {
  new FakeServer({ ...KEYS, "DELETE /_allauth/browser/v1/auth/session": problem(401) });
  const { user, router } = renderConsole("/t/main/keys");
  await user.click(await screen.findByRole("button", { name: /Mira/ }));

  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
  const cache = router.options.context.queryClient.getQueryCache();
  await waitFor(() =>
    expect(new Set(cache.getAll().map(({ queryKey }) => queryKey[0]))).toEqual(
      new Set(["session"]),
    ),
  );
});

test("a simulated provider is said in the shell", async () => {
  new FakeServer({
    ...KEYS,
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "owner",
          is_simulated: true,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
  });
  renderConsole("/t/main/keys");

  expect(await screen.findByRole("link", { name: /Simulated provider/ })).toHaveAttribute(
    "href",
    "/t/main/upstreams",
  );
});

test("who belongs nowhere is told so", async () => {
  new FakeServer({ "GET /session/": aSession({ tenants: [] }) });
  renderConsole("/");

  expect(await screen.findByText("You belong to no workspace yet")).toBeVisible();
});

test("the theme is kept for the next visit", async () => {
  new FakeServer(KEYS);
  document.documentElement.dataset.theme = "light";
  const { user } = renderConsole("/t/main/keys");

  await user.click(await screen.findByRole("button", { name: "Use the dark theme" }));

  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(localStorage.getItem("metaclaw.theme")).toBe("dark");
  await expectAccessible();
});
