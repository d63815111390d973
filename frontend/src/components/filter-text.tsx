import type { ChangeEvent } from "react";
import { useTypedText } from "@/lib/use-typed-text";
import { Input } from "./field";
import { SearchBox } from "./search-box";

type Props = {
  label: string;
  placeholder: string;
  value: string | undefined;
  onChange: (value: string) => void;
  /** Looks for words; the others name one thing. */
  isSearch?: boolean;
};

/** Free text in a filter bar, handed on when the typing pauses. */
export function FilterText({ label, placeholder, value = "", onChange, isSearch }: Props) {
  const [text, type] = useTypedText(value, onChange);
  const props = {
    "aria-label": label,
    placeholder,
    value: text,
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) => type(target.value),
  };
  if (isSearch) return <SearchBox {...props} className="w-full sm:w-[270px]" />;
  return <Input {...props} isInline className="w-[92px]" />;
}
