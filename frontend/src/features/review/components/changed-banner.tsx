import { Banner } from "@/components/banner";
import { Button } from "@/components/button";

export function ChangedBanner({ onReload }: { onReload: () => void }) {
  return (
    <div className="border-b border-line p-2.5">
      <Banner
        tone="warn"
        title="This text changed while you were reading. Reload to see the new one."
        action={<Button onClick={onReload}>Reload</Button>}
      />
    </div>
  );
}
