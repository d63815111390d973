import { Switch as Radix } from "radix-ui";

type Props = {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
};

export function Switch({ label, isOn, onChange, isDisabled }: Props) {
  return (
    <Radix.Root
      aria-label={label}
      checked={isOn}
      onCheckedChange={onChange}
      disabled={isDisabled}
      className="h-[18px] w-8 shrink-0 rounded-full border border-line2 bg-sunk p-px transition-colors disabled:opacity-50 data-[state=checked]:border-ink data-[state=checked]:bg-ink"
    >
      <Radix.Thumb className="block size-3.5 rounded-full bg-mute transition-transform data-[state=checked]:translate-x-[14px] data-[state=checked]:bg-panel" />
    </Radix.Root>
  );
}
