import { expect, test } from "vitest";
import { drawn, partsOf, pulled } from "./week-hours";

const night = { weekday: 6, starts: "23:00", ends: "07:00" };
const noon = { weekday: 2, starts: "12:00", ends: "13:30" };

test("hours over midnight have a part on each of their days, Sunday's on Monday", () => {
  expect(partsOf([night])).toEqual([
    { place: 0, weekday: 6, from: 1380, to: 1440, hasStart: true, hasEnd: false },
    { place: 0, weekday: 0, from: 0, to: 420, hasStart: false, hasEnd: true },
  ]);
});

test("hours to midnight end on their own day, however midnight is written", () => {
  for (const ends of ["24:00", "00:00"])
    expect(partsOf([{ ...noon, ends }])).toEqual([
      { place: 0, weekday: 2, from: 720, to: 1440, hasStart: true, hasEnd: true },
    ]);
});

test("a time that is being typed is drawn when it is one", () => {
  expect(partsOf([{ ...noon, ends: "1" }, noon])).toHaveLength(1);
});

test("hours are drawn to half hours, in either direction, and never of no length", () => {
  expect(drawn(1, 130, 310)).toEqual({ weekday: 1, starts: "02:00", ends: "05:00" });
  expect(drawn(1, 310, 130)).toEqual({ weekday: 1, starts: "02:00", ends: "05:00" });
  expect(drawn(1, 600, 602)).toEqual({ weekday: 1, starts: "10:00", ends: "10:30" });
  expect(drawn(1, 1440, 1439)).toEqual({ weekday: 1, starts: "23:30", ends: "24:00" });
});

test("an end is pulled no further than the other end", () => {
  expect(pulled(noon, "starts", false, 9999).starts).toBe("13:00");
  expect(pulled(noon, "starts", false, -5).starts).toBe("00:00");
  expect(pulled(noon, "ends", false, 0).ends).toBe("12:30");
  expect(pulled(noon, "ends", false, 1439).ends).toBe("24:00");
  expect(pulled(night, "ends", true, 501).ends).toBe("08:30");
  expect(pulled(night, "ends", true, 0).ends).toBe("00:30");
  expect(pulled(night, "starts", false, 1290).starts).toBe("21:30");
});
