import type { ComponentProps } from "react";
import { Input } from "./field";

type Props = Omit<ComponentProps<typeof Input>, "type" | "value" | "onChange"> & {
  value: number | null | undefined;
  onChange: (value: number | null) => void;
};

/** A number that may be left out: an empty field is nothing, and not zero. */
export function NumberOrNothing({ value, onChange, ...rest }: Props) {
  return (
    <Input
      {...rest}
      type="number"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? null : target.valueAsNumber)}
    />
  );
}
