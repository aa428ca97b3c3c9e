const counter = globalThis as { loadedModules?: number };
const loaded = counter.loadedModules = (counter.loadedModules ?? 0) + 1;

export default (): unknown => [{ loaded }];
