/** Every route of the center, gathered from the contexts' route files. */
import type { Route } from '../runtime/route.ts';

const contexts: readonly Record<string, unknown>[] = [];

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'answers' in value;

export const allRoutes: readonly Route[] = contexts.flatMap((routes) => Object.values(routes).filter(isRoute));
