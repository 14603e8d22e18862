import type {
  XPath,
  XPathContext,
  XPathExpression,
  XPathFault,
  XPathNames,
  XPathNode,
  XPathValue,
} from "./xpath.ts";
import { Evaluation, TextNode } from "./xpath-axes.ts";
import { staticType } from "./xpath-check.ts";
import { compileEquality, compileRelation } from "./xpath-compare.ts";
import {
  compileBooleanCall,
  compileNodesCall,
  compileNumberCall,
  compileStringCall,
} from "./xpath-functions.ts";
import { parseXPath } from "./xpath-parse.ts";
import { type CompiledPath, compilePath } from "./xpath-path.ts";
import { type Compiler, dependsOnContext, type Run } from "./xpath-run.ts";
import { firstInDocument, numberToString, stringToNumber } from "./xpath-values.ts";

type Binary = Extract<XPathExpression, { kind: "binary" }>;

/** About a second of work. */
const WORK_LIMIT = 10_000_000;

/**
 * Compiles an XPath 1.0 expression with the functions of RFC 7950 section 10. Faults are found at
 * once; the closures are made when it is first evaluated.
 */
export function compileXPath(text: string, names: XPathNames): XPath | XPathFault {
  const expression = parseXPath(text, names);
  if ("message" in expression) return expression;
  let run: Run<XPathValue> | undefined;
  return {
    text,
    expression,
    names,
    evaluate(context: XPathContext): XPathValue {
      run ??= compileValue(expression, names);
      const { allowance } = context;
      const limit = Math.min(WORK_LIMIT, allowance?.left ?? WORK_LIMIT);
      const evaluation = new Evaluation(context.current, context.root, limit);
      try {
        return run(context.node, { evaluation, position: 1, size: 1 });
      } finally {
        if (allowance !== undefined) allowance.left -= limit - evaluation.left;
      }
    },
  };
}

export function isXPathFault(result: XPath | XPathFault): result is XPathFault {
  return "message" in result;
}

function compileValue(expression: XPathExpression, names: XPathNames): Run<XPathValue> {
  const compiler = createCompiler(names);
  switch (staticType(expression)) {
    case "boolean":
      return compiler.boolean(expression);
    case "number":
      return compiler.number(expression);
    case "string":
      return compiler.string(expression);
    case "nodes": {
      const run = compiler.nodes(expression);
      return (node, frame) => withoutTexts(run(node, frame));
    }
  }
}

/** A text node is nothing outside an evaluation: its leaf stands for it. */
function withoutTexts(nodes: readonly XPathNode[]): readonly XPathNode[] {
  if (!nodes.some((node) => node instanceof TextNode)) return nodes;
  const leaves = nodes.map((node) => (node instanceof TextNode ? node.parent : node));
  return [...new Set(leaves)];
}

function createCompiler(names: XPathNames, outer?: Compiler): Compiler {
  const inPredicate = outer !== undefined;
  const nodes = (expression: XPathExpression): CompiledPath => {
    const compiled = nodeSet(expression, compiler);
    return inPredicate && !dependsOnContext(expression) ? once(compiled) : compiled;
  };
  const compiler: Compiler = {
    names,
    get inPredicates() {
      inner ??= inPredicate ? compiler : createCompiler(names, compiler);
      return inner;
    },
    nodes: (expression) => nodes(expression).run,
    first: (expression) => {
      const { run, ordered } = nodes(expression);
      return ordered
        ? (node, frame) => run(node, frame)[0]
        : (node, frame) => firstInDocument(run(node, frame));
    },
    boolean: (expression) => compileBoolean(expression, compiler),
    number: (expression) => compileNumber(expression, compiler),
    string: (expression) => compileString(expression, compiler),
  };
  let inner: Compiler | undefined;
  return compiler;
}

function once({ run, ordered }: CompiledPath): CompiledPath {
  return {
    run: (node, frame) => frame.evaluation.once(run, () => run(node, frame)),
    ordered,
  };
}

