// Writes the vendored files and their manifests (name, version, licence, sha256). See vendor_front_end.sh.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const STATIC = "xianxue/kernel/ui/static/ui/vendor";
const TESTS = "tests/vendor";
const COPIES = [
  { package: "htmx.org", from: "dist/htmx.min.js", to: `${STATIC}/htmx.min.js` },
  { package: "axe-core", from: "axe.min.js", to: `${TESTS}/axe.min.js` },
];
const LICENCES = [
  { package: "htmx.org", from: "LICENSE", to: `${STATIC}/htmx.LICENSE.txt` },
  { package: "echarts", from: "LICENSE", to: `${STATIC}/echarts.LICENSE.txt` },
  { package: "echarts", from: "NOTICE", to: `${STATIC}/echarts.NOTICE.txt` },
  { package: "zrender", from: "LICENSE", to: `${STATIC}/zrender.LICENSE.txt` },
  { package: "tslib", from: "LICENSE.txt", to: `${STATIC}/tslib.LICENSE.txt` },
  { package: "axe-core", from: "LICENSE", to: `${TESTS}/axe.LICENSE.txt` },
  { package: "axe-core", from: "LICENSE-3RD-PARTY.txt", to: `${TESTS}/axe.LICENSE-3RD-PARTY.txt` },
];

const isCheck = process.argv.includes("--check");
const root = isCheck ? mkdtempSync(join(tmpdir(), "vendor-")) : ".";
const about = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const entries = [];

function note(path, packages) {
  entries.push({
    file: path,
    packages: packages.map((name) => ({ name, version: about(name).version, licence: about(name).license })),
    sha256: hash(join(root, path)),
  });
}

for (const { package: name, from, to } of [...COPIES, ...LICENCES]) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  // Licences come with either kind of line ending; the repository keeps one.
  if (to.endsWith(".txt")) writeFileSync(join(root, to), readFileSync(`node_modules/${name}/${from}`, "utf8").replaceAll("\r\n", "\n"));
  else cpSync(`node_modules/${name}/${from}`, join(root, to));
  note(to, [name]);
}
await build({
  entryPoints: ["tools/vendor_front_end.echarts.js"],
  outfile: join(root, STATIC, "echarts.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome88", "firefox88", "safari14"],
  legalComments: "none", // the licences stand beside the file
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  nodePaths: ["node_modules"],
});
note(`${STATIC}/echarts.js`, ["echarts", "zrender", "tslib"]);

for (const folder of [STATIC, TESTS]) {
  const own = entries.filter((entry) => dirname(entry.file) === folder).sort((a, b) => a.file.localeCompare(b.file));
  const rows = own.map(({ file, ...rest }) => ({ file: file.slice(folder.length + 1), ...rest }));
  writeFileSync(join(root, folder, "vendor.json"), `${JSON.stringify(rows, null, 2)}\n`);
  entries.push({ file: `${folder}/vendor.json` });
}
if (isCheck) {
  const different = entries.filter(({ file }) => hash(file) !== hash(join(root, file)));
  rmSync(root, { recursive: true });
  if (different.length) {
    console.error(`Not as the lock file makes them:\n${different.map(({ file }) => `  ${file}`).join("\n")}`);
    process.exit(1);
  }
  console.log(`${entries.length} vendored files are as the lock file makes them.`);
}
