import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import { createConsole } from "@/app/router";

/** The whole console at an address, as a browser would show it. */
export function renderConsole(address: string) {
  const router = createConsole(createMemoryHistory({ initialEntries: [address] }));
  const view = render(<RouterProvider router={router} />);
  return { ...view, router, user: userEvent.setup() };
}

/** Fails with the list of what axe found. Colours are checked in a real browser. */
export async function expectAccessible(container: Element = document.body) {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}
