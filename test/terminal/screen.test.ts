/** The terminal of our tests, against what every real one does. */
import { expect, test } from "vitest";
import { screenOf } from "../support/screen.ts";

test.each([
  ["lines", "one\r\ntwo\r\n", ["one", "two", ""]],
  ["a line written over", "first\rlast", ["lastt"]],
  ["colours and modes", "\u001b[?25l\u001b[31mred\u001b[39m\u001b[?2004h", ["red"]],
  ["a spinner that is gone", "\u001b[1G⠋ Looking\u001b[1G\u001b[0K\u001b[?25hdone", ["done"]],
  ["a spinner of two lines that is gone", "a\r\nb\u001b[2K\u001b[1A\u001b[2K\u001b[Gdone", ["done", ""]],
  ["a prompt drawn again", "\u001b[1G\u001b[0J> \u001b[3Gx", ["> x"]],
  ["a line that is too long", "abcdefghijklm", ["abcdefghij", "klm"]],
  ["a line that is just full", "abcdefghij\r\nk", ["abcdefghij", "k"]],
  ["a letter taken back", "ab\b\u001b[Kc", ["ac"]],
  ["a title of the window", "\u001b]0;title\u0007text", ["text"]],
])("%s", (_name, written, lines) => {
  expect(screenOf(written, 10)).toEqual(lines);
});

test("a sequence that it does not know is no screen", () => {
  expect(() => screenOf("\u001b[5Z", 10)).toThrow("ESC [ 5Z");
  expect(() => screenOf("\u001b(B", 10)).toThrow("no sequence");
});
