/** Finds a format by its name: one file of `formats/` each, loaded when a channel delivers it. */
import type { StatementFormat } from './statement-format.ts';

/** @throws Error for a name that is no file of `formats/`: the configuration lets none through. */
export async function formatNamed(name: string): Promise<StatementFormat> {
  // the bundler takes every file of the folder along; each exports its format, which a test holds it to
  const loaded = (await import(`../formats/${name}.ts`)) as { readonly format: StatementFormat };
  return loaded.format;
}
