import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aReviewPolicy, aSession } from "@/testing/data";
import { theSettings } from "@/testing/data-settings";
import { FakeServer, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const READ = "GET /t/main/settings/";
const WRITE = "PATCH /t/main/settings/";
const POLICY = "GET /t/main/review-policy/";

test("saves what was changed, without the address, which cannot be", async () => {
  const server = new FakeServer({ [POLICY]: aReviewPolicy(), [READ]: theSettings() });
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
    needs_second_factor: false,
    retention_days: null,
  });
});

test.each([
  ["skills", /^Skills/],
  ["observe", /^Observe/],
  ["rl", /^RL/],
  ["auto", /^Auto/],
] as const)("the mode %s is shown as chosen", async (mode, name) => {
  new FakeServer({ [POLICY]: aReviewPolicy(), [READ]: theSettings({ mode }) });
  renderConsole("/t/main/settings");

  expect(await screen.findByRole("radio", { name })).toBeChecked();
});

test("what others save shows on an open page; what is being typed stays", async () => {
  const server = new FakeServer({ [POLICY]: aReviewPolicy(), [READ]: theSettings() });
  const { user } = renderConsole("/t/main/settings");
  const most = await screen.findByLabelText("Skills per request, at most");
  FakeSocket.last.accept();
  await user.clear(most);
  await user.type(most, "5");

  server.answers[READ] = theSettings({ mode: "observe" });
  server.answers[POLICY] = aReviewPolicy({ quorum: 3 });
  FakeSocket.last.announce("tenants.settings");
  FakeSocket.last.announce("evolution.review_policy");

  await waitFor(() => expect(screen.getByRole("radio", { name: /^Observe/ })).toBeChecked());
  await waitFor(() => expect(screen.getByLabelText("Approvals it takes")).toHaveValue(3));
  expect(most).toHaveValue(5);
  expect(screen.queryByText(/Somebody else/)).toBeNull();

  server.answers[READ] = theSettings({ mode: "observe", max_skills: 7 });
  FakeSocket.last.announce("tenants.settings");

  const warning = "Somebody else has changed this meanwhile: Skills per request, at most.";
  expect(await screen.findByText(warning)).toBeVisible();
  expect(most).toHaveValue(5);
  await expectAccessible();
  await user.click(screen.getAllByRole("button", { name: "Undo changes" })[0] as HTMLElement);
  expect(most).toHaveValue(7);
  expect(screen.queryByText(warning)).toBeNull();
});

test("the time zone can be changed", async () => {
  const server = new FakeServer({
    [POLICY]: aReviewPolicy(),
    [READ]: theSettings(),
    [WRITE]: theSettings(),
  });
  const { user } = renderConsole("/t/main/settings");
  const zone = await screen.findByLabelText("Time zone");

  await user.clear(zone);
  await user.type(zone, "Europe/Berlin");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() =>
    expect(server.sent(WRITE)[0]?.body).toMatchObject({ time_zone: "Europe/Berlin" }),
  );
});

test("who has no second factor cannot ask for one, and reads why", async () => {
  const detail = "Set up your own second factor first, on your account page.";
  const server = new FakeServer({
    [POLICY]: aReviewPolicy(),
    [READ]: theSettings(),
    [WRITE]: problem(422, { code: "x", detail, fields: { needs_second_factor: [detail] } }),
  });
  const { user } = renderConsole("/t/main/settings");

  await user.click(await screen.findByRole("checkbox", { name: /Members need a second factor/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText(detail)).toBeVisible();
  expect(server.sent(WRITE)[0]?.body).toMatchObject({ needs_second_factor: true });
});

test("a refused number is said at its field", async () => {
  new FakeServer({
    [POLICY]: aReviewPolicy(),
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
    }),
    [POLICY]: aReviewPolicy(),
    [READ]: theSettings(),
  });
  renderConsole("/t/main/settings");

  expect(await screen.findByLabelText("Name")).toBeDisabled();
});

test("the review policy is saved whole, tools as a list", async () => {
  const server = new FakeServer({
    [READ]: theSettings(),
    [POLICY]: aReviewPolicy({ reauth_minutes: 10 }),
    "PUT /t/main/review-policy/": ({ body }: { body: unknown }) => body,
  });
  const { user } = renderConsole("/t/main/settings");
  const save = await screen.findByRole("button", { name: "Save the policy" });
  expect(save).toBeDisabled();

  await user.selectOptions(screen.getByLabelText("Who may approve"), "admin");
  const quorum = screen.getByLabelText("Approvals it takes");
  await user.clear(quorum);
  await user.type(quorum, "2");
  await user.clear(screen.getByLabelText("Proof of who approves within, in minutes"));
  await user.selectOptions(screen.getByLabelText("Approve without a person"), "clean_and_lift");
  await user.type(screen.getByLabelText("Trusted tools"), "exec, read_file,");
  await user.click(screen.getByLabelText(/Ask the judge/));
  await user.click(save);

  expect(await screen.findByText("Review policy saved.")).toBeVisible();
  expect(server.sent("PUT /t/main/review-policy/")[0]?.body).toEqual({
    approve_role: "admin",
    quorum: 2,
    self_approval: "auto",
    reauth_minutes: null,
    auto_approval: "clean_and_lift",
    trusted_tools: ["exec", "read_file"],
    asks_model: true,
  });
});

test("has no accessibility violations", async () => {
  new FakeServer({ [POLICY]: aReviewPolicy(), [READ]: theSettings() });
  renderConsole("/t/main/settings");

  await screen.findByLabelText("Name");
  await expectAccessible();
});
