/** What is wrong with a statement profile beyond the shape of its parts. */
import type * as z from 'zod';
import type { Flaw } from './kind.ts';
import type { controlRowSchema, layoutSchema } from './statement-profile-layout.ts';
import {
  type AmountRule,
  type Condition,
  type TimeRule,
  timeTokens,
  type ValueRule,
} from './statement-profile-rules.ts';

interface Profile {
  readonly layout: z.infer<typeof layoutSchema>;
  readonly recognise: { readonly columns?: readonly string[] | undefined };
  readonly controlRows?: readonly z.infer<typeof controlRowSchema>[] | undefined;
  readonly fields: {
    readonly ourReference?: ValueRule | undefined;
    readonly channelReference?: ValueRule | undefined;
    readonly amount: AmountRule;
    readonly fee?: { readonly columns: readonly string[]; readonly sign?: AmountRule['sign'] } | undefined;
    readonly time: TimeRule;
    readonly currency?: ValueRule | undefined;
    readonly merchantNo?: ValueRule | undefined;
    readonly settlementReference?: ValueRule | undefined;
    readonly remittance?: ValueRule | undefined;
  };
  readonly kinds: readonly (Ruled & { readonly kind: string })[];
  readonly statuses?: readonly Ruled[] | undefined;
  readonly ignore?: readonly Ruled[] | undefined;
  readonly covers?: readonly string[] | undefined;
}

interface Ruled {
  readonly when?: readonly Condition[] | undefined;
}

interface Use {
  readonly column: string;
  /** where the profile names it */
  readonly field: string;
}

export function* profileFlaws(profile: Profile): Iterable<Flaw> {
  yield* layoutFlaws(profile);
  yield* unknownColumns(profile);
  yield* controlFlaws(profile);
  yield* timeFlaws(profile.fields.time);
  const { fields, kinds, covers = [] } = profile;
  if (!fields.ourReference && !fields.channelReference) {
    yield { field: 'fields', message: 'needs ourReference or channelReference' };
  }
  for (const [index, kind] of covers.entries()) {
    if (!kinds.some((rule) => rule.kind === kind)) {
      yield { field: `covers.${index}`, message: `no rule of kinds gives ${kind}` };
    }
  }
}

/** Of the layout; undefined where the file itself names its columns. */
const columnsOf = ({ layout }: Pick<Profile, 'layout'>): readonly string[] | undefined =>
  layout.type === 'fixed-width' ? layout.columns.map(({ name }) => name) : layout.columns;

