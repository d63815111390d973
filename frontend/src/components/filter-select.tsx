import { Select } from "./field";

type Props = {
  label: string;
  /** What stands there while nothing is chosen. */
  any: string;
  value: string | undefined;
  options: Iterable<readonly [value: string, name: string]>;
  onChange: (value: string) => void;
  title?: string;
};

/** One of a few values in a filter bar; the empty text stands for no filter. */
export function FilterSelect({ label, any, value = "", options, onChange, title }: Props) {
  return (
    <Select
      isInline
      aria-label={label}
      title={title}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">{any}</option>
      {Array.from(options, ([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </Select>
  );
}
