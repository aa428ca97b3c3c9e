/** The names of a port's methods. */
export type MethodName<Port> = {
  [Name in keyof Port]-?: NonNullable<Port[Name]> extends (...args: never[]) => unknown ? Name : never;
}[keyof Port];

/** The arguments of a method, or of one of several. */
export type ArgumentsOf<Port, Name extends keyof Port> = Name extends keyof Port
  ? NonNullable<Port[Name]> extends (...args: infer Args) => unknown ? Args : never
  : never;

export type Call<Port> = {
  [Name in MethodName<Port>]: { readonly name: Name; readonly args: ArgumentsOf<Port, Name> };
}[MethodName<Port>];

/** Records the calls of one port, or of several together, in the order in which they begin. */
export class Recorder<Port extends object> {
  public readonly calls: Call<Port>[] = [];

  public get names(): MethodName<Port>[] {
    return this.calls.map(({ name }) => name);
  }

  /** The arguments of each call of a method. */
  public of<Name extends MethodName<Port>>(name: Name): ArgumentsOf<Port, Name>[] {
    return this.calls.filter((call) => call.name === name).map(({ args }) => args as ArgumentsOf<Port, Name>);
  }

  /** The port with its calls recorded, except its calls to itself. */
  public record(port: Port): Port {
    const methods = methodsOf(port).map(([name, method]) => [name, (...args: unknown[]) => {
      this.calls.push({ name, args } as unknown as Call<Port>);
      return method.apply(port, args);
    }]);
    return Object.assign(Object.create(port) as Port, Object.fromEntries(methods));
  }
}

type Method = (...args: unknown[]) => unknown;

/** Own and inherited ones. */
function methodsOf(port: object): [string, Method][] {
  const names = new Set<string>();
  for (let holder = port; holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object) {
    for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
  }
  return [...names].flatMap((name) => {
    const value: unknown = Reflect.get(port, name);
    return typeof value === 'function' && name !== 'constructor' ? [[name, value as Method]] : [];
  });
}
