import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { encodeCursor, pageQuery, pageRequest } from '../../functions/kernel/page.ts';

const query = z.object(pageQuery);

test('a cursor brings back the place it was made from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), (place) => {
      expect(pageRequest(query.parse({ limit: '5', cursor: encodeCursor(place) }))).toEqual({ limit: 5, after: place });
    }),
  );
});

test('a limit outside 1 to 200 and a cursor that no answer held are refused by name', () => {
  for (const wrong of [
    { limit: '0' },
    { limit: '201' },
    { limit: 'x' },
    { limit: '1.5' },
    { cursor: '?' },
    { cursor: 'A' },
  ]) {
    expect(query.safeParse(wrong).error?.issues[0]?.path).toEqual(Object.keys(wrong));
  }
});
