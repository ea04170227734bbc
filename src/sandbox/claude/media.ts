/** Images and PDFs: whether the bytes are what they claim to be, and what can be said about them. */
import { createHash } from "node:crypto";
import { type Check, literal, object, refuse, string } from "./schema.ts";
import type { Block } from "./wire.ts";

/** How each format's bytes begin, in Latin-1. */
const MAGIC: Readonly<Record<string, RegExp>> = {
  "image/png": /^\x89PNG\r\n/,
  "image/jpeg": /^\xff\xd8\xff/,
  "image/gif": /^GIF8[79]a/,
  "image/webp": /^RIFF[\s\S]{4}WEBP/,
};
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const imageShape = object({
  type: literal("base64"),
  media_type: literal(...Object.keys(MAGIC)),
  data: string(),
});
const pdfShape = object({ type: literal("base64"), media_type: literal("application/pdf"), data: string() });

export const imageData: Check = (value, path) => {
  imageShape(value, path);
  const { media_type, data } = value as { media_type: string; data: string };
  const head = headOf(data, path);
  const actual = Object.keys(MAGIC).find((type) => MAGIC[type]?.test(head));
  if (actual === undefined) refuse(`${path}.data`, "Could not process image");
  if (actual !== media_type) {
    refuse(`${path}.data`, `Image does not match the provided media type ${media_type}`);
  }
};

export const pdfData: Check = (value, path) => {
  pdfShape(value, path);
  const { data } = value as { data: string };
  if (!headOf(data, path).startsWith("%PDF-")) refuse(`${path}.data`, "The PDF specified was not valid.");
};

function headOf(data: string, path: string): string {
  if (data === "" || !BASE64.test(data)) refuse(`${path}.data`, "Invalid base64 data");
  return Buffer.from(data.slice(0, 64), "base64").toString("latin1");
}

/** Width and height of a PNG or GIF; undefined for the others. */
export function dimensionsOf(bytes: Buffer): { width: number; height: number } | undefined {
  const head = bytes.subarray(0, 24).toString("latin1");
  if (MAGIC["image/png"]?.test(head) && bytes.length >= 24) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (MAGIC["image/gif"]?.test(head) && bytes.length >= 10) {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  return undefined;
}

/** The bytes of an image or a document; undefined where the source is not base64. */
export function bytesOf(block: Block): Buffer | undefined {
  const source = block.source as { type?: string; data?: string } | undefined;
  return source?.type === "base64" ? Buffer.from(source.data ?? "", "base64") : undefined;
}

/** "image/png of 68 bytes, sha256 0123456789ab, 1×1 pixels": enough to prove that every byte arrived. */
export function describeMedia(block: Block): string {
  const source = block.source as { media_type?: string; data?: string };
  const bytes = bytesOf(block) ?? Buffer.from(source.data ?? "");
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const size = dimensionsOf(bytes);
  const pixels = size === undefined ? "" : `, ${size.width}×${size.height} pixels`;
  return `${source.media_type ?? "text/plain"} of ${bytes.length} bytes, sha256 ${digest}${pixels}`;
}
