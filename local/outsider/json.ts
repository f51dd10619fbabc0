/** Answers as an outsider sees them: JSON of which nothing is known until one looks. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The value at a path such as `balances.available.amount` or `items.0.id`; undefined where the path ends early. */
export function valueAt(json: Json, path: string): Json | undefined {
  let value: Json | undefined = json;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, Json | undefined>>)[step]; // an array's places are names as well
  }
  return value;
}

/** @throws Error that shows the whole answer when there is no text at the path. */
export function textAt(json: Json, path: string): string {
  const value = valueAt(json, path);
  if (typeof value !== 'string') throw new Error(`no text at ${path} of ${JSON.stringify(json)}`);
  return value;
}

/** @throws Error that shows the whole answer when there is no number at the path. */
export function numberAt(json: Json, path: string): number {
  const value = valueAt(json, path);
  if (typeof value !== 'number') throw new Error(`no number at ${path} of ${JSON.stringify(json)}`);
  return value;
}

/** @throws Error that shows the whole answer when there is no list at the path. */
export function listAt(json: Json, path: string): readonly Json[] {
  const value = valueAt(json, path);
  if (!Array.isArray(value)) throw new Error(`no list at ${path} of ${JSON.stringify(json)}`);
  return value;
}
