import * as v from "valibot";
import { csrfToken, markSignedOut } from "./session";

const Violation = v.object({
  field: v.optional(v.string(), ""),
  description: v.optional(v.string(), ""),
});
type Violation = v.InferOutput<typeof Violation>;

/** What the control API answered instead of the message that was asked for. */
export class ApiError extends Error {
  /** gRPC code by name (`NOT_FOUND`), `HTTP 502`, `NETWORK` or `SHAPE`. */
  readonly code: string;
  readonly status: number;
  readonly requestId: string;
  /** What is wrong with which field of the request, by its protobuf name. */
  readonly violations: readonly Violation[];

  constructor(
    code: string,
    message: string,
    status: number,
    requestId: string,
    violations: readonly Violation[] = [],
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.violations = violations;
  }

  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const GRPC_CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

const ErrorBody = v.object({
  code: v.optional(v.union([v.number(), v.string()])),
  message: v.optional(v.string()),
  requestId: v.optional(v.string()),
  violations: v.optional(v.array(Violation), []),
});

/**
 * Reads a message of the control API.
 *
 * @param body sent as JSON by POST; without it the request is a GET
 */
export function fetchJson<S extends v.GenericSchema>(
  schema: S,
  url: string,
  signal?: AbortSignal,
  body?: unknown,
): Promise<v.InferOutput<S>> {
  return answered(schema, body === undefined ? "GET" : "POST", url, body, signal);
}

/** Changes something: the same, by another method than GET. */
export function sendJson<S extends v.GenericSchema>(
  schema: S,
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
): Promise<v.InferOutput<S>> {
  return answered(schema, method, url, body);
}

async function answered<S extends v.GenericSchema>(
  schema: S,
  method: string,
  url: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<v.InferOutput<S>> {
  const response = await request(method, url, body, signal);
  const requestId = response.headers.get("x-request-id") ?? "";
  const answer = await response.text();
  if (response.status === 401) markSignedOut();
  if (!response.ok) throw errorOf(response, answer, requestId);
  const parsed = v.safeParse(schema, parseJson(answer, response.status, requestId));
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]) ?? "the answer";
    throw new ApiError("SHAPE", `The server's answer is not what this page knows: ${at}.`, 422, requestId);
  }
  return parsed.output;
}

async function request(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const init: RequestInit = { method, headers, signal: signal ?? null };
  if (method !== "GET") {
    const token = await csrfToken();
    if (token) headers["x-tidewatch-csrf"] = token;
  }
  if (body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError("NETWORK", "The control API cannot be reached.", 0, "");
  }
}

function errorOf(response: Response, body: string, requestId: string): ApiError {
  const fallback = `HTTP ${response.status}`;
  let detail: v.InferOutput<typeof ErrorBody> = { violations: [] };
  try {
    const parsed = v.safeParse(ErrorBody, JSON.parse(body));
    if (parsed.success) detail = parsed.output;
  } catch {
    // A proxy's HTML page: the status is all there is to say.
  }
  const code = typeof detail.code === "number" ? GRPC_CODES[detail.code] : detail.code;
  return new ApiError(
    code ?? fallback,
    detail.message || `The control API answered ${fallback}.`,
    response.status,
    detail.requestId || requestId,
    detail.violations,
  );
}

function parseJson(body: string, status: number, requestId: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError("SHAPE", "The server's answer is not JSON.", status, requestId);
  }
}
