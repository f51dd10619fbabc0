import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import { addChannelsRoutes } from './api/channels-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface AdminStackProps extends StackProps {
  readonly center: CenterApi;
  readonly data: DataStack;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** What operators manage channels by: routes of the same API, in a stack of their own since one holds 500 resources. */
export class AdminStack extends Stack {
  constructor(scope: Construct, id: string, { center, data, sandbox, ...props }: AdminStackProps) {
    super(scope, id, props);
    addChannelsRoutes(center.from(this), data, sandbox);
  }
}
