import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { ObjectProperties } from '../../src/runtime/ports/object-store';
import { PretendS3 } from '../kit/pretend-s3';
import { VirtualClock } from '../kit/virtual-clock';
import { objectStoreContract } from './object-store.contract';

describe('the store that pretends', () => {
  objectStoreContract(async () => {
    const s3 = new PretendS3(new VirtualClock(), () => 1);
    const missing = s3.store('missing');
    s3.removeBucket('missing');
    const propertiesOf = (key: string): ObjectProperties => ({ tags: [], metadata: {}, ...s3.find('bucket', key)!.properties });
    return { store: s3.store('bucket'), other: s3.store('other'), missing, propertiesOf };
  }, { partBytes: PART_MIN_BYTES, readsAssembled: false });
});
