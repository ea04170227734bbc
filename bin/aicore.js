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
      const unbuilt = error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("dist/cli.js");
      process.stderr.write(
        unbuilt
          ? "Error: aicore is not built yet. Run `npm run build` in its folder.\n"
          : `${error?.stack ?? error}\n`,
      );
      process.exitCode = 1;
    },
  );
}
