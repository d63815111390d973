import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { TenantProvider } from "@/lib/tenant";
import { ownZone, timeIn } from "@/lib/zones";
import { expectAccessible } from "@/testing/render";
import { Moment } from "./moment";

const AT = "2026-11-20T23:50:04Z";

/** A zone whose clocks never show what the reader's do. */
const FAR = ownZone() === "Asia/Tokyo" ? "America/Lima" : "Asia/Tokyo";

function show(zone: string) {
  const tenant = {
    slug: "main",
    name: "Acme",
    role: "owner" as const,
    is_simulated: false,
    is_demo: false,
    time_zone: zone,
  };
  render(
    <TenantProvider value={tenant}>
      <main>
        <Moment at={AT} />
      </main>
    </TenantProvider>,
  );
  return screen.getByText(/11-2[01]/);
}

test("pointed at, a moment is told as the workspace's clock shows it", async () => {
  const moment = show(FAR);
  expect(screen.queryByRole("tooltip")).toBeNull();

  await userEvent.hover(moment);

  const told = screen.getByRole("tooltip");
  expect(told).toHaveTextContent(`In the workspace: ${timeIn(AT, FAR)} (${FAR})`);
  expect(told).toHaveTextContent(`Where you are: ${timeIn(AT, ownZone())}`);
  expect(moment).toHaveAccessibleDescription(/In the workspace/);
  await expectAccessible(moment.parentElement ?? undefined);
});

test("the keyboard reaches it, and Escape puts it away", async () => {
  const moment = show(FAR);

  await userEvent.tab();
  expect(moment).toHaveFocus();
  expect(screen.getByRole("tooltip")).toBeVisible();
  await userEvent.keyboard("{Escape}");

  expect(screen.queryByRole("tooltip")).toBeNull();
});

test("where the clocks agree there is nothing more to tell", async () => {
  const moment = show(ownZone());

  await userEvent.hover(moment);

  expect(screen.queryByRole("tooltip")).toBeNull();
  expect(moment).not.toHaveAttribute("tabindex");
});

test("zones are read as their clocks stand, and an unknown one is none", () => {
  expect(timeIn(AT, "Asia/Tokyo")).toBe("2026-11-21 08:50");
  expect(timeIn(AT, "Asia/Nowhere")).toBeNull();
});
