import { t } from "@lingui/core/macro";
import { Bookmark } from "lucide-react";
import { type ComponentProps, lazy, Suspense } from "react";
import { Button } from "@/components/button";

// A menu brings what draws it, a fifth of the page.
const SavedFilterMenu = lazy(async () => {
  const { SavedFilterMenu: menu } = await import("./saved-filter-menu");
  return { default: menu };
});

/** The menu of saved filters, in its place from the beginning. */
export function SavedFiltersButton(props: ComponentProps<typeof SavedFilterMenu>) {
  return (
    <Suspense
      fallback={
        <Button variant="ghost" disabled>
          <Bookmark aria-hidden />
          {t`Saved`}
        </Button>
      }
    >
      <SavedFilterMenu {...props} />
    </Suspense>
  );
}
