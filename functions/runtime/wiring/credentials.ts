/** Credentials of institutions: `access` keeps them, and learns from `parties` whether an institution may have some. */
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { ClientKeeping } from '../../access/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { findInstitution } from '../../parties/index.ts';
import { environmentValue } from '../environment.ts';
import { accessTable } from './access.ts';
import { commitWrites, lazily } from './base.ts';
import { parties } from './parties.ts';

export const clientKeeping = lazily(
  (): ClientKeeping => ({
    table: accessTable(),
    commit: commitWrites(),
    clock: systemClock,
    userPool: {
      client: new CognitoIdentityProviderClient({}),
      userPoolId: environmentValue('USER_POOL_ID'),
      scope: environmentValue('API_SCOPE'),
    },
    findInstitution: (id) => findInstitution(parties(), id),
  }),
);
