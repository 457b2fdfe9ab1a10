// Serves the built app for the tests that need no API: the files of `dist`, index.html for every page, and the
// security headers of the real server. Usage: node server.mjs [port] [dist]
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const port = Number(process.argv[2] ?? 4173);
const dist = process.argv[3] ?? fileURLToPath(new URL("../frontend/dist", import.meta.url));

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export const CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; object-src 'none'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS = {
  "Content-Security-Policy": CSP,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
};

createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  if (path.startsWith("/api/")) {
    const problem = { type: "/docs/problems#not_found", title: "", status: 404, detail: "", instance: "", code: "not_found" };
    response.writeHead(404, { ...HEADERS, "Content-Type": "application/problem+json" });
    response.end(JSON.stringify(problem));
    return;
  }
  const isAsset = path.startsWith("/assets/");
  const file = isAsset ? path : "/index.html";
  const packed = (request.headers["accept-encoding"] ?? "").includes("br");
  for (const [suffix, encoding] of packed ? [[".br", "br"], ["", null]] : [["", null]]) {
    try {
      const content = await readFile(join(dist, file + suffix));
      response.writeHead(200, {
        ...HEADERS,
        "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
        "Cache-Control": isAsset ? "public, max-age=31536000, immutable" : "no-cache",
        ...(encoding ? { "Content-Encoding": encoding, Vary: "Accept-Encoding" } : {}),
      });
      response.end(content);
      return;
    } catch {
      // The next form of the file, or none.
    }
  }
  response.writeHead(404, HEADERS);
  response.end();
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
