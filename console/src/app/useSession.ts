import { useQuery } from "@tanstack/react-query";
import { currentSession, type Session } from "../api/session";

/** Who is signed in; null while unknown, or where nobody is asked. */
export function useSession(): Session | null {
  return useSessionQuery().data ?? null;
}

/** Whether it is clear by now who is signed in, so that nothing is asked for that is refused anyway. */
export function useSessionKnown(): boolean {
  return !useSessionQuery().isPending;
}

function useSessionQuery() {
  return useQuery({
    queryKey: ["session"],
    queryFn: currentSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether the caller may; the server decides, so what it has not told does not stand in the way. */
export function may(session: Session | null, permission: string): boolean {
  return session?.permissions?.includes(permission) ?? true;
}
