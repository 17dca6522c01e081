import { getOperationAST, GraphQLError } from 'graphql';

/** The operation of a document that is meant. Throws if there is none of that name, or several and no name is given. */
export function selectOperation(document, operationName) {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new GraphQLError(
    operationName
      ? `Unknown operation name '${operationName}'`
      : 'Must provide operation name if query contains multiple operations',
  );
}

/** The fields of an operation's root, fragments of a valid document written out: [{ key, name }]. */
export function rootFields(document, operation) {
  const fragment = (name) =>
    document.definitions.find((one) => one.kind === 'FragmentDefinition' && one.name.value === name);
  return operation.selectionSet.selections.flatMap(function visit(selection) {
    if (selection.kind === 'Field') {
      return [{ key: (selection.alias ?? selection.name).value, name: selection.name.value }];
    }
    const inner = selection.kind === 'InlineFragment' ? selection : fragment(selection.name.value);
    return inner.selectionSet.selections.flatMap(visit);
  });
}

/** What the log says of an operation: its name and the fields it asks for, never an argument. */
export function describe({ document, operationName }) {
  const operation = getOperationAST(document, operationName);
  const names = rootFields(document, operation).map(({ name }) => name);
  return { operation: operation.name?.value.slice(0, 100), fields: [...new Set(names)].slice(0, 20) };
}
