// Answers a corpus in WebAssembly and compares byte by byte with the answers given natively.
//
//     node compare.mjs answer_wasm.wasm corpus.ndjson answers.ndjson
//
// The module (examples/answer_wasm.rs) is the engine with four exports and no glue: its imports are only called by the
// build tools of wasm-bindgen, which have no part in this.

import { readFileSync } from "node:fs";

const [modulePath, corpusPath, nativePath] = process.argv.slice(2);
if (!nativePath) {
  console.error("usage: compare.mjs answer_wasm.wasm corpus.ndjson answers.ndjson");
  process.exit(2);
}

const module = new WebAssembly.Module(readFileSync(modulePath));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = () => {
    throw new Error(`the engine called \`${from}.${name}\`: it must need nothing from outside`);
  };
}
// wasm-bindgen adds a hash to the names.
const engine = {};
function start() {
  const { exports } = new WebAssembly.Instance(module, imports);
  for (const name of ["take", "answer", "give", "clear"]) {
    const full = Object.keys(exports).find((key) => key.replace(/_[0-9a-f]{16}$/, "") === name);
    if (!full) throw new Error(`${modulePath} exports no \`${name}\``);
    engine[name] = exports[full];
  }
}
start();

function answer(line) {
  engine.clear();
  for (const byte of line) engine.take(byte);
  const given = Buffer.alloc(engine.answer());
  for (let i = 0; i < given.length; i += 1) given[i] = engine.give(i);
  return given;
}

function* lines(path) {
  const bytes = readFileSync(path);
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    if (end < 0) throw new Error(`${path}: the last line has no end`);
    yield bytes.subarray(from, end);
    from = end + 1;
  }
}

let [passed, failed, bytes] = [0, 0, 0];
const native = lines(nativePath);
for (const line of lines(corpusPath)) {
  const expected = native.next().value;
  let given;
  try {
    given = answer(line);
  } catch (error) {
    given = Buffer.from(`the module broke off: ${error.message}`);
    start();
  }
  if (expected !== undefined && given.equals(expected)) {
    passed += 1;
    bytes += given.length;
    continue;
  }
  failed += 1;
  if (failed > 5) continue;
  const other = expected ?? Buffer.from("nothing");
  let at = 0;
  while (at < given.length && given[at] === other[at]) at += 1;
  const near = (text) => text.subarray(Math.max(0, at - 60), at + 60).toString();
  const shown = line.toString();
  console.log(`line ${passed + failed} differs at byte ${at}\n  natively …${near(other)}…\n  in wasm  …${near(given)}…\n  ${shown.length > 2000 ? `${shown.slice(0, 2000)}…` : shown}`);
}
if (!native.next().done) {
  failed += 1;
  console.log("there are more native answers than cases");
}
console.log(`${bytes} bytes of findings, results, derivations and texts are the same`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
