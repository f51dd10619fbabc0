import { describe, expect, test } from '@jest/globals';
import type { ClientRecord } from '../../functions/access/client-store.ts';
import { type Recognition, recogniseCaller } from '../../functions/access/recognise-caller.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { callerFrom } from '../../functions/runtime/authorizer-context.ts';

const institutionId = idFrom('inst', 'recognise');
const record: ClientRecord = {
  clientId: 'app-1',
  institutionId,
  name: 'checkout',
  status: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'operator-1',
};

function recognition(clients: readonly ClientRecord[] = [record]): Recognition {
  return {
    // the token is the client id, unless it is bad
    verifyToken: async (token) =>
      token === 'bad'
        ? { accepted: false, reason: 'The bearer token is malformed.' }
        : { accepted: true, clientId: token },
    operatorClientIds: new Set(['operator-1', 'operator-2']),
    findClient: async (clientId) => clients.find((client) => client.clientId === clientId),
  };
}

describe('a caller', () => {
  test('with the token of an institution is that institution', async () => {
    const caller = { kind: 'institution', clientId: 'app-1', institutionId };
    expect(await recogniseCaller(recognition(), 'Bearer app-1')).toEqual(caller);
  });

  test('with the token of a bootstrap operator is an operator', async () => {
    const caller = { kind: 'operator', clientId: 'operator-2' };
    expect(await recogniseCaller(recognition(), 'bearer operator-2')).toEqual(caller);
  });

  test.each([undefined, ''])('without a header (%p) is nobody', async (header) => {
    expect(await recogniseCaller(recognition(), header)).toMatchObject({ kind: 'nobody' });
  });

  test.each(['Basic YTpi', 'Bearer', 'Bearer ', 'app-1', 'Bearer a b', 'Bearer ä'])(
    'with the header %p is nobody',
    async (header) => {
      expect(await recogniseCaller(recognition(), header)).toMatchObject({ kind: 'nobody' });
    },
  );

  test('with a token that is refused is nobody, for the reason of the refusal', async () => {
    const nobody = { kind: 'nobody', reason: 'The bearer token is malformed.' };
    expect(await recogniseCaller(recognition(), 'Bearer bad')).toEqual(nobody);
  });

  test('with a good token of credentials that nobody registered is nobody', async () => {
    expect(await recogniseCaller(recognition([]), 'Bearer app-1')).toMatchObject({ kind: 'nobody' });
  });

  test('with withdrawn credentials is nobody although the token is still good', async () => {
    const withdrawn = recognition([{ ...record, status: 'withdrawn' }]);
    const nobody = { kind: 'nobody', reason: 'These credentials have been withdrawn.' };
    expect(await recogniseCaller(withdrawn, 'Bearer app-1')).toEqual(nobody);
  });

  test.each(['Bearer app-1', 'Bearer operator-1', 'Bearer bad', ''])(
    'with %p reaches the functions as it was recognised',
    async (header) => {
      const recognised = await recogniseCaller(recognition(), header);
      expect(callerFrom(JSON.parse(JSON.stringify(recognised)))).toEqual(recognised);
    },
  );
});
