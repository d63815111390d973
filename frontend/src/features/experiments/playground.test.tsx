import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TriedSkill, Tryout } from "@/client/contract";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const TRY = "POST /t/main/library/tryout/";
const ADDRESS = "/t/main/experiments?tab=playground";

const aTried = (change: Partial<TriedSkill> = {}): TriedSkill => ({
  slug: "iso-dates",
  version: 1,
  description: "Use when an answer contains a date.",
  reach: "relevant",
  tokens: 120,
  score: 0.61,
  relevance: 0.61,
  factor: 1,
  verdict: "in",
  is_house_rule: false,
  used_by: [],
  brings: [],
  ...change,
});

const aTryout = (change: Partial<Tryout> = {}): Tryout => ({
  generation: 4,
  query: "When is it?",
  mode: "skills",
  injects: true,
  max_skills: 3,
  token_budget: 1500,
  by: "hybrid",
  by_words_because: "",
  candidates: [aTried()],
  trials: [],
  block: "<metaclaw_skills>\nWrite dates as ISO.\n</metaclaw_skills>",
  tokens: 140,
  ...change,
});

function serve(answer: unknown) {
  return new FakeServer({
    "GET /t/main/canaries/": page([]),
    "GET /t/main/agents/": page([{ name: "coder" }]),
    [TRY]: answer,
  });
}

async function ask(message = "When is it?") {
  const view = renderConsole(ADDRESS);
  await view.user.type(await screen.findByLabelText("Message"), message);
  await view.user.keyboard("{Control>}{Enter}{/Control}");
  return view;
}

const row = async (name: string) =>
  (await screen.findByRole("link", { name })).closest("tr") as HTMLElement;

test("a message shows what goes in, what stays out, and why", async () => {
  serve(
    aTryout({
      candidates: [
        aTried({ slug: "house-style", score: 1, relevance: 1, is_house_rule: true }),
        aTried({ score: 0.49, relevance: 0.61, factor: 0.8 }),
        aTried({ slug: "blue-dates", verdict: "other_tag" }),
        aTried({ slug: "old-dates", verdict: "too weak" }),
      ],
    }),
  );
  await ask();

  expect(await screen.findByRole("heading", { name: "2 skills in" })).toBeVisible();
  expect(await row("house-style")).toHaveTextContent("goes in house rule–––120");
  expect(await row("iso-dates")).toHaveTextContent("goes in 0.61×0.800.49120");
  expect(await row("blue-dates")).toHaveTextContent("for turns with other tags");
  expect(await row("old-dates")).toHaveTextContent("too weak");
  expect(screen.getByText("by words and meaning")).toBeVisible();
  expect(screen.getByLabelText("injected text")).toHaveTextContent("Write dates as ISO.");
  await expectAccessible();
});

test("what others use is listed once, with both reasons", async () => {
  serve(
    aTryout({
      candidates: [
        aTried({ slug: "meeting", brings: ["units", "tables"] }),
        aTried({ slug: "iso-dates", used_by: ["meeting"] }),
        aTried({ slug: "tables", verdict: "too weak", used_by: ["meeting"] }),
      ],
    }),
  );
  await ask();

  expect(await row("meeting")).toHaveTextContent("goes in brings units, tables");
  expect(await row("iso-dates")).toHaveTextContent("goes in also used by meeting");
  expect(await row("tables")).toHaveTextContent("too weak goes in with meeting");
});

test("agent and tags are asked for as they are written", async () => {
  const server = serve(aTryout());
  const { user } = renderConsole(ADDRESS);
  await user.type(await screen.findByLabelText("Message"), "When?");
  await user.type(screen.getByLabelText("Agent"), "coder");
  await user.type(screen.getByLabelText("Tags"), "team");
  await user.click(screen.getByRole("button", { name: "Try it" }));

  expect(screen.getByText("Write each tag as name=value.")).toBeVisible();
  expect(server.sent(TRY)).toEqual([]);

  await user.type(screen.getByLabelText("Tags"), "=blue");
  await user.click(screen.getByRole("button", { name: "Try it" }));

  await screen.findByText("1 skill in");
  expect(server.sent(TRY)[0]?.body).toEqual({
    message: "When?",
    agent: "coder",
    tags: { team: "blue" },
    on_trial: false,
  });
});

test("the other kind of session is one choice away while something is on trial", async () => {
  const trial = {
    slug: "iso-dates",
    version: 2,
    share: 0.25,
    instead_of: 1,
    is_treated: false,
    counts: true,
  };
  const server = serve(aTryout({ trials: [trial] }));
  const { user } = await ask();

  expect(await screen.findByText(/in 25 % of the sessions, v1 in the others/)).toBeVisible();
  await user.selectOptions(screen.getByLabelText("The session"), "trial");

  await waitFor(() => expect(server.sent(TRY)).toHaveLength(2));
  expect(server.sent(TRY)[1]?.body).toMatchObject({ message: "When is it?", on_trial: true });
});

test("it says when words alone decided, when nothing goes in, and what was searched for", async () => {
  serve(
    aTryout({
      by: "lexical",
      by_words_because: "embedder_away",
      mode: "observe",
      injects: false,
      query: "Other words",
    }),
  );
  await ask();

  expect(await screen.findByText("by words alone")).toBeVisible();
  expect(screen.getByText(/The embedder did not answer/)).toBeVisible();
  expect(screen.getByText("In the mode “observe” no skill goes into a prompt.")).toBeVisible();
  expect(screen.getByText("Other words")).toBeVisible();
});

test("with nothing that fits it says that this is fine", async () => {
  serve(aTryout({ candidates: [], block: "", tokens: 0 }));
  await ask();

  expect(await screen.findByText("Nothing comes close")).toBeVisible();
  expect(screen.queryByLabelText("injected text")).toBeNull();
});

test("when the library moves, the answer moves with it", async () => {
  const server = serve(aTryout());
  await ask();
  await screen.findByText("1 skill in");

  server.answers[TRY] = aTryout({ candidates: [aTried({ verdict: "too weak" })], block: "" });
  FakeSocket.last.announce("skills.skill");

  expect(await screen.findByText("No skill goes in")).toBeVisible();
});

test("what failed can be tried again", async () => {
  const server = serve(problem(500, { code: "error", detail: "No." }));
  const { user } = await ask();
  const again = await screen.findByRole("button", { name: /Try again/ });

  server.answers[TRY] = aTryout();
  await user.click(again);

  expect(await screen.findByText("1 skill in")).toBeVisible();
});

test("the tab is in the address, and reached by keyboard", async () => {
  serve(aTryout());
  const { router, user } = renderConsole("/t/main/experiments");
  const canaries = await screen.findByRole("tab", { name: "Canaries" });
  await screen.findByText(/Nothing has been tried yet/);

  canaries.focus();
  await user.keyboard("{ArrowRight}");

  expect(await screen.findByLabelText("Message")).toBeVisible();
  expect(router.state.location.search).toEqual({ tab: "playground" });
  const form = within(screen.getByRole("form", { name: "Try a message" }));
  expect(form.getByRole("button", { name: "Try it" })).toBeDisabled();
  await expectAccessible();
});
