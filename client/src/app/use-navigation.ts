import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { mayAs, useUser } from '@/api/use-session';
import { NAVIGATION } from './navigation';

/** The pages that exist and that the person has a use for. */
export function useNavigation() {
  const role = useUser()?.role ?? 'viewer';
  const { routesByPath } = useRouter();
  return useMemo(
    () =>
      NAVIGATION.filter(
        (entry) => Object.hasOwn(routesByPath, entry.path) && mayAs(role, entry.role),
      ),
    [role, routesByPath],
  );
}