/** The expression is known to be a node set. */
function nodeSet(expression: XPathExpression, compiler: Compiler): CompiledPath {
  if (expression.kind === "path") {
    const { from } = expression;
    return compilePath(
      expression,
      compiler,
      typeof from === "object" ? nodeSet(from, compiler) : undefined,
    );
  }
  if (expression.kind === "call") {
    const ordered = expression.name === "current";
    return { run: compileNodesCall(expression, compiler), ordered };
  }
  if (expression.kind !== "binary") return { run: () => [], ordered: true };
  const left = nodeSet(expression.left, compiler).run;
  const right = nodeSet(expression.right, compiler).run;
  const run: Run<readonly XPathNode[]> = (node, frame) => {
    const both = [...new Set([...left(node, frame), ...right(node, frame)])];
    frame.evaluation.spend(both.length);
    return both;
  };
  return { run, ordered: false };
}

function compileBoolean(expression: XPathExpression, compiler: Compiler): Run<boolean> {
  switch (staticType(expression)) {
    case "nodes": {
      const nodes = compiler.nodes(expression);
      return (node, frame) => nodes(node, frame).length > 0;
    }
    case "string": {
      const string = compiler.string(expression);
      return (node, frame) => string(node, frame) !== "";
    }
    case "number": {
      const number = compiler.number(expression);
      return (node, frame) => {
        const value = number(node, frame);
        return value !== 0 && !Number.isNaN(value);
      };
    }
    case "boolean":
      return expression.kind === "call"
        ? compileBooleanCall(expression, compiler)
        : compileTest(expression as Binary, compiler);
  }
}

function compileTest(expression: Binary, compiler: Compiler): Run<boolean> {
  switch (expression.operator) {
    case "=":
    case "!=":
      return compileEquality(expression, compiler);
    case "and":
    case "or": {
      const left = compiler.boolean(expression.left);
      const right = compiler.boolean(expression.right);
      return expression.operator === "and"
        ? (node, frame) => left(node, frame) && right(node, frame)
        : (node, frame) => left(node, frame) || right(node, frame);
    }
    default:
      return compileRelation(expression, compiler);
  }
}

function compileNumber(expression: XPathExpression, compiler: Compiler): Run<number> {
  const type = staticType(expression);
  if (type === "boolean") {
    const boolean = compiler.boolean(expression);
    return (node, frame) => (boolean(node, frame) ? 1 : 0);
  }
  if (type !== "number") {
    const string = compiler.string(expression);
    return (node, frame) => stringToNumber(string(node, frame));
  }
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "negate": {
      const operand = compiler.number(expression.operand);
      return (node, frame) => -operand(node, frame);
    }
    case "call":
      return compileNumberCall(expression, compiler);
    default:
      return compileArithmetic(expression as Binary, compiler);
  }
}

/** XPath 1.0 section 3.5: IEEE 754; mod has the sign of the dividend, as the % operator has. */
function compileArithmetic(expression: Binary, compiler: Compiler): Run<number> {
  const left = compiler.number(expression.left);
  const right = compiler.number(expression.right);
  switch (expression.operator) {
    case "+":
      return (node, frame) => left(node, frame) + right(node, frame);
    case "-":
      return (node, frame) => left(node, frame) - right(node, frame);
    case "*":
      return (node, frame) => left(node, frame) * right(node, frame);
    case "div":
      return (node, frame) => left(node, frame) / right(node, frame);
    default:
      return (node, frame) => left(node, frame) % right(node, frame);
  }
}

function compileString(expression: XPathExpression, compiler: Compiler): Run<string> {
  switch (staticType(expression)) {
    case "nodes": {
      const first = compiler.first(expression);
      return (node, frame) => {
        const found = first(node, frame);
        return found === undefined ? "" : frame.evaluation.text(found);
      };
    }
    case "boolean": {
      const boolean = compiler.boolean(expression);
      return (node, frame) => (boolean(node, frame) ? "true" : "false");
    }
    case "number": {
      const number = compiler.number(expression);
      return (node, frame) => numberToString(number(node, frame));
    }
    case "string":
      if (expression.kind === "call") return compileStringCall(expression, compiler);
      return constant(expression.kind === "literal" ? expression.value : "");
  }
}

function constant(value: string): Run<string> {
  return () => value;
}
