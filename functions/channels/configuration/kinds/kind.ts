/**
 * A kind of thing that operators decide about. Its schema says how one looks over HTTP and in the table (amounts are whole
 * minor units, times are RFC 3339); what the schema can't see, because it lies elsewhere, is a flaw.
 */
import type * as z from 'zod';
import type { AdapterName } from '../../catalogue.ts';
import type { Merchant } from '../../merchant-store.ts';
import type { Configuration } from '../configuration.ts';

/** What is wrong with a value, and where in it, such as `products.payout`. */
export interface Flaw {
  readonly field: string;
  readonly message: string;
}

/** The statement formats that channels may name. */
export interface KnownFormats {
  readonly formatNames: readonly string[];
  readonly hasStatementProfile: (id: string) => Promise<boolean>;
}

/** What a value is held against. */
export interface Surroundings extends KnownFormats {
  /** as it is stored at this moment */
  readonly configuration: Configuration;
  /** what an adapter can do; undefined for one that this stage lacks */
  readonly operationsOf: (adapter: AdapterName) => readonly string[] | undefined;
  readonly findMerchant: (channel: string, merchantNo: string) => Promise<Merchant | undefined>;
  /** the stored things of its own kind, for one that `configuration` does not hold */
  readonly storedOfKind: () => Promise<readonly { readonly id: string; readonly value: unknown }[]>;
}

export interface Kind<Entity, Schema extends z.ZodType = z.ZodType> {
  /** what an id of this kind looks like, and that in words */
  readonly id: { readonly pattern: RegExp; readonly rule: string };
  readonly schema: Schema;
  /** @throws ZodError for a value that the schema refuses, which no store hands out */
  readonly read: (id: string, value: unknown) => Entity;
  /** @throws ZodError as `read` does */
  readonly flaws: (entry: { readonly id: string; readonly value: unknown }, around: Surroundings) => Promise<Flaw[]>;
}

export const defineKind = <Schema extends z.ZodType, Entity>(kind: {
  readonly id: Kind<Entity>['id'];
  readonly schema: Schema;
  readonly entity: (id: string, value: z.infer<Schema>) => Entity;
  /** a generator: one yield for each flaw */
  readonly flaws: (entity: Entity, around: Surroundings) => Iterable<Flaw> | AsyncIterable<Flaw>;
}): Kind<Entity, Schema> => {
  const read = (id: string, value: unknown) => kind.entity(id, kind.schema.parse(value));
  return {
    id: kind.id,
    schema: kind.schema,
    read,
    flaws: async ({ id, value }, around) => {
      const flaws: Flaw[] = [];
      for await (const flaw of kind.flaws(read(id, value), around)) flaws.push(flaw);
      return flaws;
    },
  };
};

/** For kinds whose ids say nothing: operators choose a word that they recognise. */
export const chosenId = {
  pattern: /^[a-z0-9][a-z0-9-]{0,59}$/,
  rule: '1 to 60 lower-case letters, digits and hyphens',
};
