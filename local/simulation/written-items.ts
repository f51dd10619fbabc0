/** Which items a request writes or checks: what two transactions can be in each other's way on. */
import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Command } from './client.ts';

/** One text for each item, in the order of the actions; none for a read. */
export function writtenItems(command: Command): readonly string[] {
  if (command instanceof PutItemCommand) return [itemId(command.input.TableName, command.input.Item)];
  if (command instanceof UpdateItemCommand || command instanceof DeleteItemCommand) {
    return [itemId(command.input.TableName, command.input.Key)];
  }
  if (!(command instanceof TransactWriteItemsCommand)) return [];
  return (command.input.TransactItems ?? []).map(({ Put, Update, Delete, ConditionCheck }) =>
    itemId(
      (Put ?? Update ?? Delete ?? ConditionCheck)?.TableName,
      Put?.Item ?? (Update ?? Delete ?? ConditionCheck)?.Key,
    ),
  );
}

const itemId = (table: string | undefined, { pk, sk }: Record<string, AttributeValue> = {}): string =>
  `${table}\0${pk?.S}\0${sk?.S}`;
