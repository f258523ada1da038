import ts from 'typescript';

/** Types of constants that nothing changes. */
const IMMUTABLE_TYPES = ['ReadonlySet', 'ReadonlyMap'];
/** Classes without state. A regular expression has state only if it is global or sticky, see {@link changedBy}. */
const STATELESS_CLASSES = ['RegExp', 'TextEncoder'];
/** Methods that change the object on which they are called. */
const CHANGING = /^(?:add|clear|copyWithin|delete|fill|pop|push|reverse|set|shift|sort|splice|unshift)$/;
/** Methods that change a global or sticky regular expression. */
const SEARCHING = /^(?:exec|test)$/;

/**
 * Returns the names of the state that a module keeps between calls:
 * - `let` and `var` variables of the module
 * - constants of the module that contain a new object, except sets and maps with a read-only type
 * - constants of the module that the module changes
 * - `globalThis[NAME]`, if the module assigns to it
 *
 * Does not find state in a closure or in an object of another module.
 */
export function moduleState(text: string): readonly string[] {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const declarations = source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.map((declaration) => ({
      declaration,
      name: declaration.name.getText(),
      isConstant: (declarationList.flags & ts.NodeFlags.Const) !== 0,
    })),
  );
  const found = new Set(
    declarations
      .filter(({ declaration, isConstant }) => !isConstant || containsNewObject(declaration))
      .map(({ name }) => name),
  );
  const constants = new Map(declarations.map(({ name, declaration }) => [name, declaration.initializer]));
  const globals = new Set(['globalThis']);
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && isOneOf(globals, node.initializer)) {
      globals.add(node.name.getText());
    }
    const target = changedBy(node, (name) => isStatefulPattern(constants.get(name)));
    if (target !== undefined && globals.has(target.owner)) {
      found.add(`globalThis[${target.member}]`);
    } else if (target !== undefined && constants.has(target.owner)) {
      found.add(target.owner);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}

function containsNewObject({ type, initializer }: ts.VariableDeclaration): boolean {
  const value = initializer && withoutTypes(initializer);
  return (
    value !== undefined &&
    ts.isNewExpression(value) &&
    !STATELESS_CLASSES.includes(value.expression.getText()) &&
    !IMMUTABLE_TYPES.includes(type?.getText().split('<')[0] ?? '')
  );
}

function isOneOf(names: ReadonlySet<string>, expression: ts.Expression | undefined): boolean {
  const value = expression && withoutTypes(expression);
  return value !== undefined && ts.isIdentifier(value) && names.has(value.text);
}

/** True for `/…/g`, `/…/y` and `new RegExp(…, 'g')`. Such a pattern remembers where its last match ended. */
function isStatefulPattern(value: ts.Expression | undefined): boolean {
  return value !== undefined && /[/'][a-z]*[gy][a-z]*(?:'\))?$/.test(value.getText());
}

/** Returns the value of an expression with `as`, `satisfies`, `!` or parentheses. */
function withoutTypes(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isParenthesizedExpression(expression)
    ? withoutTypes(expression.expression)
    : expression;
}

interface Member {
  readonly owner: string;
  readonly member: string;
}

/** Returns the changed member if `node` is `owner.member = …`, `owner[member]++`, `delete owner.member` or `owner.push()`. */
function changedBy(node: ts.Node, isPattern: (name: string) => boolean): Member | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    return memberOf(node.left);
  }
  if (ts.isDeleteExpression(node)) {
    return memberOf(node.expression);
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const counts = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator);
    return counts ? memberOf(node.operand) : undefined;
  }
  const called = ts.isCallExpression(node) ? memberOf(node.expression) : undefined;
  if (called === undefined) {
    return undefined;
  }
  const changes = CHANGING.test(called.member) || (SEARCHING.test(called.member) && isPattern(called.owner));
  return changes ? called : undefined;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function memberOf(expression: ts.Expression): Member | undefined {
  const access = withoutTypes(expression);
  if (ts.isPropertyAccessExpression(access) && ts.isIdentifier(access.expression)) {
    return { owner: access.expression.text, member: access.name.text };
  }
  if (ts.isElementAccessExpression(access) && ts.isIdentifier(access.expression)) {
    return { owner: access.expression.text, member: access.argumentExpression.getText() };
  }
  return undefined;
}
