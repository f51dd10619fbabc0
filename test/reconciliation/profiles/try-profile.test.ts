import { describe, expect, test } from '@jest/globals';
import { tryProfile } from '../../../functions/reconciliation/reading/profile/try-profile.ts';
import { triedSchema, triedView, tryProfileSchema } from '../../../functions/reconciliation/try-profile-schemas.ts';
import { inGbk } from '../formats/gbk.ts';
import { cityBank, cityBankText, clearingHouse, type Example } from './example-files.ts';

/** As the route does it. */
async function tried({ json, fileName }: Pick<Example, 'json' | 'fileName'>, bytes: Buffer) {
  const asked = { profile: json, sample: bytes.toString('base64'), fileName, date: '2026-03-01' };
  const { sample, profile, date } = tryProfileSchema.parse(asked);
  const trial = { profile, sample: Buffer.from(sample, 'base64'), fileName, date, merchantNo: '' };
  return triedSchema.parse(triedView(await tryProfile({ ...trial, currency: 'CNY', timeZone: 'Asia/Shanghai' })));
}

describe('a profile that is tried', () => {
  test('shows what each line is read as, and that the control figures tie', async () => {
    const shown = await tried(cityBank, cityBank.bytes);
    expect(shown).toMatchObject({
      recognised: true,
      rejection: null,
      counts: { lines: 4, ignored: 1, errors: 0 },
      ignored: [{ lineNumber: 7, rule: 'authorisation' }],
    });
    expect(shown.lines[0]).toMatchObject({
      lineNumber: 4,
      kind: 'collection',
      amount: { amount: 123_450, currency: 'CNY' },
      at: '2026-03-01T02:15:30.000Z',
    });
    expect(shown.control).toContainEqual({ name: '总金额', stated: '1604.5', found: '1604.5', ties: true });
  });

  test('shows lines that are errors with their reasons, and figures that do not tie', async () => {
    const shown = await tried(cityBank, inGbk(cityBankText.replace(',消费,', ',红包,')));
    expect(shown.errors).toMatchObject([{ lineNumber: 4, reason: 'no rule says of which kind it is' }]);
    expect(shown.control).toContainEqual({ name: '总笔数', stated: '5', found: '4', ties: false });
  });

  test('counts lines of a file without comments, line errors among them', async () => {
    const { control } = await tried(clearingHouse, clearingHouse.bytes);
    expect(control[0]).toEqual({ name: 'lines', stated: '3', found: '3', ties: true });
  });

  test('says why a sample is turned away, and whether the profile would know it at all', async () => {
    expect(await tried(clearingHouse, cityBank.bytes)).toMatchObject({
      recognised: false,
      rejection: { reason: 'truncated' },
    });
    expect(await tried(cityBank, Buffer.from('PK\x03\x04'))).toMatchObject({ rejection: { reason: 'nested_archive' } });
    const spanning = { ...cityBank.json, layout: { ...(cityBank.json['layout'] as object), recordsSpanLines: true } };
    const cut = await tried({ ...cityBank, json: spanning }, inGbk(cityBankText.slice(0, -40)));
    expect(cut).toMatchObject({ recognised: true, rejection: { reason: 'truncated' } });
  });

  test('is refused where it, the sample or the zone is wrong', () => {
    const good = { profile: cityBank.json, sample: 'QQ==', fileName: 'x', date: '2026-03-01' };
    const wrong = (changes: object) =>
      tryProfileSchema.safeParse({ ...good, ...changes }).error?.issues[0]?.path.join('.');
    expect(wrong({})).toBeUndefined();
    expect(wrong({ profile: { ...cityBank.json, kinds: [] } })).toBe('profile.kinds');
    expect(wrong({ sample: 'not base64!' })).toBe('sample');
    expect(wrong({ sample: 'A'.repeat(400_000) })).toBe('sample');
    expect(wrong({ timeZone: 'Mars/Olympus' })).toBe('timeZone');
    expect(wrong({ date: '2026-02-30' })).toBe('date');
  });
});
