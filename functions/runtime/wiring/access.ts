import { findClient, type Recognition, tokenVerifier } from '../../access/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

export const accessTable = /* @__PURE__ */ lazily(() => tableNamed('ACCESS_TABLE'));

export const recognition = /* @__PURE__ */ lazily((): Recognition => {
  const table = accessTable();
  return {
    verifyToken: tokenVerifier({ userPoolId: environmentValue('USER_POOL_ID'), jwksUrl: process.env['JWKS_URL'] }),
    operatorClientIds: new Set(environmentValue('BOOTSTRAP_OPERATOR_CLIENT_IDS').split(',')),
    findClient: (clientId) => findClient(table, clientId),
  };
});
