import { useQuery } from "@tanstack/react-query";
import { currentSession, type Session } from "../api/session";

/** Who is signed in; null while unknown, or where nobody is asked. */
export function useSession(): Session | null {
  const { data } = useQuery({
    queryKey: ["session"],
    queryFn: currentSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}

/** Whether the caller may; the server decides, so what it has not told does not stand in the way. */
export function may(session: Session | null, permission: string): boolean {
  return session?.permissions?.includes(permission) ?? true;
}
