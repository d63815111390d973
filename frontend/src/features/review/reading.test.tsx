import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ProposalDetail } from "@/client/contract";
import { aCheck, aProposalDetail } from "@/testing/data";
import { renderConsole } from "@/testing/render";
import { serveReview, shown } from "@/testing/review";

test("hidden characters are counted and written out", async () => {
  serveReview({ text: "safe\u202etext\n" });
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText(/1 character in this text cannot be seen/)).toBeVisible();
  expect(screen.getByText("U+202E")).toBeVisible();
});

test("much evidence shows its first turns, so that the proof is near, and the rest on demand", async () => {
  const [one] = aProposalDetail().evidence;
  const evidence = Array.from({ length: 5 }, (_, i) => ({ ...one, turn_id: `turn-${i}` }));
  serveReview({ evidence: evidence as ProposalDetail["evidence"] });
  const { user } = renderConsole("/t/main/review");
  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  const turns = () => pane.getAllByRole("link");
  expect(turns()).toHaveLength(3);

  await user.click(pane.getByRole("button", { name: "Show 2 more" }));

  expect(turns()).toHaveLength(5);
  expect(pane.queryByRole("button", { name: /^Show/ })).toBeNull();
});

test("the evidence names its turn, the judge's words and what the user said next", async () => {
  serveReview();
  renderConsole("/t/main/review/p1");

  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  expect(pane.getByText("No source was named.")).toBeVisible();
  expect(pane.getByText(/Please cite it/)).toBeVisible();
  expect(pane.getByRole("link")).toHaveAttribute(
    "href",
    "/t/main/turns/019a2b4c-0000-7000-8000-00000000000e",
  );
});

test("checks name the turns, and skills that are near are listed", async () => {
  serveReview({
    checks: [
      aCheck({
        code: "taint",
        level: "warn",
        message: "Turn carried results of web_fetch.",
        turn_ids: ["019a2b4c-0000-7000-8000-0000000000aa"],
      }),
      aCheck({
        code: "near_duplicate",
        similar: [{ slug: "name-sources", version: 3, closeness: 0.41, by: "words" }],
      }),
    ],
  });
  renderConsole("/t/main/review/p1");

  const pane = within(await screen.findByRole("complementary", { name: /why this was proposed/i }));
  expect(pane.getByText("Turn carried results of web_fetch.")).toBeVisible();
  expect(pane.getByRole("link", { name: "name-sources" })).toHaveAttribute(
    "href",
    "/t/main/skills/name-sources",
  );
  expect(pane.getByText("0.41 by words")).toBeVisible();
  const links = pane.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toContain("/t/main/turns/019a2b4c-0000-7000-8000-0000000000aa");
});

test("a letter that only looks the same shows in the diff by character", async () => {
  serveReview({ base_text: "Name the source.\n", text: "N\u0430me the\u200b source.\n" });
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.click(screen.getByRole("tab", { name: "Characters" }));

  const lines = within(await screen.findByRole("list", { name: "Changed lines" }));
  expect(lines.getByText("removed:").parentElement).toHaveTextContent("removed: a");
  expect(screen.getByText("U+0430")).toBeVisible();
  expect(screen.getByText("cannot be seen,", { exact: false })).toBeVisible();
});
