throw new TypeError('cannot read the settings');
