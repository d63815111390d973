import type { SavedFilter } from "@/client/contract";

type Search = SavedFilter["search"];

/** Whether two addresses mean the same, in whichever order they say it. */
export const isSame = (one: Search, other: Search) => textOf(one) === textOf(other);

const textOf = (search: Search) =>
  JSON.stringify(
    Object.entries(search)
      .map(([name, value]) => [name, String(value)])
      .toSorted(),
  );
