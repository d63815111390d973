import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSession, theSettings } from "@/testing/data";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const READ = "GET /t/main/settings/";
const WRITE = "PATCH /t/main/settings/";

test("saves what was changed, without the address, which cannot be", async () => {
  const server = new FakeServer({ [READ]: theSettings() });
  server.answers[WRITE] = ({ body }: { body: unknown }) => ({
    ...theSettings(),
    ...(body as object),
  });
  const { user } = renderConsole("/t/main/settings");
  const save = await screen.findByRole("button", { name: "Save" });
  expect(save).toBeDisabled();

  await user.click(screen.getByRole("radio", { name: /Observe/ }));
  const most = screen.getByLabelText("Skills per request, at most");
  await user.clear(most);
  await user.type(most, "5");
  await user.click(save);

  expect(await screen.findByText("Settings saved.")).toBeVisible();
  expect(server.sent(WRITE)[0]?.body).toEqual({
    name: "Acme",
    mode: "observe",
    idle_minutes: 15,
    max_skills: 5,
    skill_token_budget: 1500,
    time_zone: "UTC",
    retention_days: null,
  });
});

test.each([
  ["skills", /^Skills/],
  ["observe", /^Observe/],
  ["rl", /^RL/],
  ["auto", /^Auto/],
] as const)("the mode %s is shown as chosen", async (mode, name) => {
  new FakeServer({ [READ]: theSettings({ mode }) });
  renderConsole("/t/main/settings");

  expect(await screen.findByRole("radio", { name })).toBeChecked();
});

test("the time zone can be changed", async () => {
  const server = new FakeServer({ [READ]: theSettings(), [WRITE]: theSettings() });
  const { user } = renderConsole("/t/main/settings");
  const zone = await screen.findByLabelText("Time zone");

  await user.clear(zone);
  await user.type(zone, "Europe/Berlin");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() =>
    expect(server.sent(WRITE)[0]?.body).toMatchObject({ time_zone: "Europe/Berlin" }),
  );
});

test("a refused number is said at its field", async () => {
  new FakeServer({
    [READ]: theSettings(),
    [WRITE]: problem(422, {
      code: "invalid",
      detail: "No.",
      fields: { max_skills: ["At most 5 here."] },
    }),
  });
  const { user } = renderConsole("/t/main/settings");
  const most = await screen.findByLabelText("Skills per request, at most");

  await user.clear(most);
  await user.type(most, "9");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(most).toHaveAccessibleDescription("At most 5 here."));
});

test("who is no admin sees the settings but cannot change them", async () => {
  new FakeServer({
    "GET /session/": aSession({
      tenants: [{ slug: "main", name: "Acme", role: "viewer", is_simulated: false }],
    }),
    [READ]: theSettings(),
  });
  renderConsole("/t/main/settings");

  expect(await screen.findByLabelText("Name")).toBeDisabled();
});

test("has no accessibility violations", async () => {
  new FakeServer({ [READ]: theSettings() });
  renderConsole("/t/main/settings");

  await screen.findByLabelText("Name");
  await expectAccessible();
});
