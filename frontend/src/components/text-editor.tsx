import { useEditor } from "@/lib/use-editor";

type Props = { initial: string; label: string; onChange: (text: string) => void };

/** The Markdown editor. Import it through `lazy-editor`: it is as large as the rest of a page. */
export default function TextEditor({ initial, label, onChange }: Props) {
  const holder = useEditor(initial, label, onChange);
  return <div ref={holder} className="h-full min-h-0 overflow-hidden" />;
}
