/**
 * A piece of an answer without what could drive a terminal: C0 (but for line ends and tabs), C1, bidi controls. It goes
 * letter by letter, so that an escape sequence cut in two by the stream loses its head all the same.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}
