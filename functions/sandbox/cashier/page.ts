/** The cashier's pages: plain HTML without scripts. */
import { decimalFromMinorUnits } from '../../kernel/money.ts';
import type { AwaitingOrder } from '../orders/order.ts';
import type { CashierFields } from './signed-link.ts';

/** @param fields come back with the payer's decision, and prove again which order is meant */
export function decisionPage(order: AwaitingOrder, fields: CashierFields): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return page(`<p>Merchant ${escaped(order.merchantNo)} asks for</p>
<p class="amount">${escaped(order.currency)} ${decimalFromMinorUnits(order.amount, order.currency)}</p>
<p>Order ${escaped(order.orderNo)}</p>
<form method="post" action="cashier/decide">
${hidden.join('\n')}
<button name="decision" value="pay">Pay</button>
<button name="decision" value="refuse">Refuse</button>
</form>`);
}

export const messagePage = (message: string): string => page(`<p>${escaped(message)}</p>`);

const page = (content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sandbox cashier</title>
<style>body{font:16px sans-serif;max-width:24em;margin:4em auto;text-align:center}.amount{font-size:2em}</style>
<h1>Sandbox cashier</h1>
${content}
</html>
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
