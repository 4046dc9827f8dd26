import { expect, test } from "vitest";
import { logSourceOf } from "./completion";
import { splitEvents } from "./events";

test("objects one after the other, over lines, are events", () => {
  expect(splitEvents('{"a":1}\n{"b":{"c":"}{"}}\n\n{"d":\n[1,2]}')).toEqual([
    '{"a":1}',
    '{"b":{"c":"}{"}}',
    '{"d":\n[1,2]}',
  ]);
});

test("an array is its elements", () => {
  expect(splitEvents(' [{"a":1},{"b":2}] ')).toEqual(['{"a":1}', '{"b":2}']);
});

test("what is broken goes to the server as it is", () => {
  expect(splitEvents('{"a":1}\n{"b":')).toEqual(['{"a":1}', '{"b":']);
  expect(splitEvents("nonsense")).toEqual(["nonsense"]);
  expect(splitEvents("  ")).toEqual([]);
});

test("the log source is read from blocks and from one line", () => {
  expect(
    logSourceOf("title: x\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n"),
  ).toEqual({
    product: "windows",
    category: "process_creation",
    service: "",
  });
  expect(logSourceOf("logsource: {product: linux, service: 'sshd'}\n").service).toBe("sshd");
});
