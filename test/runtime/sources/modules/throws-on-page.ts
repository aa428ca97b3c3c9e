export default (): unknown => {
  throw new RangeError('no such page');
};
