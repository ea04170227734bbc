#!/usr/bin/env node
// Plain JavaScript with no static import: it must run on any Node in order to say which Node is needed.
const [major, minor, patch] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && (minor < 18 || (minor === 18 && patch < 1)))) {
  process.stderr.write(
    `Error: aicore needs Node 20.18.1 or newer (found ${process.versions.node}).\n` +
      "Install a current Node from https://nodejs.org and try again.\n",
  );
  process.exitCode = 3;
} else {
  import("../dist/cli.js").then(
    (cli) => cli.main(process.argv),
    (error) => {
      const { code, message, stack } = Object(error);
      const unbuilt = code === "ERR_MODULE_NOT_FOUND" && String(message).includes("dist/cli.js");
      const hint = "Error: aicore is not built yet. Run `npm run build` in its folder.";
      process.stderr.write(`${unbuilt ? hint : stack || String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
