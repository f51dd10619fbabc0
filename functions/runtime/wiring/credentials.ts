/** Credentials of institutions: `access` keeps them, and learns from `parties` whether an institution may have some. */
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type ClientKeeping, userPoolKeeper } from '../../access/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { findInstitution } from '../../parties/index.ts';
import { environmentValue } from '../environment.ts';
import { accessTable } from './access.ts';
import { commitWrites, lazily } from './base.ts';
import { parties } from './parties.ts';

/** An institution as `access` sees it. */
export const institutionLookup = /* @__PURE__ */ lazily(
  (): Pick<ClientKeeping, 'table' | 'findInstitution'> => ({
    table: accessTable(),
    findInstitution: (id) => findInstitution(parties(), id),
  }),
);

export const clientKeeping = /* @__PURE__ */ lazily(
  (): ClientKeeping => ({
    ...institutionLookup(),
    commit: commitWrites(),
    clock: systemClock,
    credentials: userPoolKeeper({
      client: new CognitoIdentityProviderClient({}),
      userPoolId: environmentValue('USER_POOL_ID'),
      scope: environmentValue('API_SCOPE'),
    }),
  }),
);
