/** What `:86:` tells of a line: free text, sub-fields as German and Polish banks write them, or words between slashes. */
import { givenReference } from './bank-movement.ts';

export interface MtText {
  /** the business transaction code (Geschäftsvorfallcode) of three digits, empty where there is none */
  readonly code: string;
  /** the bank says outright that a payment came back */
  readonly returned: boolean;
  readonly endToEndId: string;
  /** the purpose, and the references in it; names, banks and accounts of the other side are left out */
  readonly purpose: string;
}

const wrappedAt = 65;

export function mtTextOf(lines: readonly string[]): MtText {
  const text = lines.map(withoutPadding).join('');
  return subFieldsOf(text) ?? wordsOf(text) ?? freeText(lines);
}

/** Lines are wrapped anywhere, so that a blank at the full width is part of the text; other trailing blanks fill up. */
const withoutPadding = (line: string, index: number): string =>
  line.length + (index === 0 ? ':86:'.length : 0) === wrappedAt ? line : line.trimEnd();

const codeAndSeparator = /^\s*(\d{3})([^\w\s])(?=\d{2})/;
const isPurpose = (number: string): boolean => /^(?:2\d|6[0-3])$/.test(number);

function subFieldsOf(text: string): MtText | undefined {
  const [start, code, separator] = codeAndSeparator.exec(text) ?? [];
  if (start === undefined || code === undefined || separator === undefined) return undefined;
  const purposes: string[] = [];
  for (const each of text.slice(start.length - 1).split(separator)) {
    const [, number, content] = /^(\d{2})(.*)$/.exec(each) ?? [];
    if (number === undefined || content === undefined) {
      // the separator itself stood in a text
      if (each !== '' && purposes.length > 0) purposes.push(`${purposes.pop()}${separator}${each}`);
    } else if (isPurpose(number)) purposes.push(content);
  }
  return { code, returned: false, endToEndId: endToEndIdOf(purposes), purpose: joined(purposes) };
}

/** Sub-fields have 27 characters: a word goes on in the next one after a full one; a shorter one ends it. */
const fullSubField = 27;
const joined = (purposes: readonly string[]): string =>
  purposes.reduce((text, each, index) => {
    const before = purposes[index - 1];
    const gap = before === undefined || before.length >= fullSubField || !/^[A-Z]{4}[+:]/.test(each) ? '' : ' ';
    return text + gap + each;
  }, '');

const otherWord = /(?:^|\s)(?:KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|BREF|RREF|RETR|IBAN|BIC|MTLG)[+:]/;
const longestEndToEndId = 35;

/**
 * The words after `EREF+`, up to the next of such keys. They may be broken over sub-fields of any length; but where that gives more
 * than an EndToEndId has, what follows a sub-field that is not full is another text.
 */
function endToEndIdOf(purposes: readonly string[]): string {
  const first = purposes.findIndex((each) => /(?:^|\s)EREF\+/.test(each));
  if (first < 0) return '';
  const untilKey = (continuesAfter: (subField: string) => boolean): string => {
    let value = (purposes[first] ?? '').replace(/^.*?EREF\+/, '');
    let before = purposes[first] ?? '';
    for (const each of purposes.slice(first + 1)) {
      if (otherWord.test(value) || /^[A-Z]{3,4}[+:]/.test(each)) break;
      if (value.trim() !== '' && !continuesAfter(before)) break;
      value += each;
      before = each;
    }
    const end = otherWord.exec(value)?.index ?? value.length;
    return value.slice(0, end).trim();
  };
  const whole = untilKey(() => true);
  return givenReference(whole.length <= longestEndToEndId ? whole : untilKey((each) => each.length >= fullSubField));
}

const slashed =
  /\/(EREF|PREF|KREF|RREF|MARF|REMI|RTRN|PURP|TRCD|BENM|ORDP|NAME|IBAN|ACCW|CNTP|CSID|ISDT|BIC|TRTP|ID|ADDR|ULTB|ULTD|CHGS|EXCH|SVCL|OCMT|VACC|ULTC)\//g;
/** The other side's name, bank and account are not told on. */
const toldOn: ReadonlySet<string> = new Set(['EREF', 'PREF', 'KREF', 'RREF', 'MARF', 'REMI', 'RTRN', 'PURP']);

function wordsOf(text: string): MtText | undefined {
  const found = [...text.matchAll(slashed)];
  if (found.length === 0 || !/^\s*(?:\d{3})?\//.test(text)) return undefined;
  const words: { readonly key: string; readonly value: string }[] = found.map(
    ({ index, 0: mark, 1: key = '' }, at) => ({
      key,
      value: text.slice(index + mark.length, found[at + 1]?.index ?? text.length).trim(),
    }),
  );
  const told = words.filter(({ key, value }) => value !== '' && toldOn.has(key));
  return {
    code: '',
    returned: words.some(({ key }) => key === 'RTRN'),
    endToEndId: givenReference(words.find(({ key }) => key === 'EREF')?.value),
    purpose: told.map(({ key, value }) => `${key} ${value}`).join(' '),
  };
}

function freeText(lines: readonly string[]): MtText {
  const text = lines.join(' ');
  const endToEndId = /(?:^|\s)EREF[+:]\s*(\S{1,35})/.exec(text)?.[1];
  return { code: '', returned: false, endToEndId: givenReference(endToEndId), purpose: text };
}
