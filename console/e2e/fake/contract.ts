import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The control API's contract, read from its protobufs: which method an address is of, and whether a
 * JSON value is that message as proto3 JSON writes it. The fake holds every answer and every
 * question to it, so that no browser test passes on a shape that the real API does not have.
 */
interface Field {
  type: string;
  repeated: boolean;
  map: boolean;
}

interface Message {
  fields: Map<string, Field>;
}

interface Rpc {
  name: string;
  verb: string;
  template: string;
  pattern: RegExp;
  input: string;
  output: string;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../events/src/main/proto");
const FOLDERS = ["tidewatch/control/v1", "tidewatch/events/v1", "tidewatch/ingest/v1"];
const LONG = new Set(["int64", "uint64", "sint64", "fixed64", "sfixed64"]);
const NUMBER = new Set(["int32", "uint32", "sint32", "fixed32", "sfixed32", "double", "float"]);

export class Contract {
  private readonly messages = new Map<string, Message>();
  private readonly enums = new Map<string, Set<string>>();
  readonly methods: Rpc[] = [];

  constructor() {
    for (const folder of FOLDERS) {
      for (const file of readdirSync(join(ROOT, folder)).sort()) {
        if (file.endsWith(".proto")) new Reader(this, readFileSync(join(ROOT, folder, file), "utf8")).file();
      }
    }
  }

  message(name: string): Message {
    const known = this.messages.get(name) ?? { fields: new Map() };
    this.messages.set(name, known);
    return known;
  }

  values(name: string): Set<string> {
    const known = this.enums.get(name) ?? new Set();
    this.enums.set(name, known);
    return known;
  }

  /** The method that serves an address; a literal address goes before one with parameters in it. */
  methodOf(verb: string, path: string): Rpc | undefined {
    return this.methods
      .filter((each) => each.verb === verb && each.pattern.test(path))
      .sort((a, b) => a.template.split("{").length - b.template.split("{").length)[0];
  }

  /** What is wrong with a question: a body's members, or parameters that no field has. */
  question(verb: string, url: URL, body: unknown): string[] {
    const method = this.methodOf(verb, url.pathname);
    if (!method) return [`no method serves ${verb} ${url.pathname}`];
    if (body !== undefined) return this.problems(method.input, body);
    return [...new Set(url.searchParams.keys())]
      .filter((name) => !this.hasPath(method.input, name.split(".")))
      .map((name) => `${method.name}: no parameter ${name}`);
  }

  answer(verb: string, path: string, body: unknown): string[] {
    const method = this.methodOf(verb, path);
    return method ? this.problems(method.output, body) : [`no method serves ${verb} ${path}`];
  }

  private hasPath(type: string, [name = "", ...rest]: string[]): boolean {
    const field = this.messages.get(type)?.fields.get(camel(name));
    if (!field) return false;
    return rest.length === 0 || this.hasPath(this.resolve(field.type, type), rest);
  }

  /** Differences between a JSON value and a message, each with its place. */
  problems(type: string, value: unknown, at = type): string[] {
    if (type.startsWith("google.protobuf.")) return [];
    const message = this.messages.get(type);
    if (!message) return [`${at}: no message ${type}`];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
    return Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return [];
      const field = message.fields.get(name);
      if (!field) return [`${at} has no ${name}`];
      const place = `${at}.${name}`;
      if (field.map)
        return Object.values(member as object).flatMap((each) => this.one(field, type, each, place));
      if (!field.repeated) return this.one(field, type, member, place);
      if (!Array.isArray(member)) return [`${place} is no list`];
      return member.flatMap((each, n) => this.one(field, type, each, `${place}[${n}]`));
    });
  }

  private one(field: Field, scope: string, value: unknown, at: string): string[] {
    const wrong = (what: string) => [`${at} is ${JSON.stringify(value)?.slice(0, 60)}, not ${what}`];
    if (field.type === "string" || field.type === "bytes") {
      return typeof value === "string" ? [] : wrong("text");
    }
    if (field.type === "bool") return typeof value === "boolean" ? [] : wrong("true or false");
    if (NUMBER.has(field.type)) return typeof value === "number" ? [] : wrong("a number");
    if (LONG.has(field.type)) {
      return typeof value === "string" && /^-?\d+$/.test(value) ? [] : wrong("a 64-bit number, as text");
    }
    const type = this.resolve(field.type, scope);
    const values = this.enums.get(type);
    if (values) return values.has(String(value)) ? [] : wrong(`one of ${type}`);
    return this.problems(type, value, at);
  }

  /** A name as it stands in a message: its own nested types first, then those around it. */
  private resolve(name: string, scope: string): string {
    if (name.startsWith("google.")) return name;
    const bare = name.replace(/^tidewatch\.[a-z]+\.v\d+\./, "");
    const path = scope.split(".");
    for (let depth = bare === name ? path.length : 0; depth >= 0; depth--) {
      const candidate = [...path.slice(0, depth), bare].join(".");
      if (this.messages.has(candidate) || this.enums.has(candidate)) return candidate;
    }
    return bare;
  }
}

