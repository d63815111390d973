import { Banner } from "@/components/banner";

/** The skill that a proposal is about moved on. Reloading cannot help: the text is as it was. */
export function StaleBanner({ text }: { text: string }) {
  return (
    <div className="border-b border-line p-2.5">
      <Banner tone="warn" title={text} />
    </div>
  );
}
