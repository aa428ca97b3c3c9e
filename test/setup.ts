/**
 * At synth, the CDK validates each template by an engine in WebAssembly. That takes seconds, and in each test file anew some hundred
 * megabytes outside of the heap. One test does it for all: construct/template-validation.test.ts.
 */
process.env.CDK_VALIDATION = 'false';
