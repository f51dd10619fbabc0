/** Reading tables from end to end: in parts, side by side. */
import { type AttributeValue, DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { fromItem, type Item, type Key, type Table, toItem } from '../../kernel/table.ts';

export interface ScanPart {
  readonly segment: number;
  readonly segments: number;
}

export interface ScanPage {
  readonly items: readonly Item[];
  /** where the next page begins; absent at the end */
  readonly next?: Key;
}

/**
 * The pages of one part: 1 read unit per 4 KiB. DynamoDB keeps the items of one partition key in one part, beside each
 * other and in the order of their sort keys, so a chain comes whole and in its order.
 */
export async function* scanPages(table: Table, { segment, segments }: ScanPart, after?: Key): AsyncGenerator<ScanPage> {
  let start: Record<string, AttributeValue> | undefined = after && toItem(after);
  do {
    const page = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: segments,
        ExclusiveStartKey: start,
      }),
    );
    start = page.LastEvaluatedKey;
    yield { items: (page.Items ?? []).map(fromItem), ...(start && { next: keyFrom(fromItem(start)) }) };
  } while (start);
}

const keyFrom = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

/** How many items there are, as of some hours ago: enough to choose a number of parts by. */
export async function countItems(table: Table): Promise<number> {
  const { Table: description } = await table.client.send(new DescribeTableCommand({ TableName: table.name }));
  return description?.ItemCount ?? 0;
}
