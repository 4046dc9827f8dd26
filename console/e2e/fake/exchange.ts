import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { Contract } from "./contract.ts";

const contract = new Contract();

/** What is wrong with a body, by the request or response it is of. */
const held = new WeakMap<object, (body: unknown) => string[]>();
const answers = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Holds a call and its answer against the API's contract: a browser test fails on what the real API would not
 * understand or not say. False when the call has been refused for that.
 */
export function understood(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
  const method = request.method ?? "GET";
  const questions = contract.question(method, url, undefined);
  if (method === "GET" && questions.length > 0) {
    json(response, 500, { code: 13, message: questions.join("; ") });
    return false;
  }
  held.set(response, (body) => contract.answer(method, url.pathname, body));
  held.set(request, (body) => contract.question(method, url, body));
  answers.set(request, response);
  return true;
}

export function json(response: ServerResponse, status: number, body: unknown) {
  const problems = status === 200 ? (held.get(response)?.(JSON.parse(JSON.stringify(body))) ?? []) : [];
  if (problems.length > 0) {
    return json(response, 500, {
      code: 13,
      message: `The fake differs from the API: ${problems.join("; ")}`,
    });
  }
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

export function answer(response: ServerResponse, { status, body }: Answer) {
  json(response, status, body);
}

/** Gives the request's body to `then` once it is there, unless the API would not know it. */
export function posted(request: IncomingMessage, then: (body: unknown) => void) {
  let text = "";
  request.on("data", (part) => {
    text += String(part);
  });
  request.on("end", () => {
    const body: unknown = JSON.parse(text || "{}");
    const problems = held.get(request)?.(body) ?? [];
    const response = answers.get(request);
    if (response && problems.length > 0) {
      const message = `The console asks what the API does not know: ${problems.join("; ")}`;
      return json(response, 500, { code: 13, message });
    }
    then(body);
  });
}
