// eslint-disable-next-line no-throw-literal
throw 'a string';
