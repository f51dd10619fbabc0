/** Writes what has happened to a binding; of an account's active bindings exactly one is the default. */
import type { BindingId } from '../kernel/ids.ts';
import { type CommitWrites, RacesLost, type Write } from '../kernel/write.ts';
import type { Binding } from './binding.ts';
import { activeBindingCheck, changeBindingWrites, findBinding, listBindings } from './binding-store.ts';
import { defaultWrite, findDefault } from './default-store.ts';
import type { Parties } from './parties.ts';

export interface ChangingBindings extends Parties {
  readonly commit: CommitWrites;
}

/** Others change bindings of the same account at the same time: a handful of people and never for long. */
const maximumRounds = 40;

/**
 * The binding as the change made it, or `overtaken` where it has changed since it was read. The first that becomes active
 * is the default; where the default ends, the oldest active one follows it.
 */
export async function changeBinding(
  changing: ChangingBindings,
  from: Binding,
  to: Binding,
): Promise<Binding | 'overtaken'> {
  const joinsOrLeaves = (from.status === 'active') !== (to.status === 'active');
  for (let round = 1; round <= maximumRounds; round++) {
    const following = joinsOrLeaves ? await defaultWrites(changing, to) : [];
    const result = await changing.commit([...changeBindingWrites(changing, from, to), ...following]);
    if (result.committed) return to;
    const now = await findBinding(changing, to.id);
    if (now?.version !== from.version) return 'overtaken';
  }
  throw new RacesLost(`the change of ${to.id} lost ${maximumRounds} races for the default of ${to.accountId}`);
}

/** As it is now. @throws Error when it is gone, since none is ever deleted. */
export async function currentBinding(parties: Parties, { id }: Pick<Binding, 'id'>): Promise<Binding> {
  const binding = await findBinding(parties, id);
  if (!binding) throw new Error(`${id} is gone`);
  return binding;
}

async function defaultWrites(parties: Parties, { id, accountId, status }: Binding): Promise<readonly Write[]> {
  const from = await findDefault(parties, accountId);
  if (status === 'active') return [defaultWrite(parties, accountId, { from, to: from.bindingId ?? id })];
  if (from.bindingId !== id) return [defaultWrite(parties, accountId, { from, to: from.bindingId })];
  const next = await oldestActive(parties, { id, accountId });
  const write = defaultWrite(parties, accountId, { from, to: next });
  return next ? [write, activeBindingCheck(parties, next)] : [write];
}

/** 1 read unit for each binding that the account ever had. */
async function oldestActive(
  parties: Parties,
  { id, accountId }: Pick<Binding, 'id' | 'accountId'>,
): Promise<BindingId | undefined> {
  let after: string | undefined;
  do {
    const { items, nextCursor } = await listBindings(parties, accountId, { limit: 100, ...(after && { after }) });
    const active = items.find((each) => each.status === 'active' && each.id !== id);
    if (active) return active.id;
    after = nextCursor === null ? undefined : items.at(-1)?.id;
  } while (after);
  return undefined;
}
