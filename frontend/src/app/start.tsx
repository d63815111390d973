import { type AnyRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { sessionQuery } from "@/features/session/api/session";
import { createConsole } from "./router";

/** Draws the console. The language is set: see main.tsx. */
export function start() {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");

  const router = createConsole();
  loadEarly(router);
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
}

/** Who is signed in and the page's own files are asked for at once, not one after the other. */
function loadEarly(router: AnyRouter) {
  void router.options.context.queryClient.prefetchQuery(sessionQuery());
  const [matchedRoutes] = router.getMatchedRoutes(router.latestLocation.pathname);
  for (const { options } of matchedRoutes) void options.component?.preload?.();
}
