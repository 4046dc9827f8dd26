import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `vite` alone talks to a running control API; `vite --mode fake` to the tests' own fake.
export default defineConfig(async ({ command, mode }) => {
  const api = command === "serve" && mode === "fake" ? await fakeApi() : process.env["TIDEWATCH_API"];
  return {
    plugins: [react()],
    build: {
      outDir: "target/dist",
      emptyOutDir: true,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 400,
    },
    server: { host: "127.0.0.1", proxy: { "/v1": api ?? "http://127.0.0.1:8080" } },
    test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
  };
});

async function fakeApi(): Promise<string> {
  const { startFakeApi } = await import("./e2e/fake/server.ts");
  const fake = await startFakeApi({ port: 0, live: true });
  return fake.url;
}
