import { numberLocale } from "./locale";

const money = new Intl.NumberFormat(numberLocale(), {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});

/** Micro-dollars as dollars: 2,500,000 is `$2.50`. */
export function formatMoney(micros: number): string {
  if (micros > 0 && micros < 100) return "<$0.0001";
  return money.format(micros / 1_000_000);
}
