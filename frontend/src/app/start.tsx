import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createConsole } from "./router";

/** Draws the console. The language is set: see main.tsx. */
export function start() {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");

  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={createConsole()} />
    </StrictMode>,
  );
}
