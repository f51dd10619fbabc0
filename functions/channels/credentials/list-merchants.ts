/** Merchant numbers as operators look for them. */
import type { InstitutionId } from '../../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import type { Table } from '../../kernel/table.ts';
import { type Merchant, merchantsAt, merchantsOf } from '../merchant-store.ts';

/** Of an institution, in routing order; else of a channel, by number. One read unit for about ten of them. */
export async function listMerchants(
  source: { readonly table: Table },
  {
    channel,
    institutionId,
    ...page
  }: PageRequest & { readonly channel?: string | undefined; readonly institutionId?: InstitutionId | undefined },
): Promise<Page<Merchant>> {
  if (institutionId === undefined) return merchantsAt(source, channel ?? '', page);
  const all = await merchantsOf(source, institutionId); // few: read as a whole
  const wanted = all.filter((merchant) => channel === undefined || merchant.channel === channel);
  const from = page.after === undefined ? 0 : wanted.findIndex((merchant) => placeOf(merchant) === page.after) + 1;
  return pageOf(wanted.slice(from), page.limit, placeOf);
}

const placeOf = ({ channel, merchantNo }: Merchant): string => `${channel}/${merchantNo}`;
