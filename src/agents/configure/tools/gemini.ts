/**
 * Gemini CLI: variables in `~/.gemini/.env`, and the way of signing in that reads them. It has no command for its key. Of
 * all `.env` files it reads one, the nearest, and this one in trusted folders only (geminicli.com/docs/reference/configuration;
 * read in 0.61.0, 2026-11).
 */
import { newest } from "../models.ts";
import { pathIn, type Tool } from "../tool.ts";

export const gemini: Tool = {
  name: "gemini",
  title: "Gemini CLI",
  setup: {
    kind: "files",
    async files({ url, key, models }, place) {
      const folder = pathIn(place, place.env.GEMINI_CLI_HOME || place.home, ".gemini");
      const model = newest(models.all, "gemini");
      return [
        {
          path: pathIn(place, folder, "settings.json"),
          format: "json",
          entries: [{ at: ["security", "auth", "selectedType"], value: "gemini-api-key" }],
        },
        {
          path: pathIn(place, folder, ".env"),
          format: "dotenv",
          secret: true,
          entries: [
            { at: ["GOOGLE_GEMINI_BASE_URL"], value: url },
            { at: ["GEMINI_API_KEY"], value: key },
            ...(model ? [{ at: ["GEMINI_MODEL"], value: model.id }] : []),
          ],
        },
      ];
    },
    notes: ({ models }) => [
      "Restart Gemini CLI, in a folder that it trusts: elsewhere it does not read its own .env.",
      "A .env file in the project, or in a folder above it, is read in place of this one.",
      ...(newest(models.all, "gemini")
        ? []
        : ["No Gemini model was found: name another with gemini -m <model>."]),
    ],
  },
};
