import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readXmlMessage, writeXmlMessage } from '../../functions/kernel/xml-message.ts';

const declared = '<?xml version="1.0" encoding="UTF-8"?>\n';

describe('a message in XML', () => {
  test('is written as documented', async () => {
    const message = {
      channel: 'sandbox-xml-bank',
      amount: 12_345,
      currency: 'CNY',
      retryElsewhere: false,
      at: new Date('2026-11-22T02:15:30Z'),
      left: undefined,
      lines: [
        { amount: 100n, currency: 'JPY' },
        { amount: 1n, currency: 'CNY' },
      ],
    };
    const text = `${declared}<request><channel>sandbox-xml-bank</channel><amount>123.45</amount><currency>CNY</currency><retryElsewhere>false</retryElsewhere><at>2026-11-22T02:15:30.000Z</at><lines><item><amount>100</amount><currency>JPY</currency></item><item><amount>0.01</amount><currency>CNY</currency></item></lines></request>`;
    expect(await writeXmlMessage('request', message)).toBe(text);
    expect(await readXmlMessage('request', text)).toEqual({
      channel: 'sandbox-xml-bank',
      amount: 12_345,
      currency: 'CNY',
      retryElsewhere: 'false',
      at: '2026-11-22T02:15:30.000Z',
      lines: [
        { amount: 100, currency: 'JPY' },
        { amount: 1, currency: 'CNY' },
      ],
    });
  });

  test('comes back as the texts that went in, whatever they hold', async () => {
    // XML turns a carriage return into a line end, and has no place for control characters and lone surrogates
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
      .filter((each) => !/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/.test(each) && each.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const message = { name: one, inner: { other }, list: [one, other] };
        expect(await readXmlMessage('notice', await writeXmlMessage('notice', message))).toEqual(message);
      }),
    );
  });

  test.each([
    ['an entity of its own', '<!DOCTYPE r [<!ENTITY x "y">]><request><a>&x;</a></request>'],
    ['a file behind an entity', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><request><a>&x;</a></request>'],
    ['a document type', '<!doctype request><request><a>1</a></request>'],
    ['an attribute', '<request><a b="c">1</a></request>'],
    ['text between elements', '<request>1<a>1</a></request>'],
    ['two roots', '<request><a>1</a></request><request><a>2</a></request>'],
    ['another root', '<response><a>1</a></response>'],
    ['no end', '<request><a>1</a>'],
    ['an element twice, which is no list', '<request><a>1</a><a>2</a></request>'],
    ['a name that is none', '<request><a-b>1</a-b></request>'],
    ['elements nine deep', `<request>${'<a>'.repeat(9)}1${'</a>'.repeat(9)}</request>`],
    ['nothing', '<request></request>'],
    ['no XML', '{"a":1}'],
    ['no text', ''],
    ['more than a message holds', `<request><a>${'1'.repeat(300_000)}</a></request>`],
  ])('is none with %s', async (_what, text) => {
    expect(await readXmlMessage('request', text)).toBeUndefined();
  });

  test('leaves an entity that nobody declared as it stands', async () => {
    expect(await readXmlMessage('request', '<request><a>&x;&lt;</a></request>')).toEqual({ a: '&x;<' });
  });

  test.each(['100', '100.0', '100.000', '1e2', ' 100.00', '-', '99999999999999.99'])(
    'has no amount %p of CNY: it stays text',
    async (amount) => {
      const text = `<request><amount>${amount}</amount><currency>CNY</currency></request>`;
      expect(await readXmlMessage('request', text)).toEqual({ amount, currency: 'CNY' });
    },
  );

  test('is not written with an amount that is no whole number', async () => {
    await expect(writeXmlMessage('request', { amount: 1.5, currency: 'CNY' })).rejects.toThrow('whole number');
  });
});
