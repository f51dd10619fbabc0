/** A payer at the sandbox's cashier, as a browser would go there and press a button. */

/** Where the payer is sent: what the center answers as `nextAction`. */
export interface Redirect {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

export const openCashier = ({ method, url, fields = {} }: Redirect): Promise<Response> =>
  fetch(url, { method, redirect: 'manual', ...(method === 'POST' && { body: new URLSearchParams(fields) }) });

/** @returns what the browser is answered, a redirect to the merchant if all is well. @throws Error where there is no button */
export async function decideAtCashier(redirect: Redirect, decision: 'pay' | 'refuse'): Promise<Response> {
  const page = await (await openCashier(redirect)).text();
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value.replaceAll('&amp;', '&')],
  );
  const target = /<form method="post" action="([^"]*)">/.exec(page)?.[1];
  if (target === undefined) throw new Error(`the cashier asks for no decision: ${page}`);
  return fetch(new URL(target, redirect.url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams([...fields, ['decision', decision]]),
  });
}