/** The JSON name of a field. */
export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** Reads as much of a .proto file as the contract needs. */
class Reader {
  private readonly tokens: string[];
  private at = 0;
  private readonly contract: Contract;

  constructor(contract: Contract, text: string) {
    this.contract = contract;
    const plain = text.replace(/\/\/[^\n]*/g, "").replace(/\/\*[\s\S]*?\*\//g, "");
    this.tokens = plain.match(/"[^"]*"|[A-Za-z0-9_.]+|[{}()<>[\]=;,:]/g) ?? [];
  }

  file() {
    while (this.at < this.tokens.length) {
      const word = this.next();
      if (word === "message") this.message("");
      else if (word === "enum") this.enumeration("");
      else if (word === "service") this.service();
      else if (word === "extend") this.block();
      else this.until(";");
    }
  }

  private message(outer: string) {
    const name = outer + this.next();
    const message = this.contract.message(name);
    this.expect("{");
    for (let word = this.next(); word !== "}"; word = this.next()) {
      if (word === "message") this.message(`${name}.`);
      else if (word === "enum") this.enumeration(`${name}.`);
      else if (word === "oneof") this.oneof(message);
      else if (word === "reserved" || word === "option") this.until(";");
      else this.field(message, word);
    }
  }

  private oneof(message: Message) {
    this.next();
    this.expect("{");
    for (let word = this.next(); word !== "}"; word = this.next()) this.field(message, word);
  }

  private field(message: Message, first: string) {
    const label = first === "repeated" || first === "optional";
    let type = label ? this.next() : first;
    const map = type === "map";
    if (map) {
      this.expect("<");
      this.next();
      this.expect(",");
      type = this.next();
      this.expect(">");
    }
    message.fields.set(camel(this.next()), { type, repeated: first === "repeated", map });
    this.until(";");
  }

  private enumeration(outer: string) {
    const values = this.contract.values(outer + this.next());
    this.expect("{");
    for (let word = this.next(); word !== "}"; word = this.next()) {
      if (word !== "option" && word !== "reserved") values.add(word);
      this.until(";");
    }
  }

  private service() {
    this.next();
    this.expect("{");
    for (let word = this.next(); word !== "}"; word = this.next()) {
      if (word === "rpc") this.rpc();
      else this.until(";");
    }
  }

  private rpc() {
    const name = this.next();
    const [input, output] = [this.type(), this.type()];
    if (this.tokens[this.at] === ";") {
      this.at++;
      return;
    }
    const from = this.at;
    this.block();
    const body = this.tokens.slice(from, this.at);
    for (const verb of ["get", "post", "put", "patch", "delete"]) {
      const at = body.indexOf(verb);
      const template = at >= 0 && body[at + 1] === ":" ? body[at + 2]?.slice(1, -1) : undefined;
      if (template) this.add(name, verb.toUpperCase(), template, input, output);
    }
  }

  private add(name: string, verb: string, template: string, input: string, output: string) {
    const quoted = template.replace(/[.*+?^$|()[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, "[^/]+");
    this.contract.methods.push({ name, verb, template, pattern: new RegExp(`^${quoted}$`), input, output });
  }

  /** `(stream Name)` behind any words. */
  private type(): string {
    this.until("(");
    let word = this.next();
    if (word === "stream") word = this.next();
    this.expect(")");
    return word;
  }

  private block() {
    this.until("{");
    for (let depth = 1; depth > 0; ) {
      const word = this.next();
      if (word === "{") depth++;
      if (word === "}") depth--;
    }
  }

  private until(end: string) {
    while (this.next() !== end);
  }

  private expect(wanted: string) {
    const word = this.next();
    if (word !== wanted) throw new Error(`expected ${wanted}, found ${word} at token ${this.at}`);
  }

  private next(): string {
    const word = this.tokens[this.at++];
    if (word === undefined) throw new Error("a .proto file ends in the middle");
    return word;
  }
}