function* layoutFlaws(profile: Profile): Iterable<Flaw> {
  const { layout, recognise } = profile;
  const names = columnsOf(profile) ?? [];
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    yield { field: `layout.columns.${index}`, message: `names ${name} twice` };
  }
  if (layout.type === 'fixed-width') {
    for (const [index, { from, bytes }] of layout.columns.entries()) {
      if (layout.lineBytes !== undefined && from + bytes - 1 > layout.lineBytes) {
        yield { field: `layout.columns.${index}`, message: 'lies beyond lineBytes' };
      }
    }
    if (recognise.columns) yield { field: 'recognise.columns', message: 'a fixed-width file has no header' };
    return;
  }
  const { header, columns, quoted, delimiter, recordsSpanLines } = layout;
  if ((header === 'none') !== (columns !== undefined)) {
    yield { field: 'layout.columns', message: 'are needed where there is no header, and only there' };
  }
  if (header === 'none' && recognise.columns) {
    yield { field: 'recognise.columns', message: 'stand in a header, which the file has none of' };
  }
  if (recordsSpanLines && !quoted) {
    yield { field: 'layout.recordsSpanLines', message: 'only quoted fields hold line ends' };
  }
  if (/["\r\n]/.test(delimiter)) yield { field: 'layout.delimiter', message: 'must not be a quote or a line end' };
}

function* unknownColumns(profile: Profile): Iterable<Flaw> {
  const columns = columnsOf(profile);
  if (columns === undefined) return;
  for (const { column, field } of usedColumns(profile)) {
    if (!columns.includes(column)) yield { field, message: `there is no column ${column} in the layout` };
  }
}

/** The columns that the profile reads. */
export const profileColumns = (profile: Profile): readonly string[] => [
  ...new Set([...usedColumns(profile)].map(({ column }) => column)),
];

/** Each of them, and where the profile says so. */
function* usedColumns({ fields, kinds, statuses = [], ignore = [], controlRows = [] }: Profile): Iterable<Use> {
  const { amount, fee, time, ...values } = fields;
  for (const [name, value] of Object.entries(values)) yield* each(value?.columns, `fields.${name}.columns`);
  for (const [name, { columns, sign }] of Object.entries({ amount, ...(fee && { fee }) })) {
    yield* each(columns, `fields.${name}.columns`);
    if (sign) yield { column: sign.column, field: `fields.${name}.sign.column` };
  }
  if (amount.debit !== undefined) yield { column: amount.debit, field: 'fields.amount.debit' };
  if (amount.credit !== undefined) yield { column: amount.credit, field: 'fields.amount.credit' };
  yield* each(time.columns, 'fields.time.columns');
  for (const [name, ruled] of Object.entries({ kinds, statuses, ignore })) {
    for (const [index, { when }] of ruled.entries()) yield* conditions(when, `${name}.${index}`);
  }
  for (const [row, { figures }] of controlRows.entries()) {
    for (const [index, { sums, when }] of figures.entries()) {
      const field = `controlRows.${row}.figures.${index}`;
      if (sums !== undefined) yield { column: sums, field: `${field}.sums` };
      yield* conditions(when, field);
    }
  }
}

function* each(columns: readonly string[] | undefined, field: string): Iterable<Use> {
  for (const [index, column] of (columns ?? []).entries()) yield { column, field: `${field}.${index}` };
}

function* conditions(when: readonly Condition[] | undefined, field: string): Iterable<Use> {
  for (const [index, { column }] of (when ?? []).entries()) yield { column, field: `${field}.when.${index}.column` };
}

function* controlFlaws({ layout, controlRows = [] }: Profile): Iterable<Flaw> {
  const names = controlRows.flatMap(({ figures }) => figures.map(({ name }) => name));
  for (const [row, { at, prefix, figures }] of controlRows.entries()) {
    const spans = layout.type === 'delimited' && layout.recordsSpanLines;
    if (prefix === undefined && (spans || controlRows.some((other, index) => index < row && other.at === at))) {
      yield { field: `controlRows.${row}.prefix`, message: 'is needed to tell the row from others' };
    }
    for (const [index, { name, field, bytes }] of figures.entries()) {
      const place = `controlRows.${row}.figures.${index}`;
      if (names.filter((each) => each === name).length > 1) yield { field: `${place}.name`, message: 'stands twice' };
      if (field !== undefined && layout.type !== 'delimited') {
        yield { field: `${place}.field`, message: 'a fixed-width row has bytes, not fields' };
      }
      if (bytes !== undefined && layout.type !== 'fixed-width') {
        yield { field: `${place}.bytes`, message: 'a delimited row has fields, not bytes' };
      }
    }
  }
}

function* timeFlaws({ format, offset }: TimeRule): Iterable<Flaw> {
  const tokens = tokensOf(format);
  const twice = tokens.find((token, index) => tokens.indexOf(token) !== index);
  if (twice) yield { field: 'fields.time.format', message: `has ${twice} twice` };
  if (!tokens.includes('MM') || !tokens.includes('dd')) {
    yield { field: 'fields.time.format', message: 'needs MM and dd' };
  }
  if (tokens.includes('yyyy') && tokens.includes('yy')) {
    yield { field: 'fields.time.format', message: 'has the year twice' };
  }
  if (tokens.includes('XXX') && offset !== undefined) {
    yield { field: 'fields.time.offset', message: 'is told by XXX already' };
  }
}

function tokensOf(format: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < format.length; ) {
    const token = timeTokens.find((each) => format.startsWith(each, at));
    if (token) tokens.push(token);
    at += token?.length ?? 1;
  }
  return tokens;
}
