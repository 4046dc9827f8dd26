import type { DayRoot, ProvenRecord } from "../api/audit";

/**
 * Checks by itself, with the browser's own cryptography, what the server says of its audit log: that
 * a record hashes to its hash, that the hash is in the day's Merkle tree (RFC 9162, 2.1.3.2), and that
 * the root is signed with Ed25519. docs/reference/control-api.md says what is hashed and signed.
 */
export interface ProofCheck {
  record: boolean;
  path: boolean;
  /** Null where the browser cannot check Ed25519. */
  signature: boolean | null;
}

type Bytes = Uint8Array<ArrayBuffer>;

export async function checkProof(tenant: string, root: DayRoot, proven: ProvenRecord): Promise<ProofCheck> {
  const hash = await recordHash(tenant, proven.record);
  const leaves = root.lastSequence - root.firstSequence + 1;
  const path = proven.path.map(bytesOf);
  return {
    record: same(hash, bytesOf(proven.record.hash)),
    path: same(await rootOf(hash, proven.leafIndex, leaves, path), bytesOf(root.root)),
    signature: await isSigned(tenant, root),
  };
}

/** Cryptography works on pages of https and of this computer only. */
export const canCheck = (): boolean => globalThis.crypto?.subtle !== undefined;

async function recordHash(tenant: string, record: ProvenRecord["record"]): Promise<Bytes> {
  return sha256(
    canonical("tidewatch.audit-record.v1", [
      record.previousHash ? bytesOf(record.previousHash) : new Uint8Array(32),
      tenant,
      BigInt(record.sequence),
      BigInt(record.timeUs),
      record.actor,
      record.method,
      record.resource,
      record.outcome,
      record.detail,
      record.requestId,
      record.remoteAddress,
    ]),
  );
}

/** The root that a leaf and its path lead to; nothing when the path does not fit the tree. */
async function rootOf(hash: Bytes, leaf: number, leaves: number, path: readonly Bytes[]): Promise<Bytes> {
  let index = leaf;
  let last = leaves - 1;
  let node = await sha256(joined([new Uint8Array([0]), hash]));
  if (leaf < 0 || leaf > last) return new Uint8Array();
  for (const sibling of path) {
    if (last === 0) return new Uint8Array();
    if (index % 2 === 1 || index === last) {
      node = await parent(sibling, node);
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = await parent(node, sibling);
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : new Uint8Array();
}

const parent = (left: Bytes, right: Bytes) => sha256(joined([new Uint8Array([1]), left, right]));

async function isSigned(tenant: string, root: DayRoot): Promise<boolean | null> {
  const signed = canonical("tidewatch.audit-day.v1", [
    tenant,
    root.day,
    BigInt(root.firstSequence),
    BigInt(root.lastSequence),
    bytesOf(root.root),
  ]);
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("spki", bytesOf(root.publicKey), "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return null;
    return false;
  }
  return crypto.subtle.verify("Ed25519", key, bytesOf(root.signature), signed);
}

/** Text as UTF-8 and bytes as they are, each behind its length as 4 bytes; numbers as 8; big-endian. */
function canonical(purpose: string, fields: readonly (string | bigint | Bytes)[]): Bytes {
  const parts: Bytes[] = [];
  for (const field of [purpose, ...fields]) {
    if (typeof field === "bigint") {
      const number = new Uint8Array(8);
      new DataView(number.buffer).setBigInt64(0, field);
      parts.push(number);
      continue;
    }
    const bytes = typeof field === "string" ? new Uint8Array(new TextEncoder().encode(field)) : field;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    parts.push(length, bytes);
  }
  return joined(parts);
}

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const sha256 = async (data: Bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

/** Of Base64; of what is none, nothing. */
function bytesOf(base64: string): Bytes {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

const same = (one: Bytes, other: Bytes) =>
  one.length === other.length && one.length > 0 && one.every((byte, at) => byte === other[at]);
