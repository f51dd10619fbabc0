/** The proof of a settlement that was taken back: the document as it was written, which says first that it holds no more. */
import type { Batch } from './batch.ts';
import { type Files, streamFile } from './files.ts';
import { settlementReversalView } from './reconciliation-view.ts';

/**
 * What stands in the bucket is never changed, since the settlement names it by its hash: without the first two fields these are
 * its bytes. Undefined where the settlement stands, or there is none.
 */
export function reversedProof(files: Files, batch: Batch): AsyncGenerator<string> | undefined {
  const { settlement, supersededBy } = batch;
  const reversal = settlementReversalView(batch);
  if (!settlement || !reversal) return undefined;
  const first = JSON.stringify({ settlementReversal: reversal, supersededBy: supersededBy ?? null }, undefined, 2);
  return withFirstFields(first.slice(0, first.lastIndexOf('\n')), streamFile(files, settlement.proof));
}

/** @throws Error where the document is no object: we wrote it */
async function* withFirstFields(first: string, document: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let isFirst = true;
  for await (const chunk of document) {
    const text = decoder.decode(chunk, { stream: true });
    if (isFirst && !text.startsWith('{')) throw new Error('a proof does not begin as one');
    yield isFirst ? `${first},${text.slice(1)}` : text;
    isFirst = false;
  }
  yield decoder.decode();
}
