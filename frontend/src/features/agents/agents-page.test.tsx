import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSession } from "@/testing/data";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/agents/";
const CODER = {
  id: "a1",
  name: "coder",
  description: "Writes code",
  mode: "",
  max_skills: 3,
  skill_token_budget: null,
  created_at: "2026-11-20T12:00:00Z",
};

test("a new agent sends what is left empty as the workspace's", async () => {
  const server = new FakeServer({ [LIST]: page([]), "POST /t/main/agents/": CODER });
  const { user } = renderConsole("/t/main/agents");
  expect(await screen.findByText("No agents yet")).toBeVisible();
  await user.click(screen.getAllByRole("button", { name: "New agent" })[0] as HTMLElement);
  await user.type(screen.getByLabelText("Name"), "coder");
  await user.type(screen.getByLabelText("Most skills per request"), "3");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() =>
    expect(server.sent("POST /t/main/agents/")[0]?.body).toEqual({
      name: "coder",
      description: "",
      mode: "",
      max_skills: 3,
      skill_token_budget: null,
    }),
  );
});

test("an agent is deleted after a question", async () => {
  const server = new FakeServer({ [LIST]: page([CODER]) });
  server.answers["DELETE /t/main/agents/a1/"] = {};
  const { user } = renderConsole("/t/main/agents");
  await user.click(await screen.findByRole("button", { name: "Delete coder" }));
  expect(server.sent("DELETE /t/main/agents/a1/")).toHaveLength(0);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(server.sent("DELETE /t/main/agents/a1/")).toHaveLength(1));
});

test("who is no admin may look but not touch, and axe finds nothing", async () => {
  new FakeServer({
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "member",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
    [LIST]: page([CODER]),
  });
  renderConsole("/t/main/agents");
  expect(await screen.findByRole("button", { name: "Edit coder" })).toBeDisabled();
  expect(screen.getByText("Only admins change agents")).toBeVisible();
  await expectAccessible();
});
