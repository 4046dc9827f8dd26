import { ROLES, type Role } from "../api/access";

/** What each role is for, in a few words. */
const ROLE_HINT: Record<Role, string> = {
  viewer: "looks",
  analyst: "decides alerts",
  engineer: "decides alerts, writes and deploys rules",
  responder: "asks for responses",
  approver: "approves responses",
  billing: "sees usage, no alerts",
  admin: "everything in this tenant",
};

export const ROLE_CHOICES = ROLES.map((role) => ({
  value: role as string,
  label: role,
  hint: ROLE_HINT[role],
}));

const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

/** 24 letters and digits that nobody mistakes for one another: 120 random bits. */
export function newPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const letters = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return [0, 6, 12, 18].map((at) => letters.slice(at, at + 6).join("")).join("-");
}
