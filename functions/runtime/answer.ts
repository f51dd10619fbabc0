/** What a handler returns: a success with its body, or a refusal value from a use case. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204 | 303;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const accepted = (body: unknown): Answer => ({ status: 202, body });
export const noContent = (): Answer => ({ status: 204 });

/** A document that is text already. */
export const jsonDocument = (text: string, fileName: string): Answer => ({
  status: 200,
  body: text,
  headers: { 'content-type': 'application/json', 'content-disposition': `attachment; filename="${fileName}"` },
});

/** What was asked for waits at another place, to be fetched from there by GET (RFC 9110, 15.4.4). */
export const seeOther = (url: string): Answer => ({ status: 303, headers: { location: url } });

/** A file download; the caller has guarded its cells. */
export const csv = (text: string, fileName: string): Answer => ({
  status: 200,
  body: text,
  headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${fileName}"` },
});
