import { invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json } from "../../hub/json.ts";
import { parseDataUrl } from "../openai/data-url.ts";

const IMAGE_TYPES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/**
 * Checks the content parts of one message. An https image passes: Azure fetches it itself, and where the upstream
 * cannot, its encoder refuses (we never fetch).
 * @throws ApiError 400 naming the part by its path, such as `messages.3.content.0.type`.
 */
export function checkParts(parts: Json[], path: string): void {
  parts.forEach((part, index) => {
    const at = `${path}.${index}`;
    if (!isObject(part)) throw invalid(`${at}: Input should be an object`);
    switch (part.type) {
      case "text":
      case "refusal":
        if (typeof part[part.type] !== "string") throw invalid(`${at}.${part.type}: Field required`);
        return;
      case "image_url":
        checkImage(part.image_url, `${at}.image_url`);
        return;
      case "file":
        checkFile(part.file, `${at}.file`);
        return;
      case "input_audio":
        return;
      case undefined:
        throw invalid(`${at}.type: Field required`);
      default:
        throw invalid(`${at}.type: '${String(part.type).slice(0, 64)}' is not a known type of content part`);
    }
  });
}

function checkImage(image: Json | undefined, path: string): void {
  const url = isObject(image) ? image.url : image;
  if (typeof url !== "string") throw invalid(`${path}.url: Field required`);
  if (/^https?:\/\//i.test(url)) return;
  if (!url.startsWith("data:")) throw invalid(`${path}.url: Input should be a data: or https: URL`);
  const source = parseDataUrl(url);
  if (!source) throw invalid(`${path}.url: Input should be valid base64`);
  if (!IMAGE_TYPES.has(source.media_type)) {
    throw invalid(`${path}.url: the media type should be one of: ${[...IMAGE_TYPES].join(", ")}`);
  }
}

function checkFile(file: Json | undefined, path: string): void {
  if (!isObject(file)) throw invalid(`${path}: Field required`);
  const { file_id, file_data, filename } = file;
  if ((file_id ?? null) !== null) {
    throw invalid(`${path}.file_id: uploaded files are not supported; send the file as file_data`);
  }
  if (typeof file_data !== "string") throw invalid(`${path}.file_data: Field required`);
  if (filename !== undefined && typeof filename !== "string") {
    throw invalid(`${path}.filename: Input should be a valid string`);
  }
  const type = parseDataUrl(file_data)?.media_type;
  if (type === undefined) throw invalid(`${path}.file_data: Input should be a data: URL with valid base64`);
  if (type !== "application/pdf" && !type.startsWith("text/") && !IMAGE_TYPES.has(type)) {
    throw invalid(`${path}.file_data: the media type should be application/pdf, text or an image`);
  }
}
