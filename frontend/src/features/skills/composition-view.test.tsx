import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSkillDetail } from "@/testing/data";
import { aComposition, aLinkedSkill } from "@/testing/data-skills";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const FOUND = "GET /t/main/library/composition/";
const ADDRESS = "/t/main/skills?view=composition";

const serve = (answer: unknown) =>
  new FakeServer({
    [FOUND]: answer,
    "GET /t/main/skills/": page([]),
    "GET /t/main/turns/": page([]),
    "GET /t/main/skills/tables/": aSkillDetail({ slug: "tables" }),
  });

const graph = async () => within(await screen.findByRole("region", { name: "Composition" }));

test("skills are drawn with what they use, each a link", async () => {
  serve(aComposition());
  const { container, user } = renderConsole(ADDRESS);

  const drawn = await graph();
  expect(drawn.getByRole("link", { name: /^report/ })).toHaveAttribute(
    "href",
    "/t/main/skills/report",
  );
  expect(drawn.getByText("v1, 80 tokens, 240 in all")).toBeVisible();
  expect(container.querySelectorAll("section path")).toHaveLength(3);
  expect(screen.getByText(/12 more live skills neither use/)).toBeVisible();
  await user.click(screen.getByText("Show as a table"));
  expect(screen.getByRole("row", { name: "report tables yes" })).toBeVisible();
  await expectAccessible(container);
});

test("what does not go into prompts is marked, and why", async () => {
  serve(
    aComposition({
      skills: [
        aLinkedSkill({ slug: "report" }),
        aLinkedSkill({ slug: "tables", status: "retired" }),
        aLinkedSkill({ slug: "gone", status: "missing", version: null }),
      ],
      references: [
        { slug: "report", uses: "tables", trouble: "retired" },
        { slug: "report", uses: "gone", trouble: "missing" },
      ],
    }),
  );
  renderConsole(ADDRESS);

  const drawn = await graph();
  expect(drawn.getByText("retired")).toBeVisible();
  expect(drawn.getByText("not there")).toBeVisible();
  expect(drawn.queryByRole("link", { name: /gone/ })).toBeNull();
  expect(screen.getByText(/report uses gone: there is no such skill/)).toBeVisible();
});

test("the view is in the address, and reached by keyboard", async () => {
  serve(aComposition());
  const { router, user } = renderConsole("/t/main/skills");
  const list = await screen.findByRole("tab", { name: "List" });

  list.focus();
  await user.keyboard("{ArrowRight}");
  await graph();
  expect(router.state.location.search).toEqual({ view: "composition" });
  screen.getByRole("link", { name: /^report/ }).focus();
  await user.tab();

  expect(screen.getByRole("link", { name: /^tables/ })).toHaveFocus();
});

test("a library without references says how to begin; errors can be tried again", async () => {
  const server = serve(problem(500, { code: "error", detail: "No." }));
  const { user } = renderConsole(ADDRESS);
  const again = await screen.findByRole("button", { name: /Try again/ });

  server.answers[FOUND] = { skills: [], references: [], alone: 3 };
  await user.click(again);

  expect(await screen.findByText("No skill uses another one")).toBeVisible();
});

test("a skill says what it uses and what uses it, as that changes", async () => {
  const server = serve(aComposition());
  renderConsole("/t/main/skills/tables");
  expect(await screen.findByText("Used by")).toBeVisible();
  const side = within(screen.getByRole("complementary", { name: "Use" }));
  expect(side.getByRole("link", { name: "report" })).toHaveAttribute(
    "href",
    "/t/main/skills/report",
  );
  expect(side.getByRole("link", { name: "units" })).toBeVisible();

  server.answers[FOUND] = { skills: [], references: [], alone: 3 };
  FakeSocket.last.announce("skills.skill");

  expect(await screen.findByText("It uses no other skill, and none uses it.")).toBeVisible();
});
