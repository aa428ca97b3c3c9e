import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** A module compiled by TypeScript to CommonJS, which marks it with `__esModule`. */
export function compiledToCommonJs(text: string): string {
  const { outputText } = transpileModule(text, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  if (!outputText.includes('__esModule')) throw new Error('The module was not compiled as an ES module.');
  return outputText;
}
