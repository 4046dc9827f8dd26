import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type ProxyOptions, preview } from "vite";
import { startFakeApi } from "./fake/server.ts";

const NONCE = "cmVhZGFibGU=";

/** The policy the control API sends (console.md §14). */
export const CSP = `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${NONCE}'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default`;

/** The built console behind `vite preview`, its API the fake, both on free ports. */
export default async function globalSetup() {
  if (process.env["TIDEWATCH_URL"]) return;
  const fake = await startFakeApi({ port: 0, live: false });
  const server = await preview({
    logLevel: "warn",
    plugins: [{ name: "nonce", configurePreviewServer: (made) => void made.middlewares.use(pages) }],
    preview: {
      port: 0,
      host: "127.0.0.1",
      headers: { "content-security-policy": CSP },
      proxy: { "/v1": through(fake.url), "/__fake": through(fake.url) },
    },
  });
  process.env["TIDEWATCH_FAKE_URL"] = server.resolvedUrls?.local[0] ?? "";
  return async () => {
    await server.close();
    await fake.close();
  };
}

/** Pages carry the nonce, as those of the control API do. */
function pages(request: IncomingMessage, response: ServerResponse, next: () => void) {
  if (request.url?.startsWith("/v1/") || !request.headers.accept?.includes("text/html")) return next();
  const html = readFileSync("target/dist/index.html", "utf8");
  response.setHeader("content-security-policy", CSP);
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(html.replace("<head>", `<head><meta name="csp-nonce" content="${NONCE}">`));
}

/** A connection that the fake drops is dropped for the browser too; the proxy alone would hold it. */
function through(target: string): ProxyOptions {
  return {
    target,
    configure: (proxy) => {
      proxy.on("proxyRes", (upstream, _, response) => {
        upstream.on("aborted", () => response.destroy());
      });
    },
  };
}
