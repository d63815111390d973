import { expect, test } from "vitest";
import { countHidden, visibleParts } from "./visible";

test.each([
  ["zero width space", "\u200b", "U+200B"],
  ["right-to-left override", "\u202e", "U+202E"],
  ["isolate", "\u2066", "U+2066"],
  ["byte order mark", "\ufeff", "U+FEFF"],
  ["soft hyphen", "\u00ad", "U+00AD"],
  ["no-break space", "\u00a0", "U+00A0"],
  ["hangul filler", "\u3164", "U+3164"],
  ["escape", "\u001b", "U+001B"],
  ["tag letter", "\u{e0041}", "U+E0041"],
  ["variation selector", "\u{e0100}", "U+E0100"],
])("%s is written out", (_name, character, written) => {
  expect(visibleParts(`a${character}b`)).toEqual([
    { text: "a", isHidden: false },
    { text: written, isHidden: true },
    { text: "b", isHidden: false },
  ]);
});

test("ordinary text of any script stays as it is", () => {
  const text = "Grüße, 世界 – “ok” 🙂\tend\r\nnext\n";

  expect(visibleParts(text)).toEqual([{ text, isHidden: false }]);
  expect(countHidden(text)).toBe(0);
});

test("a lone carriage return can hide a line, so it is written out", () => {
  expect(countHidden("safe\rhidden")).toBe(1);
});
