#!/usr/bin/env node
// Plain JavaScript that loads nothing at first: it must run on any Node in order to say which Node is needed.
const [major, minor, patch] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && (minor < 18 || (minor === 18 && patch < 1)))) {
  process.stderr.write(
    `Error: aicore needs Node 20.18.1 or newer (found ${process.versions.node}).\n` +
      "Install a current Node from https://nodejs.org and try again.\n",
  );
  process.exitCode = 3;
} else if (process.argv.length === 3 && process.argv[2] === "--version") {
  tellVersion();
} else {
  run();
}

/** Without the command line and its table: 30 ms that scripts which ask for the version need not wait for. */
function tellVersion() {
  const { readFileSync, writeSync } = require("node:fs");
  const { version } = JSON.parse(readFileSync(`${__dirname}/../package.json`, "utf8"));
  try {
    writeSync(1, `${version}\n`);
  } catch (error) {
    process.exitCode = error.code === "EPIPE" ? 0 : 1;
  }
}

function run() {
  const commandLine = load();
  if (commandLine) commandLine.main(process.argv);
}

function load() {
  try {
    return require("../dist/cli.js");
  } catch (error) {
    const { message, stack } = Object(error);
    const unbuilt = String(message).startsWith("Cannot find module '../dist/cli.js'");
    const hint = "Error: aicore is not built yet. Run `npm run build` in its folder.";
    process.stderr.write(`${unbuilt ? hint : stack || String(error)}\n`);
    process.exitCode = 1;
  }
}
