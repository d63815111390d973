import "@testing-library/jest-dom/vitest";
import { i18n } from "@lingui/core";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { FakeSocket } from "./fake-socket";

// The first test of a file waits for its lazily loaded page, which takes a busy machine a while.
configure({ asyncUtilTimeout: 5000 });

// The texts as they stand in the code, without a catalog.
i18n.loadAndActivate({ locale: "en", messages: {} });

// There is no canvas here; what the chart shows is also in its table.
vi.mock("uplot", () => ({
  default: class {
    static paths = {};
    setSize() {}
    redraw() {}
    destroy() {}
  },
}));

// Nothing has a size in this environment, and a virtual list of no height shows no rows.
for (const [name, value] of [
  ["offsetHeight", 800],
  ["offsetWidth", 1200],
  ["clientHeight", 800],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
}

beforeEach(() => {
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
