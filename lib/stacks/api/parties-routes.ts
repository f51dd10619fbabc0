import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** The routes of the context `parties`, each with the least that its function may do. */
export function addPartiesRoutes(_api: CenterApi, _data: DataStack, _sandbox?: SandboxStack): void {}
