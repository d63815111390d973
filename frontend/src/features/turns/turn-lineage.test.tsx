import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aProposal, aTurnDetail } from "@/testing/data";
import { aCheckpoint } from "@/testing/data-training";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const row = async () =>
  within(await screen.findByRole("navigation", { name: /Where this turn comes from/ }));

function serve(turn = aTurnDetail({ id: "t1" })) {
  return new FakeServer({
    "GET /t/main/turns/t1/": turn,
    "GET /t/main/proposals/": page([]),
  });
}

test("a turn is joined to what it came from and what came of it", async () => {
  const server = serve(
    aTurnDetail({ id: "t1", session_id: "s1", agent: "support-bot", upstream: "first" }),
  );
  server.answers["GET /t/main/proposals/"] = page([aProposal({ id: "p7", slug: "name-window" })]);
  server.answers["GET /t/main/training/checkpoints/"] = page([
    aCheckpoint({ policy: "pol1", policy_name: "helper", step: 4, job: "j1" }),
  ]);
  const { container } = renderConsole("/t/main/turns/t1");

  const chips = await row();
  const addresses = async (name: RegExp | string) =>
    (await chips.findByRole("link", { name })).getAttribute("href");
  expect(await addresses("s1")).toBe("/t/main/sessions/s1");
  expect(await addresses("support-bot")).toBe("/t/main/turns?agent=support-bot");
  expect(await addresses(/^first · /)).toBe("/t/main/turns?upstream=first");
  expect(await addresses("refund-policy@2")).toBe("/t/main/skills/refund-policy");
  expect(await addresses("name-window")).toBe("/t/main/review/p7");
  expect(await addresses("helper@4")).toBe("/t/main/training/pol1?checkpoint=k1&job=j1");
  expect(server.sent("GET /t/main/training/checkpoints/")[0]?.query.get("turn")).toBe("t1");
  await expectAccessible(container);
});

test("what did not happen is left out", async () => {
  serve(aTurnDetail({ id: "t1", agent: "", key_name: "", skills: [] }));
  renderConsole("/t/main/turns/t1");

  const chips = await row();
  expect(chips.queryByText("with")).toBeNull();
  expect(chips.queryByText("taught")).toBeNull();
  expect(chips.queryByText("trained")).toBeNull();
});
